import type { Locator, Page } from 'playwright-core';
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
    // Both directions were cut at once: they stand together, when the strip knows of both.
    const mark = line()
      .getByRole('button', { name: /fault: cut private cca ccb/ })
      .and(page.locator('[title*="cut private ccb cca"]'));
    await mark.click();
    const list = page.getByRole('list', { name: /that happened together/ });
    await list.getByRole('button', { name: /cut private cca ccb/ }).click();
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
    // It runs as long as it waits, for whoever looks.
    await page.getByRole('button', { name: '❚❚ Pause' }).waitFor();
    await line().getByRole('button', { name: 'Cancel' }).click();
    await line().getByRole('button', { name: 'Until', exact: true }).waitFor();
    await page.getByRole('button', { name: '▶ Run' }).waitFor();
  });

  it('Space pauses also after a click on a button, and presses one reached by keys', async () => {
    const clock = () => page.textContent('time.clock');
    const run = page.getByRole('button', { name: '▶ Run' });
    const step = page.getByRole('button', { name: 'Event', exact: true });
    await step.click();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: '❚❚ Pause' }).waitFor();
    await page.keyboard.press('Space');
    await run.waitFor();
    await run.focus();
    await page.keyboard.press('Tab');
    expect(await step.evaluate((button) => button === document.activeElement)).toBe(true);
    const before = await clock();
    for (let press = 0; press < 30; press++) await page.keyboard.press('Space');
    expect(await run.isVisible()).toBe(true);
    await page.waitForFunction(
      (old) => document.querySelector('time.clock')?.textContent !== old,
      before,
    );
  });

  it('what stands in one place is listed, and each of it can be chosen', async () => {
    await command('cut the private link');
    await waitForStatus(page, '2 faults on');
    await page.getByRole('button', { name: 'Second', exact: true }).click();
    // The strip asks once a second: the one that has both.
    await line()
      .getByRole('button', { name: /, and \d+ more/ })
      .and(page.locator('[title*="cut private ccb cca"]'))
      .last()
      .click();
    const list = page.getByRole('list', { name: /that happened together/ });
    const second = list.getByRole('button', { name: /cut private ccb cca/ }).last();
    await second.click();
    await list.waitFor({ state: 'detached' });
    await inspector()
      .getByText(/^#\d+ cut private ccb cca/)
      .waitFor();
    await command('lift all faults');
  });

  it('is zoomed at the pointer with the wheel, and goes sideways', async () => {
    const from = () => line().locator('.time').first().textContent();
    const strip = (await line().getByRole('toolbar').boundingBox())!;
    await page.mouse.move(strip.x + strip.width * 0.9, strip.y + 5);
    for (let turn = 0; turn < 6; turn++) await page.mouse.wheel(0, -100);
    await line().getByRole('button', { name: 'Earlier on the time line' }).waitFor();
    const zoomed = await from();
    await line().getByRole('button', { name: 'Earlier on the time line' }).click();
    await page.waitForFunction(
      (old) => document.querySelector('.timeline .time')?.textContent !== old,
      zoomed,
    );
    expect((await from())! < zoomed!).toBe(true);
    await line().getByRole('button', { name: 'Whole' }).click();
  });

  it('the inspector goes back to what it showed', async () => {
    const title = () => inspector().locator('h3').textContent();
    await goTo(page, 'o');
    const messages = page.locator('.ladder .message');
    const choose = async (message: Locator) => {
      const before = await title();
      await message.click();
      await expect.poll(title).not.toBe(before);
      return title();
    };
    const first = await choose(messages.first());
    await choose(messages.nth(2));
    await page.keyboard.press(',');
    await page.waitForFunction((old) => {
      const now = document.querySelector('section[aria-label="Inspector"] h3')?.textContent;
      return now?.split(' ')[0] === old;
    }, first!.trim().split(' ')[0]);
  });

  it('Ctrl F leads to what finds or filters in a view', async () => {
    const isFocused = (label: string) =>
      page.waitForFunction((name) => {
        const { activeElement } = document;
        const text = activeElement?.closest('label')?.textContent ?? '';
        return activeElement?.ariaLabel === name || text.trim().startsWith(name);
      }, label);
    await goTo(page, 't');
    await page.keyboard.press('Control+f');
    await isFocused('Find a table');
    await goTo(page, 'o');
    await page.locator('.ladder').focus();
    await page.keyboard.press('Control+f');
    await isFocused('Text');
    await page.keyboard.press('Escape');
    await goTo(page, 's');
    await page.keyboard.press('Control+f');
    await page.getByText('There is nothing to find or filter in this view.').waitFor();
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
    // The legend has the numbers of the moment under the pointer.
    const legend = page.getByRole('region', { name: 'Calls in progress' }).locator('.legend');
    const newest = await legend.textContent();
    await page.mouse.move(box.x + 3, box.y + 60);
    await page.waitForFunction(
      (old) =>
        document.querySelector('section[aria-label="Calls in progress"] .legend')?.textContent !==
        old,
      newest,
    );
    await page.mouse.move(5, 5);
    await page.getByLabel('as a table').check();
    const state = page.getByRole('region', { name: 'State size' });
    expect(await state.locator('tbody tr').first().textContent()).toMatch(/[78]\d\d,\d{3}/);
    await page.getByLabel('as a table').uncheck();
    await line().getByRole('button', { name: 'Whole' }).click();
    expect((await line().locator('.time').allTextContents())[0]).toBe(before[0]);
  });
});
