import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrowserLab } from '../support/browser-lab.ts';
import { findChromium } from '../support/chromium.ts';
import { goTo, perform, runUntilPaired, waitForStatus } from './journeys.ts';

const chromiumPath = findChromium();

describe.skipIf(!chromiumPath)('time line and charts', () => {
  let lab: BrowserLab;
  let page: Page;
  const line = () => page.getByRole('region', { name: 'Time line' });
  const inspector = () => page.getByRole('region', { name: 'Inspector' });
  const command = (title: string) => perform(page, title);

  beforeAll(async () => {
    lab = await BrowserLab.open(chromiumPath!);
    page = await lab.window();
    await runUntilPaired(page);
    await command('run or pause');
    await page.getByRole('button', { name: '▶ Run' }).waitFor();
  });
  afterAll(async () => {
    expect(lab.pageErrors).toEqual([]);
    expect(await lab.close()).toBe(0);
  });

  it('a fault stands on the time line, and tells what it was', async () => {
    await command('cut the private link');
    await waitForStatus(page, '2 faults on');
    await page.getByRole('button', { name: 'Second', exact: true }).click();
    const mark = line().getByRole('button', { name: /fault: cut private cca ccb/ });
    await mark.click();
    await inspector()
      .getByText(/^#\d+ cut private cca ccb/)
      .waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await inspector()
      .getByText(/^#\d+ \w+/)
      .first()
      .waitFor();
  });

  it('runs until a log line says something, and stands there', async () => {
    await command('lift all faults');
    await waitForStatus(page, '0 faults on');
    await line().getByLabel('Run until a log line says').fill('paired-disabled');
    await page.keyboard.press('Enter');
    await page.getByText('A log line says “paired-disabled”: the lab is paused there.').waitFor();
    expect(await page.textContent('.reached')).toBe('paused');
    await waitForStatus(page, 'Paired-Disabled');
  });

  it('runs until a message is delivered, or a row is added', async () => {
    await line().getByLabel('Run until', { exact: true }).selectOption('message');
    await line().getByLabel('Run until a message is delivered:').fill('state check');
    await page.keyboard.press('Enter');
    await page
      .getByText('A message was delivered, “state check”: the lab is paused there.')
      .waitFor();
    await line().getByLabel('Run until', { exact: true }).selectOption('row');
    await line().getByLabel('Run until a row is added to').fill('g_party');
    await page.keyboard.press('Enter');
    await page.getByText('A row was added to “G_PARTY”: the lab is paused there.').waitFor();
    expect(await page.textContent('.reached')).toBe('paused');
    await line().getByLabel('Run until a row is added to').fill('G_PARTIES');
    await page.keyboard.press('Enter');
    await page.getByText('IDB has no table "G_PARTIES".').waitFor();
    await line().getByLabel('Run until', { exact: true }).selectOption('log line');
  });

  it('waiting for what does not come is cancelled', async () => {
    await line().getByLabel('Run until a log line says').fill('no line says this');
    await page.keyboard.press('Enter');
    await line().getByRole('button', { name: 'Cancel' }).click();
    await page.getByText(/^No log line said/).waitFor();
  });

  it('a chart is zoomed by dragging, the time line with it; a table has the numbers', async () => {
    await goTo(page, 'h');
    await page.getByRole('region', { name: 'Agents by state' }).waitFor();
    const before = await line().locator('.time').allTextContents();
    const box = (await page.locator('.u-over').first().boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.2, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 40, { steps: 5 });
    await page.mouse.up();
    await page.waitForFunction(
      (old) => document.querySelector('.timeline .time')?.textContent !== old,
      before[0],
    );
    await page.getByLabel('as a table').check();
    const state = page.getByRole('region', { name: 'State size' });
    expect(await state.locator('tbody tr').first().textContent()).toMatch(/7\d\d,\d{3}/);
    await page.getByLabel('as a table').uncheck();
    await line().getByRole('button', { name: 'Whole' }).click();
    expect((await line().locator('.time').allTextContents())[0]).toBe(before[0]);
  });
});
