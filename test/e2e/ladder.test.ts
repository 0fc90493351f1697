import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrowserLab } from '../support/browser-lab.ts';
import { findChromium } from '../support/chromium.ts';
import { goTo, perform, runUntilPaired } from './journeys.ts';

const chromiumPath = findChromium();

describe.skipIf(!chromiumPath)('the ladder of Figure 1', () => {
  let lab: BrowserLab;
  let page: Page;
  const table = () => page.getByRole('table', { name: /^Messages of client/ });
  const rows = () => table().locator('.message');
  const filterMenu = () => page.getByRole('button', { name: /^Filter( \(\d\))?$/ });
  const inspector = () => page.getByRole('region', { name: 'Inspector' });

  beforeAll(async () => {
    lab = await BrowserLab.open(chromiumPath!);
    page = await lab.window({ acceptDownloads: true });
    await runUntilPaired(page);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: '▶ Run' }).waitFor();
  });
  afterAll(async () => {
    expect(lab.pageErrors).toEqual([]);
    expect(await lab.close()).toBe(0);
  });

  it('without a mouse: from message to message, a mark, times from it, back to live', async () => {
    // All of the transfer is there: keys go no further than what the window knows of.
    await rows().nth(10).waitFor();
    await table().focus();
    await page.keyboard.press('Home');
    for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowDown');
    await inspector().getByRole('tab', { name: 'Why' }).waitFor();
    await page.keyboard.press('b');
    await page.getByLabel('times').selectOption('relative');
    await table().locator('.marked .time').getByText('+0 µs').waitFor();
    await table().focus();
    await page.keyboard.press('End');
    await page.getByText('live', { exact: true }).waitFor();
    await page.getByLabel('times').selectOption('absolute');
  });

  it('is filtered by what is in a message', async () => {
    await filterMenu().click();
    await page.getByLabel('Text', { exact: true }).fill('initialization');
    await page.waitForFunction(() => document.querySelectorAll('.message').length === 1);
    expect(await rows().first().getAttribute('class')).toContain('init');
    await filterMenu().click();
    // What is left out stays in sight, and there is a way back.
    expect(await filterMenu().textContent()).toBe('Filter (1)');
    await filterMenu().click();
    await page.getByLabel('Text', { exact: true }).fill('no such message');
    await filterMenu().click();
    await page.getByText('No message passes the filter.').waitFor();
    await page.getByRole('button', { name: 'Show all again' }).last().click();
    await rows().nth(3).waitFor();
    expect(await filterMenu().textContent()).toBe('Filter');
  });

  it('keeps marks while it is filtered, and goes back to one', async () => {
    await table().focus();
    await page.keyboard.press('End');
    await page.getByText('live', { exact: true }).waitFor();
    await rows().last().click();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    const chosen = table().locator('.selected');
    await page.waitForFunction(
      () => document.querySelector('.ladder .selected')?.getAttribute('aria-rowindex') === '2',
    );
    await page.keyboard.press('b');
    const mark = page.getByRole('combobox', { name: 'Go to a mark' });
    await filterMenu().click();
    await page.getByLabel('Text', { exact: true }).fill('state end');
    await filterMenu().click();
    await mark.selectOption({ index: 1 });
    await page.getByText('The filter leaves out the marked message').waitFor();
    await filterMenu().click();
    await page.getByRole('button', { name: 'Show all again' }).click();
    await filterMenu().click();
    await rows().nth(5).click();
    await mark.selectOption({ index: 1 });
    await chosen.and(page.locator('.marked')).waitFor();
    await page.keyboard.press('Escape');
  });

  it('shows sessions that are opened, in the colour of any other message', async () => {
    await filterMenu().click();
    await page.getByRole('checkbox', { name: 'sessions' }).check();
    await filterMenu().click();
    const arrow = table().locator('.message.session svg').first();
    await arrow.waitFor();
    expect(await arrow.evaluate((drawing) => getComputedStyle(drawing).opacity)).toBe('1');
    await filterMenu().click();
    await page.getByRole('button', { name: 'Show all again' }).click();
    await filterMenu().click();
    await arrow.waitFor({ state: 'detached' });
  });

  it('says what followed, the bytes, and how two messages differ', async () => {
    await table().focus();
    await page.keyboard.press('Home');
    await rows().filter({ hasText: 'initialization request' }).first().click();
    await inspector()
      .getByText(/^#\d+ initialization request/)
      .waitFor();
    await inspector().getByRole('tab', { name: 'What followed' }).click();
    await inspector()
      .getByRole('button', { name: /initialize/ })
      .first()
      .waitFor();
    await inspector().getByRole('tab', { name: 'Hex' }).click();
    expect(await inspector().locator('pre').textContent()).toMatch(/^000000 {2}[0-9a-f]{2} /);
    await inspector().getByRole('tab', { name: 'Fields' }).click();
    await inspector().getByRole('button', { name: 'Compare others with this' }).click();
    await rows().filter({ hasText: 'initialize (receiver)' }).first().click();
    // Until it is there, the one before is shown, with tabs of its own.
    await inspector()
      .getByText(/^#\d+ initialize \(receiver\)$/)
      .waitFor();
    await inspector().getByRole('tab', { name: 'Fields' }).click();
    await inspector().getByText('≠', { exact: false }).first().waitFor();
  });

  it('shows tens of thousands of messages, heartbeats as one, all by scrolling', async () => {
    await page.selectOption('.transport select', '0');
    await perform(page, 'run or pause');
    await page.getByLabel('exchange only').uncheck();
    await page.waitForFunction(
      () => Number(document.querySelector('.ladder')?.getAttribute('aria-rowcount')) > 20_000,
      undefined,
      { timeout: 60_000 },
    );
    await perform(page, 'run or pause');
    await page.getByRole('button', { name: '▶ Run' }).waitFor();
    await table().evaluate((element) => {
      element.scrollTop = element.scrollHeight / 2;
    });
    await page.getByRole('button', { name: /^(Back to|.* new ·) live$/ }).waitFor();
    await page.waitForFunction(() => {
      const first = document.querySelector('.message')?.getAttribute('aria-rowindex');
      return Number(first) > 8000;
    });
    expect(await rows().count()).toBeLessThan(200);
    await filterMenu().click();
    for (const kind of ['ordered messages', 'other messages', 'sessions']) {
      await page.getByRole('checkbox', { name: kind }).uncheck();
    }
    await filterMenu().click();
    await rows()
      .filter({ hasText: /heartbeat × [\d,]+/ })
      .first()
      .waitFor();
  });

  it('stands where it stood: through a filter, behind a tab, in another view', async () => {
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('button', { name: 'Show all again' }).click();
    await page.keyboard.press('Escape');
    await page.getByLabel('exchange only').check();
    await table().focus();
    await page.keyboard.press('Home');
    for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowDown');
    const chosen = table().locator('.message.selected');
    await chosen.waitFor();
    const text = await chosen.textContent();
    const isInSight = () =>
      chosen.evaluate((row) => {
        const [own, around] = [row, row.closest('.ladder')!].map((one) =>
          one.getBoundingClientRect(),
        );
        return own.top >= around.top && own.bottom <= around.bottom;
      });
    const isThere = async () => {
      await expect.poll(() => chosen.textContent()).toBe(text);
      // The place is found again a frame after the rows are there.
      await expect.poll(isInSight).toBe(true);
    };
    await page.getByLabel('exchange only').uncheck();
    await isThere();
    const before = await table().evaluate(({ scrollTop }) => scrollTop);
    expect(before).toBeGreaterThan(0);
    await page.locator('.dv-tab', { hasText: 'State transfers' }).click();
    await page.locator('.dv-tab', { hasText: 'Figure 1' }).click();
    await isThere();
    await goTo(page, 't');
    await goTo(page, 'o');
    await isThere();
    expect(await page.getByLabel('exchange only').isChecked()).toBe(false);
    await perform(page, 'float the panel');
    await isThere();
    expect((await table().boundingBox())!.width).toBeGreaterThan(500);
    // A floating panel has the keys of every other one.
    await table().focus();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard help' }).waitFor();
    await page.keyboard.press('Escape');
    await perform(page, 'reset the layout');
    await isThere();
  });

  it('that follows goes on following behind a tab', async () => {
    await table().focus();
    await page.keyboard.press('End');
    const live = page.getByText('live', { exact: true });
    await live.waitFor();
    const before = Number(await table().getAttribute('aria-rowcount'));
    await page.locator('.dv-tab', { hasText: 'State transfers' }).click();
    const clock = (await page.textContent('time.clock'))!;
    await perform(page, 'run or pause');
    await page.waitForFunction((old) => {
      const secondsOf = (text: string) => {
        const [hours, minutes, seconds] = text.trim().slice(4).split(':').map(Number);
        return (hours * 60 + minutes) * 60 + seconds;
      };
      const now = document.querySelector('time.clock')?.textContent ?? old;
      return secondsOf(now) > secondsOf(old) + 60;
    }, clock);
    await perform(page, 'run or pause');
    await page.getByRole('button', { name: '▶ Run' }).waitFor();
    await page.locator('.dv-tab', { hasText: 'Figure 1' }).click();
    await expect
      .poll(async () => Number(await table().getAttribute('aria-rowcount')))
      .toBeGreaterThan(before + 20);
    await expect
      .poll(() => table().evaluate((own) => own.scrollHeight - own.scrollTop - own.clientHeight))
      .toBeLessThan(30);
    expect(await live.isVisible()).toBe(true);
  });

  it('tells each transfer as a story, and leads to its messages', async () => {
    await page.locator('.dv-tab', { hasText: 'State transfers' }).click();
    const choice = page.getByRole('combobox', { name: 'Transfer' });
    const router = await choice.locator('option', { hasText: 'CallRouter' }).first();
    expect(await router.textContent()).toContain('A to B ✓ complete');
    await choice.selectOption((await router.getAttribute('value'))!);
    const story = page.locator('.story');
    await story.getByText(/[\d,]{7} bytes received/).waitFor();
    await story.getByRole('button', { name: 'MDS A sends the initialization request' }).click();
    const inspector = page.getByRole('region', { name: 'Inspector' });
    await inspector.getByText('initialization request').first().waitFor();
    await page.locator('.dv-tab', { hasText: 'Figure 1' }).click();
  });

  it('takes the lane of any process beside those of Figure 1', async () => {
    const add = page.getByRole('combobox', { name: 'Add the lane of a process' });
    await filterMenu().click();
    await add.selectOption('ra-ccag');
    await add.selectOption('pg1a-pgag');
    await filterMenu().click();
    await table().focus();
    await page.keyboard.press('End');
    const between = page.locator('.message').filter({ hasText: 'pg1a-pgag to ra-ccag' }).first();
    await between.waitFor();
    expect(await page.locator('.ladder .head .lane').count()).toBe(6);
    await between.click();
    await inspector().getByRole('tab', { name: 'Why' }).click();
    await inspector().getByText('pg1a-pgag → ra-ccag').first().waitFor();
    await filterMenu().click();
    for (const name of ['ra-ccag', 'pg1a-pgag']) {
      await page.getByRole('button', { name: `Remove the lane of ${name}` }).click();
    }
    await filterMenu().click();
    expect(await page.locator('.ladder .head .lane').count()).toBe(4);
  });

  it('is saved as SVG, PNG and Markdown', async () => {
    await page.getByLabel('exchange only').check();
    for (const [format, start] of [
      ['SVG', '<svg xmlns'],
      ['PNG', '\x89PNG'],
      ['Markdown', '| arrived | from |'],
    ]) {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      await page.getByRole('button', { name: format, exact: true }).click();
      const path = await (await download).path();
      expect(readFileSync(path, 'latin1').startsWith(start), format).toBe(true);
    }
  });
});
