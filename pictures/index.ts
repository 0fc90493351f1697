import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { programRoot } from '../src/runtime/program-root.ts';
import { BrowserLab } from '../test/support/browser-lab.ts';
import { findChromium } from '../test/support/chromium.ts';
import { PICTURES_OF_HA, PICTURES_OF_LAB50, type Picture, runUntil } from './views.ts';

const USAGE = `Usage:
  npm run pictures               takes the pictures of docs/pictures anew
  npm run pictures -- FOLDER     every one in both themes and both sizes, to look at
`;

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

/** What moves, fades or is still being asked for has come to rest. */
const REST_MS = 900;

async function takeOf(
  chromium: string,
  shipped: string,
  pictures: readonly Picture[],
  folder: string | undefined,
): Promise<void> {
  const lab = await BrowserLab.open(chromium, [shipped]);
  try {
    const page = await lab.window({ viewport: SIZES[0] }, { values: { theme: 'system' } });
    await runUntil(page, '09:04');
    for (const picture of pictures) {
      await page.emulateMedia({ colorScheme: picture.theme });
      await picture.prepare(page);
      await (folder === undefined ? takeOne(page, picture) : takeAll(page, picture, folder));
      process.stdout.write(`${picture.name}\n`);
    }
  } finally {
    await lab.close();
  }
}

async function takeOne(page: Page, { name, theme }: Picture): Promise<void> {
  await page.waitForTimeout(REST_MS);
  const file = join(programRoot(), 'docs', 'pictures', `${name}-${theme}.png`);
  await page.screenshot({ path: file });
}

async function takeAll(page: Page, { name }: Picture, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(REST_MS);
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${size.width}.png`) });
    }
  }
  await page.setViewportSize(SIZES[0]);
}

async function main(args: readonly string[]): Promise<number> {
  const [folder] = args;
  if (args.length > 1 || folder?.startsWith('-')) {
    process.stderr.write(USAGE);
    return 2;
  }
  const chromium = findChromium();
  if (!chromium) {
    process.stderr.write('Pictures are taken in Chromium: none was found, set CHROME_PATH.\n');
    return 2;
  }
  await takeOf(chromium, 'lab50', PICTURES_OF_LAB50, folder);
  await takeOf(chromium, 'ha', PICTURES_OF_HA, folder);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
