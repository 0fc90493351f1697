import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VIEWS } from '../../src/renderer/app/views.ts';
import { seriousFindings } from '../support/axe.ts';
import { BrowserLab } from '../support/browser-lab.ts';
import { findChromium } from '../support/chromium.ts';
import { perform, runUntilClock } from './journeys.ts';

const chromiumPath = findChromium();

/** Every view in both themes, with something in it, looked at by axe. */
describe.skipIf(!chromiumPath)('what axe finds serious', () => {
  let lab: BrowserLab;
  const pages = new Map<string, Page>();

  beforeAll(async () => {
    lab = await BrowserLab.open(chromiumPath!, ['ha']);
    for (const theme of ['light', 'dark'] as const) {
      pages.set(theme, await lab.window({ colorScheme: theme, reducedMotion: 'reduce' }));
    }
    const page = pages.get('light')!;
    await runUntilClock(page, '09:20');
  });
  afterAll(async () => {
    expect(lab.pageErrors).toEqual([]);
    expect(await lab.close()).toBe(0);
  });

  const go = async (page: Page, title: string) => {
    await perform(page, title);
    await page.waitForTimeout(700);
  };
  const goToView = async (page: Page, view: string) => {
    await page.locator(`nav[aria-label="Views"] [data-view="${view}"]`).click();
    await page.locator('main .dock-panel > *').first().waitFor();
  };

  describe.each(['light', 'dark'])('%s', (theme) => {
    it.each(VIEWS)('view %s: nothing', async (view) => {
      const page = pages.get(theme)!;
      await goToView(page, view);
      await page.waitForTimeout(700);
      const row = page.locator('.ladder .message, .grid tbody tr, .calls li button').first();
      if (await row.isVisible()) await row.click();
      await page.waitForTimeout(300);
      expect(await seriousFindings(page)).toEqual([]);
    });

    const DIALOGS = ['settings', 'keyboard shortcuts', 'keyboard help', 'labs: go on', 'doctor'];
    it.each(DIALOGS)('%s: nothing', async (dialog) => {
      const page = pages.get(theme)!;
      await go(page, dialog);
      const opened = page.locator('dialog[open]');
      await opened.getByRole('button').first().waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await opened.waitFor({ state: 'detached' });
    });

    it('the story of a transfer, and a new lab: nothing', async () => {
      const page = pages.get(theme)!;
      await go(page, 'go to overview');
      await page.locator('.dv-tab', { hasText: 'State transfers' }).click();
      await page.locator('.story li').first().waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.locator('.dv-tab', { hasText: 'Figure 1' }).click();
      await go(page, 'labs: go on');
      await page.getByRole('button', { name: 'New lab from desk' }).click();
      await page.getByLabel('Name', { exact: true }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');
    });

    it('sessions and the time line as tables: nothing', async () => {
      const page = pages.get(theme)!;
      await go(page, 'go to data source sessions');
      await page.getByLabel('as a table').check();
      await page.getByRole('table', { name: 'Sessions and gaps' }).locator('td').first().waitFor();
      await page.getByRole('button', { name: 'List what stands on the time line' }).click();
      await page.getByRole('table', { name: 'What happened' }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await go(page, 'reset the layout');
    });

    it('an open menu, and the topology as a table: nothing', async () => {
      const page = pages.get(theme)!;
      await go(page, 'go to topology');
      await page.getByLabel('as a table').check();
      await page.waitForTimeout(300);
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByLabel('as a table').uncheck();
      await page.getByRole('menuitem', { name: 'View' }).click();
      await page.getByRole('menu').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.keyboard.press('Escape');
    });
  });

  it('is found: a picture without a word, a text that one cannot read', async () => {
    const page = pages.get('light')!;
    await page.evaluate(() => {
      const text = document.createElement('p');
      text.textContent = 'Hardly to be read';
      text.style.color = '#bbbbbb';
      text.style.background = '#ffffff';
      document.querySelector('header')?.append(text, document.createElement('img'));
    });
    const found = (await seriousFindings(page)).join('\n');
    expect(found).toContain('color-contrast');
    expect(found).toContain('image-alt');
  });
});
