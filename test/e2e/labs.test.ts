import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrowserLab } from '../support/browser-lab.ts';
import { findChromium } from '../support/chromium.ts';
import { LAB50_TEXT } from '../support/lab50.ts';
import { goTo, perform, runUntilClock, waitForRows } from './journeys.ts';

const chromiumPath = findChromium();

/** Which lab is open, another one, files for the user, and what the program knows of itself. */
describe.skipIf(!chromiumPath)('labs and files', () => {
  let lab: BrowserLab;
  let page: Page;
  /** Where the lab with two ICONs was left. */
  let stoodAt: string | null;
  beforeAll(async () => {
    lab = await BrowserLab.open(chromiumPath!);
    page = await lab.window();
  });
  afterAll(async () => {
    expect(await lab?.close()).toBe(0);
  });

  const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });
  const isOpen = (name: string) =>
    page.waitForFunction(
      (wanted) => document.querySelector('header .name')?.textContent === wanted,
      name,
    );

  it('a new lab from one that comes along, with the keyboard only', async () => {
    await page.keyboard.press('Control+o');
    await dialog('Labs').getByRole('list', { name: 'Kept labs' }).getByText('open here').waitFor();
    await dialog('Labs').getByRole('button', { name: 'New lab from ha' }).focus();
    await page.keyboard.press('Enter');
    const name = dialog(/^New lab from ha/).getByLabel('Name');
    await name.waitFor();
    expect(await name.inputValue()).toBe('ha');
    await name.fill('two/icons');
    expect(await dialog(/^New/).getByRole('status').textContent()).toContain('letters, digits');
    expect(await dialog(/^New/).getByRole('button', { name: 'Begin' }).isDisabled()).toBe(true);
    await name.fill('two ICONs');
    await page.keyboard.press('Enter');
    await isOpen('ha');
    await page.waitForFunction(() =>
      document.querySelector('footer.status')?.textContent?.includes('ICON2'),
    );
  });

  it('with two ICONs: both in the status bar, gaps of each, rows of the second', async () => {
    await runUntilClock(page, '09:20');
    await goTo(page, 'd');
    const band = page.getByText(/better IDB/i).first();
    await band.waitFor();
    await goTo(page, 't');
    const choice = page.getByRole('combobox', { name: /IDB/ }).first();
    const names = await choice.locator('option').allTextContents();
    expect(names.length).toBe(2);
    await choice.selectOption({ index: 1 });
    await page.getByRole('button', { name: /^G_CALL\s*\d/ }).click();
    await waitForRows(page);
    await page.locator('tbody tr').first().click();
    const inspector = page.getByRole('region', { name: 'Inspector' });
    await inspector.getByText('Why it was written').waitFor();
    expect(await inspector.textContent()).toContain('icon2');
    stoodAt = await page.textContent('time.clock');
  });

  it('goes on with the one before, where it was', async () => {
    await page.keyboard.press('Control+o');
    await dialog('Labs').getByRole('button', { name: 'Open lab', exact: true }).click();
    await isOpen('lab50');
    await perform(page, 'Open lab two ICONs');
    await isOpen('ha');
    expect(await page.textContent('time.clock')).toBe(stoodAt);
    await perform(page, 'Open lab lab');
    await isOpen('lab50');
  });

  it('removes a lab, and brings it back', async () => {
    await page.keyboard.press('Control+o');
    await dialog('Labs').getByRole('button', { name: 'Remove two ICONs' }).click();
    await page.getByText('two ICONs is removed.').waitFor();
    const open = dialog('Labs').getByRole('button', { name: 'Open two ICONs' });
    await open.waitFor({ state: 'detached' });
    // What is said can be clicked while the dialog is open.
    await page.getByRole('button', { name: 'Undo' }).click();
    await open.waitFor();
    await page.keyboard.press('Escape');
  });

  /** As somebody lets go of a file over the window. */
  async function drop(name: string, text: string): Promise<void> {
    const transfer = await page.evaluateHandle(
      ([fileName, content]) => {
        const data = new DataTransfer();
        data.items.add(new File([content], fileName, { type: 'text/yaml' }));
        return data;
      },
      [name, text],
    );
    await page.dispatchEvent('main', 'dragover', { dataTransfer: transfer });
    await page.getByText('Drop a lab file').waitFor();
    await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  }

  it('a file with mistakes that is dragged in is told with its lines', async () => {
    await drop('broken.yaml', LAB50_TEXT.replace('seed: 50', 'seed: many'));
    const line = LAB50_TEXT.split('\n').indexOf('seed: 50') + 1;
    await dialog('New lab from broken.yaml').getByText(`line ${line}: seed`).waitFor();
    expect(
      await dialog(/broken/)
        .getByRole('button', { name: 'Begin' })
        .count(),
    ).toBe(0);
    await page.keyboard.press('Escape');
    await dialog(/broken/).waitFor({ state: 'detached' });
  });

  it('a lab file that is dragged in becomes a lab', async () => {
    await drop('mine.yaml', LAB50_TEXT.replace('name: lab50', 'name: mine'));
    await dialog('New lab from mine.yaml').getByRole('button', { name: 'Begin' }).click();
    await isOpen('mine');
    const kept = readFileSync(join(lab.folder, 'home', 'labs', 'mine', 'lab.yaml'), 'utf8');
    expect(kept).toContain('name: mine');
  });

  it('a lab that cannot be opened leaves the one that is open', async () => {
    const log = join(lab.folder, 'home', 'labs', 'two ICONs', 'lab.yaml');
    writeFileSync(log, 'name: [');
    await perform(page, 'Open lab two ICONs');
    await page.getByText(/The lab could not be opened: .*not valid YAML/).waitFor();
    expect(await page.textContent('header .name')).toBe('mine');
    expect(lab.pageErrors).toEqual([]);
  });

  it('a large configuration file is given up while it is read', async () => {
    await goTo(page, 'c');
    await page.getByRole('button', { name: 'Files…' }).click();
    const lines = Array.from({ length: 150_000 }, (_, at) => `Many${at},Halden`);
    const buffer = Buffer.from(['name,tenant', ...lines].join('\n'));
    await page.getByRole('combobox', { name: 'Type of a CSV table' }).selectOption('skill');
    const file = { name: 'many.csv', mimeType: 'text/csv', buffer };
    await page.setInputFiles('dialog input[type=file]', file);
    await page.getByRole('button', { name: 'Cancel: Checking many.csv' }).click();
    await page.getByText('many.csv was not read to its end.').waitFor();
    const importing = dialog('Configuration files').getByRole('button', {
      name: 'Import',
      exact: true,
    });
    expect(await importing.isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
  });

  it('an IDB comes as a file that sqlite3 can read', async () => {
    const download = page.waitForEvent('download');
    // It is said for a few seconds only.
    const said = page.getByText(/mine-icon1\.sqlite: [\d,]+ bytes/).textContent();
    await perform(page, 'Export the IDB of ICON1');
    const file = await download;
    expect(file.suggestedFilename()).toBe('mine-icon1.sqlite');
    const bytes = readFileSync(await file.path());
    expect(bytes.subarray(0, 15).toString('latin1')).toBe('SQLite format 3');
    expect(await said).toContain(`: ${bytes.length.toLocaleString('en-US')} bytes`);
    // It is fetched once: then it is gone.
    const again = await page.request.get(file.url());
    expect(again.status()).toBe(404);
  });

  it('the doctor says that all is well, and a bundle can be handed on', async () => {
    await perform(page, 'Doctor');
    const checks = dialog('Doctor').locator('dt');
    await checks.first().waitFor();
    expect(await checks.count()).toBe(9);
    expect(await dialog('Doctor').getByText('✕ bad').count()).toBe(0);
    await page.keyboard.press('Escape');
    const download = page.waitForEvent('download');
    await perform(page, 'Save a debug bundle');
    const file = await download;
    expect(file.suggestedFilename()).toBe('duplexlab-bundle-mine.zip');
    const zip = unzipSync(readFileSync(await file.path()));
    const log = strFromU8(zip['logs/duplexlab.log']);
    expect(log).toContain('info opened');
    expect(log).not.toMatch(/key=[\w-]{20}/);
    expect(JSON.parse(strFromU8(zip['status.json'])).faults).toEqual([]);
    expect(Object.keys(zip)).toContain('lab/commands.log');
  });

  it('what goes wrong in the window is in the log file', async () => {
    await page.evaluate(() => {
      setTimeout(() => {
        throw new Error('made by a test');
      }, 0);
    });
    await expect
      .poll(() => readFileSync(join(lab.folder, 'home', 'logs', 'duplexlab.log'), 'utf8'))
      .toContain('window: Error: made by a test');
  });
});
