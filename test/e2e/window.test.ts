import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrowserLab } from '../support/browser-lab.ts';
import { findChromium } from '../support/chromium.ts';
import { goTo, perform } from './journeys.ts';

const chromiumPath = findChromium();

/** The window itself: panels, menus, settings, keys. */
describe.skipIf(!chromiumPath)('the window', () => {
  let lab: BrowserLab;
  let page: Page;
  const tab = (name: string) => page.getByRole('tab', { name, exact: true });
  const tabs = () => page.locator('.dv-tab .tab > span:first-child').allTextContents();

  beforeAll(async () => {
    lab = await BrowserLab.open(chromiumPath!, ['desk']);
    page = await lab.window();
    await tab('Inspector').waitFor();
  });
  afterAll(async () => {
    expect(lab.pageErrors).toEqual([]);
    expect(await lab.close()).toBe(0);
  });

  it('a closed panel stays closed, comes back by name, and the layout is reset', async () => {
    const before = await tabs();
    await tab('Inspector').locator('.close').click();
    await tab('Inspector').waitFor({ state: 'detached' });
    await goTo(page, 't');
    await goTo(page, 'o');
    await tab('Console').waitFor();
    await page.waitForTimeout(500);
    await page.reload();
    await tab('Console').waitFor();
    expect(await tabs()).toEqual(before.filter((title) => title !== 'Inspector'));
    await page.keyboard.press('Control+k');
    await page.keyboard.type('show panel inspector');
    await page.keyboard.press('Enter');
    await tab('Inspector').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('reset the layout');
    await page.keyboard.press('Enter');
    await page.waitForFunction((count) => {
      return document.querySelectorAll('.dv-tab').length === count;
    }, before.length);
    expect(await tabs()).toEqual(before);
  });

  it('a panel is dragged beside another one, and stands there after a reload', async () => {
    const group = (name: string) => page.getByRole('region', { name, exact: true });
    const before = await group('IDB').boundingBox();
    const target = await group('Inspector').locator('.dv-content-container').boundingBox();
    await tab('IDB').dragTo(group('Inspector').locator('.dv-content-container'), {
      targetPosition: { x: target!.width / 2, y: target!.height - 10 },
    });
    const movedRight = async () => (await group('IDB').boundingBox())!.x > before!.x;
    await expect.poll(movedRight).toBe(true);
    const after = await group('IDB').boundingBox();
    expect(after!.y).toBeLessThan(before!.y);
    // It is kept a moment later; the reset before may have been, too.
    await page.waitForTimeout(1000);
    await page.reload();
    await tab('IDB').waitFor();
    expect((await group('IDB').boundingBox())!.x).toBeCloseTo(after!.x, -1);
    await page.getByRole('menuitem', { name: 'View' }).click();
    await page.getByRole('menuitem', { name: 'Reset the layout of this view' }).click();
    await page.waitForTimeout(200);
  });

  it('from panel to panel with F6, and one of them as large as the window', async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const focused = () =>
      page.evaluate(() =>
        document.activeElement?.closest('.dv-groupview')?.getAttribute('aria-label'),
      );
    const seen = new Set<unknown>();
    for (let step = 0; step < 5; step++) {
      await page.keyboard.press('F6');
      seen.add(await focused());
    }
    expect(seen.size).toBe(5);
    expect(seen.has(undefined)).toBe(false);
    await page.keyboard.press('m');
    await page.waitForFunction(() => document.querySelectorAll('.dv-groupview').length === 5);
    const widest = () =>
      page.evaluate(() => {
        const all = [...document.querySelectorAll('.dv-groupview')];
        return Math.max(...all.map((group) => group.clientWidth));
      });
    expect(await widest()).toBeGreaterThan(1200);
    await page.keyboard.press('m');
    expect(await widest()).toBeLessThan(1000);
  });

  it('every command of a menu can be reached with the arrows', async () => {
    await page.getByRole('menuitem', { name: 'Lab' }).focus();
    for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    expect(await page.getByRole('menuitem', { name: 'Run or pause the lab' }).isVisible()).toBe(
      true,
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    const running = page.getByRole('button', { name: '❚❚ Pause' });
    await running.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('run or pause');
    await page.keyboard.press('Enter');
    await running.waitFor();
  });

  it('settings are found by a word, act at once and are kept', async () => {
    await page.keyboard.press('Control+,');
    await page.getByLabel('Search settings').fill('paper surfaces');
    await page.getByText('No setting has to do with that.').waitFor();
    await page.getByLabel('Search settings').fill('dark');
    await page.getByLabel('Theme', { exact: true }).selectOption('dark');
    const theme = () => page.evaluate(() => document.documentElement.dataset['theme']);
    expect(await theme()).toBe('dark');
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.reload();
    await tab('Console').waitFor();
    expect(await theme()).toBe('dark');
    await page.getByRole('menuitem', { name: 'View' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Theme: light' }).click();
    expect(await theme()).toBe('light');
  });

  it('a key is given to another command; one that is taken is refused in words', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('keyboard shortcuts');
    await page.keyboard.press('Enter');
    await page.getByLabel('Search commands or keys').fill('one lab second');
    await page.getByRole('button', { name: 'Change keys of Step one lab second' }).click();
    await page.keyboard.press('n');
    await page.getByText('“Step to the next message”').waitFor();
    await page.waitForTimeout(1300);
    await page.keyboard.press('s');
    await page.getByRole('button', { name: 'Use', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    const before = await page.textContent('time.clock');
    await page.keyboard.press('s');
    await page.waitForFunction(
      (old) => document.querySelector('time.clock')?.textContent !== old,
      before,
    );
  });

  it('two keys, the second with Shift; a reset to keys that are taken is refused', async () => {
    const change = (title: string) => page.getByRole('button', { name: `Change keys of ${title}` });
    const use = page.getByRole('button', { name: 'Use', exact: true });
    await perform(page, 'keyboard shortcuts');
    await page.getByLabel('Search commands or keys').fill('s');
    await change('Speed: 60× lab time').click();
    await page.keyboard.press('y');
    await page.keyboard.press('Shift+T');
    await use.click();
    // Back where it began, not at the top of the page.
    expect(
      await change('Speed: 60× lab time').evaluate((own) => own === document.activeElement),
    ).toBe(true);
    // Another command takes the keys that stepping a second came along with.
    await change('Step to the next message').click();
    await page.keyboard.press('Shift+>');
    await use.click();
    await page.getByRole('button', { name: 'Reset keys of Step one lab second' }).click();
    await page.getByText('is “Step to the next message” now').waitFor();
    await page.getByRole('button', { name: 'Reset keys of Step to the next message' }).click();
    await page.getByRole('button', { name: 'Reset keys of Step one lab second' }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('y');
    await page.keyboard.press('Shift+T');
    await page.waitForFunction(
      () => document.querySelector<HTMLSelectElement>('.transport select')?.value === '60',
    );
  });

  it('says that the lab does not answer, makes nothing up, and goes on when it does', async () => {
    const silence = page.getByRole('alert').filter({ hasText: 'has not answered for' });
    lab.program.child.kill('SIGSTOP');
    try {
      await silence.getByText('everything is saved').waitFor();
      await goTo(page, 't');
      await page.getByText('there is nothing to show here yet').first().waitFor();
      expect(await page.getByText(/No table|has no rows/).count()).toBe(0);
      await page.getByText('no answer', { exact: true }).waitFor();
    } finally {
      lab.program.child.kill('SIGCONT');
    }
    await silence.waitFor({ state: 'detached' });
    await page
      .getByText('there is nothing to show here yet')
      .first()
      .waitFor({ state: 'detached' });
    await page.getByLabel('Find a table').waitFor();
    await goTo(page, 'o');
  });

  it('at 1024 px the name of the lab and what finds things are there', async () => {
    await page.setViewportSize({ width: 1024, height: 700 });
    await page.waitForFunction(() => document.documentElement.dataset['width'] === 'middling');
    const find = (await page.locator('header .find').boundingBox())!;
    expect(find.x + find.width).toBeLessThanOrEqual(1024);
    expect((await page.locator('header .lab').boundingBox())!.width).toBeGreaterThan(40);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.waitForFunction(() => document.documentElement.dataset['width'] === 'wide');
  });

  it('at 200 % panels stand behind each other and nothing is cut off', async () => {
    // What a browser's zoom makes of 1280 x 800.
    await page.setViewportSize({ width: 640, height: 400 });
    await page.waitForFunction(() => document.documentElement.dataset['width'] === 'narrow');
    await page.waitForFunction(() => document.querySelectorAll('.dv-groupview').length === 1);
    const isWider = await page.evaluate(() => {
      return document.documentElement.scrollWidth > document.documentElement.clientWidth;
    });
    expect(isWider).toBe(false);
    // Every view can be reached, and nothing lies over the strips below.
    for (const view of await page
      .getByRole('navigation', { name: 'Views' })
      .locator('button')
      .all()) {
      await view.scrollIntoViewIfNeeded();
      await view.click();
      const isOnTop = await view.evaluate((button) => {
        const { x, y, width, height } = button.getBoundingClientRect();
        return button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
      });
      expect(isOnTop).toBe(true);
      await page.locator('main .dock-panel > *').first().waitFor();
      // Parts of a view are high enough to be read, and the view scrolls.
      const parts = page.locator('.stacks > :not(.stacks)');
      for (const part of await parts.all()) {
        expect((await part.boundingBox())!.height).toBeGreaterThan(150);
      }
    }
    const isHigher = await page.evaluate(() => {
      return document.documentElement.scrollHeight > document.documentElement.clientHeight;
    });
    expect(isHigher).toBe(false);
    await goTo(page, 'o');
    await tab('IDB').click();
    await page.getByRole('region', { name: 'IDB', exact: true }).getByLabel('Table').waitFor();
    // What one asks for comes in front; the keys lead back.
    await tab('Figure 1: state transfer').click();
    await page.locator('.message').first().click();
    const inspector = page.getByRole('region', { name: 'Inspector' });
    await inspector.locator('.chain li').first().waitFor();
    await page.keyboard.press('[');
    await page.locator('.ladder').waitFor();
    await page.keyboard.press('F6');
    await inspector.waitFor();
    await page.getByRole('button', { name: 'Until', exact: true }).click();
    await page.getByRole('combobox', { name: 'Run until' }).waitFor();
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.waitForFunction(() => document.querySelectorAll('.dv-groupview').length === 5);
  });

  it('an answer is seen where there is no inspector; a view without panels says so', async () => {
    await goTo(page, 'r');
    await page.getByRole('toolbar', { name: 'What happened' }).getByRole('button').first().click();
    const inspector = page.getByRole('region', { name: 'Inspector' });
    await inspector.locator('.chain li').first().waitFor();
    await perform(page, 'reset the layout');
    await inspector.waitFor({ state: 'detached' });
    await perform(page, 'close the panel');
    await page.getByRole('button', { name: 'Put them back' }).click();
    await tab('Registry').waitFor();
    await goTo(page, 'o');
  });

  it('what is typed and not saved is there after the page is loaded anew', async () => {
    await goTo(page, 'c');
    const name = page.locator('#field-lastName');
    await name.fill('Unsaved');
    await page.getByText('not saved', { exact: true }).waitFor();
    await page.reload();
    await name.waitFor();
    expect(await name.inputValue()).toBe('Unsaved');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    expect(await name.inputValue()).not.toBe('Unsaved');
    // Undo from anywhere; a field keeps its own.
    await goTo(page, 'o');
    await page.keyboard.press('Control+z');
    await page.getByText('There is nothing to undo.').waitFor();
  });

  it('a panel is copied as text, in the words that it is read aloud in', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await goTo(page, 'd');
    await page.getByRole('columnheader', { name: 'Provider' }).first().waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('copy what the panel says');
    await page.keyboard.press('Enter');
    await page.getByText(/Data source sessions: \d+ lines are on the clipboard/).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text).toContain('Provider\tLast event stored');
    await goTo(page, 'o');
  });
});
