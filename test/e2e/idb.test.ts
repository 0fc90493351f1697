import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrowserLab } from '../support/browser-lab.ts';
import { findChromium } from '../support/chromium.ts';
import { goTo, perform, runUntilClock, waitForRows } from './journeys.ts';

const chromiumPath = findChromium();

describe.skipIf(!chromiumPath)('the IDB browser', () => {
  let lab: BrowserLab;
  let page: Page;
  const grid = () => page.getByRole('region', { name: /^Rows of/ });
  const header = (name: string) => grid().locator('th .drop-down').filter({ hasText: name });
  /** The cells of a column, once they are in sight: those far away are empty. */
  const reveal = async (name: string) => {
    const names = await grid().locator('th .drop-down').allTextContents();
    const at = names.findIndex((text) => text.replace(/[^A-Z_0-9]/g, '') === name);
    const cells = grid().locator(`tbody td:nth-child(${at + 1})`);
    await cells.first().scrollIntoViewIfNeeded();
    await expect.poll(async () => (await cells.allTextContents()).every(Boolean)).toBe(true);
    return cells;
  };
  const column = async (name: string) => {
    const texts = await (await reveal(name)).allTextContents();
    await scrollTo(0);
    return texts;
  };
  const followCall = async () => {
    const cells = await reveal('CALLID');
    await cells
      .getByRole('button', { name: /^Follow CALLID/ })
      .first()
      .click();
  };
  const scrollTo = (left: number) =>
    grid().evaluate((frame, to) => frame.scrollTo({ left: to }), left);

  beforeAll(async () => {
    lab = await BrowserLab.open(chromiumPath!);
    page = await lab.window({ permissions: ['clipboard-read', 'clipboard-write'] });
    await runUntilClock(page, '09:15');
    await goTo(page, 't');
    await grid().locator('tbody tr').first().waitFor();
  });
  afterAll(async () => {
    expect(lab.pageErrors).toEqual([]);
    expect(await lab.close()).toBe(0);
  });

  it('fills cells when they come near, and leaves the columns where they are', async () => {
    const far = grid().locator('tbody tr').first().locator('td').last();
    const near = grid().locator('tbody tr').first().locator('td').first();
    await expect.poll(() => far.textContent()).toBe('');
    expect(await near.textContent()).not.toBe('');
    const said = await far.getAttribute('aria-label');
    const width = () => grid().evaluate((frame) => frame.scrollWidth);
    const before = await width();
    // Widths are remembered without their fractions.
    const hasMoved = async () => Math.abs((await width()) - before) > 5;
    await scrollTo(before);
    await expect.poll(async () => (await far.textContent())?.trim()).toBe(said);
    expect(await far.getAttribute('aria-label')).toBe(null);
    expect(await near.textContent()).not.toBe('');
    expect(await hasMoved()).toBe(false);
    await scrollTo(0);
    await expect.poll(() => far.textContent()).toBe('');
    expect(await hasMoved()).toBe(false);
  });

  it('orders by a column and filters by it, numbers beside their words', async () => {
    await header('CALLTYPE').click();
    await page.getByRole('button', { name: '▼ Largest first' }).click();
    await waitForRows(page);
    const types = (await column('CALLTYPE')).map((text) => Number.parseInt(text, 10));
    expect(types).toEqual(types.toSorted((one, other) => other - one));
    expect(new Set(types).size).toBeGreaterThan(1);
    expect((await column('CALLTYPE'))[0]).toMatch(/^\s*\d (internal|inbound|outbound|consult)/);
    await header('CALLTYPE').click();
    const open = page.getByRole('dialog', { name: 'CALLTYPE' });
    await open.getByLabel('value').selectOption('2');
    await open.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('button', { name: 'Remove the filter of CALLTYPE' }).waitFor();
    await waitForRows(page);
    const shown = new Set((await column('CALLTYPE')).map((text) => text.trim()));
    expect([...shown]).toEqual(['2 inbound']);
    await page.getByRole('button', { name: 'Remove the filter of CALLTYPE' }).click();
    await waitForRows(page);
  });

  it('follows a call into its parties, all of them and no others, and back', async () => {
    await followCall();
    const links = page.getByRole('region', { name: 'Where else this stands' });
    const parties = links.getByRole('button', { name: /^G_PARTY\.CALLID/ });
    const count = /\((\d+)\)/.exec((await parties.textContent()) ?? '')?.[1] ?? '';
    await parties.click();
    await page.getByRole('region', { name: 'Rows of G_PARTY' }).waitFor();
    await page.getByText(`1–${count} of ${count} `).waitFor();
    await page.getByRole('button', { name: 'Remove the filter of CALLID' }).waitFor();
    await page
      .getByRole('region', { name: 'Inspector' })
      .getByText(/^G_PARTY \d/)
      .waitFor();
    await followCall();
    await links.getByRole('button', { name: /^G_CALL\.CALLID/ }).click();
    await page.getByRole('region', { name: 'Rows of G_CALL' }).waitFor();
    await page.getByText('1–1 of 1 ').waitFor();
  });

  it('without a mouse: from key to key to the last one of a row, far out of sight', async () => {
    const row = grid().locator('tbody tr').first();
    await row.focus();
    const keys = await row.locator('td.key').count();
    expect(keys).toBeGreaterThan(2);
    const reached = () =>
      row.evaluate((own) => {
        const cells = [...own.querySelectorAll('td.key')];
        return cells.findIndex((cell) => cell.contains(document.activeElement)) + 1;
      });
    for (let key = 1; key <= keys; key++) {
      await page.keyboard.press('ArrowRight');
      await expect.poll(reached).toBe(key);
    }
    for (let key = keys - 1; key >= 0; key--) {
      await page.keyboard.press('ArrowLeft');
      await expect.poll(reached).toBe(key);
    }
  });

  it('without a mouse: from a row to a key in it, and to where that stands', async () => {
    await grid().locator('tbody tr').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const links = page.getByRole('region', { name: 'Where else this stands' });
    await links.getByRole('button').first().waitFor();
    const isThere = () => links.evaluate((own) => own.contains(document.activeElement));
    await expect.poll(isThere).toBe(true);
    await page.keyboard.press('Enter');
    await links.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Remove the filter of/ }).waitFor();
  });

  it('a stretch of a column: from here, to there; the end of it has no next page', async () => {
    await page.getByRole('button', { name: /^G_PARTY\s*\d/ }).click();
    for (const [operator, value] of [
      ['<', '141'],
      ['>', '40'],
    ]) {
      await header('ID').first().click();
      const open = page.getByRole('dialog', { name: 'ID', exact: true });
      await open.getByRole('combobox').selectOption(operator);
      await open.getByLabel('value').fill(value);
      await open.getByRole('button', { name: 'Filter', exact: true }).click();
    }
    await page.getByText('1–100 of 100 ').waitFor();
    expect(await page.getByRole('button', { name: /^Remove the filter of ID/ }).count()).toBe(2);
    expect(await page.getByRole('button', { name: 'Next', exact: true }).isDisabled()).toBe(true);
    // Still so after a look at something else.
    await goTo(page, 'o');
    await goTo(page, 't');
    await page.getByText('1–100 of 100 ').waitFor();
    await perform(page, 'remove all filters');
    await page
      .getByRole('button', { name: 'Next', exact: true })
      .and(page.locator(':enabled'))
      .waitFor();
  });

  it('stands still while somebody reads, counts what comes, and follows the row', async () => {
    await page.getByRole('button', { name: /^G_CALL_ACTIVE\s*\d/ }).click();
    await page.getByRole('button', { name: /^G_CALL\s*\d/ }).click();
    await page.getByRole('region', { name: 'Rows of G_CALL', exact: true }).waitFor();
    await waitForRows(page);
    const chosen = grid().locator('tbody tr').first();
    await chosen.click();
    const id = (await chosen.locator('td').first().textContent())!.trim();
    const inspected = page.getByRole('region', { name: 'Inspector' });
    await inspected.getByText(`G_CALL ${id}`, { exact: true }).waitFor();
    await inspected.getByText('active', { exact: false }).first().waitFor();
    await page.selectOption('.transport select', '0');
    await page.getByRole('button', { name: '▶ Run' }).click();
    const more = page.getByRole('button', { name: /^[\d,]+ new$/ });
    await more.waitFor();
    await inspected.getByText('terminated').first().waitFor();
    await page.getByRole('button', { name: '❚❚ Pause' }).click();
    expect((await chosen.locator('td').first().textContent())!.trim()).toBe(id);
    await more.click();
    await expect
      .poll(async () => Number(await chosen.locator('td').first().textContent()))
      .toBeGreaterThan(Number(id));
  });

  it('at 200 % the story of a call comes to who chose it', async () => {
    await page.setViewportSize({ width: 640, height: 400 });
    await goTo(page, 'a');
    await page
      .getByRole('button', { name: /inbound/ })
      .first()
      .click();
    const story = page.getByRole('region', { name: 'Messages', exact: true });
    await expect.poll(async () => (await story.boundingBox())?.y ?? 999).toBeLessThan(200);
    await page.setViewportSize({ width: 1280, height: 800 });
    await goTo(page, 't');
  });

  it('hides columns and remembers it; the page goes to the clipboard', async () => {
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByRole('button', { name: 'Hide GSYS columns' }).click();
    await page.getByRole('button', { name: /^Columns \(/ }).click();
    await page.reload();
    await grid().locator('tbody tr').first().waitFor();
    expect((await grid().locator('th').allTextContents()).join()).not.toContain('GSYS_');
    await page.getByLabel('Copy the page').selectOption('CSV');
    await page.getByText(/rows of G_CALL are on the clipboard as CSV/).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text.split('\n')[0]).toMatch(/^ID,CALLID,/);
  });

  it('runs SQL with completion from the schema, on a copy', async () => {
    await page.getByRole('tab', { name: 'SQL', exact: true }).click();
    const editor = page.getByRole('textbox', { name: 'SQL' });
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('SELECT count(*) AS calls FROM G_CALL_HIST');
    await page.getByRole('option', { name: 'G_CALL_HISTORY' }).click();
    await page.keyboard.press('Control+Enter');
    const answer = page.getByRole('region', { name: 'Answer of the query' });
    await answer.getByText('calls').waitFor();
    expect(Number(await answer.locator('td').textContent())).toBeGreaterThan(10);
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('DROP TABLE G_CALL');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/^0 rows/).waitFor();
    await goTo(page, 'o');
    await goTo(page, 't');
    await page.getByRole('tab', { name: 'IDB', exact: true }).click();
    await grid().locator('tbody tr').first().waitFor();
  });

  it('a query that does not end is cancelled, and the lab answers meanwhile', async () => {
    await page.getByRole('tab', { name: 'SQL', exact: true }).click();
    const editor = page.getByRole('textbox', { name: 'SQL' });
    await editor.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n',
    );
    await page.keyboard.press('Control+Enter');
    await page.getByText('The query runs…').waitFor();
    const before = await page.textContent('time.clock');
    await page.getByRole('button', { name: 'Second', exact: true }).click();
    await page.waitForFunction(
      (old) => document.querySelector('time.clock')?.textContent !== old,
      before,
    );
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('The query was cancelled.').waitFor();
  });

  it('a query is kept by its name, and the database is saved as a file', async () => {
    await page.getByRole('button', { name: 'Keep', exact: true }).click();
    await page.getByLabel('Name of the query').fill('Endless');
    await page.getByRole('button', { name: 'Keep this query' }).click();
    await page.reload();
    await page.getByRole('tab', { name: 'SQL', exact: true }).click();
    await page.getByLabel('Take a query').selectOption({ label: 'Endless' });
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: 'Data' }).click();
    await page.getByRole('menuitem', { name: /^Export the IDB of ICON1/ }).click();
    const file = readFileSync(await (await download).path());
    expect(file.subarray(0, 15).toString()).toBe('SQLite format 3');
  });
});
