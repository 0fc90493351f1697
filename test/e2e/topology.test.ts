import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrowserLab } from '../support/browser-lab.ts';
import { findChromium } from '../support/chromium.ts';
import { goTo, waitForStatus } from './journeys.ts';

const chromiumPath = findChromium();

describe.skipIf(!chromiumPath)('the topology', () => {
  let lab: BrowserLab;
  let page: Page;
  const host = (name: string) =>
    page.getByRole('article', { name: new RegExp(`^Host ${name}\\b`) });
  const faults = () => page.getByRole('region', { name: 'Faults switched on' });

  beforeAll(async () => {
    lab = await BrowserLab.open(chromiumPath!, ['ha']);
    page = await lab.window();
    await goTo(page, 'm');
    await host('cca').waitFor();
  });
  afterAll(async () => {
    expect(lab.pageErrors).toEqual([]);
    expect(await lab.close()).toBe(0);
  });

  it('a right click hangs a process; the fault is listed, and lifted there', async () => {
    await page.getByRole('button', { name: 'icon1, running' }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Hang icon1' }).click();
    await page.getByRole('button', { name: 'icon1, hung' }).waitFor();
    await waitForStatus(page, '1 fault on');
    await page.getByRole('button', { name: 'icon1, hung' }).click();
    await page.getByRole('menuitem', { name: 'Why icon1 is hung' }).click();
    const inspector = page.getByRole('region', { name: 'Inspector' });
    await inspector.getByText(/^#\d+ icon1: command hang-process/).waitFor();
    await faults()
      .getByRole('button', { name: /^Lift: icon1/ })
      .click();
    await page.getByRole('button', { name: 'icon1, running' }).waitFor();
    await faults().getByText('None.').waitFor();
  });

  it('without a mouse: a link is cut and repaired by its menu', async () => {
    const link = page.getByRole('button', { name: /^cca and ccb, private network/ });
    await link.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menu').waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await waitForStatus(page, '2 faults on');
    const cut = page.getByRole('button', { name: /private network: cut/ });
    // A level line has no height, which the browser driver takes for hidden.
    await cut.waitFor({ state: 'attached' });
    await faults().getByRole('button', { name: 'Lift all' }).focus();
    await page.keyboard.press('Enter');
    await waitForStatus(page, '0 faults on');
  });

  it('switches a host off and on, and opens its console', async () => {
    await host('idb2').getByText('idb2').first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Switch idb2 off without warning' }).click();
    await page.getByRole('article', { name: 'Host idb2, no power' }).waitFor();
    await host('idb2').getByText('idb2').first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Switch idb2 on' }).click();
    await page.getByRole('article', { name: 'Host idb2', exact: true }).waitFor();
    await host('cca').getByText('cca').first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Open the console of cca' }).click();
    await page.getByLabel(/C:\\/).waitFor();
    await goTo(page, 'm');
  });

  it('the table has what the drawing has', async () => {
    await page.getByLabel('as a table').check();
    const table = page.getByRole('table', { name: 'Processes' });
    expect(await table.getByRole('row').count()).toBeGreaterThan(30);
    await table.getByRole('button', { name: 'ts-east-b' }).click();
    await page.getByRole('menuitem', { name: 'Crash ts-east-b' }).click();
    await table.getByRole('row', { name: /ts-east-b t-server stopped/ }).waitFor();
    await page.getByLabel('as a table').uncheck();
  });

  it('any process is broken from the palette', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('start ts-east-b');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'ts-east-b, running' }).waitFor();
  });
});
