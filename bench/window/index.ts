import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { BrowserLab } from '../../test/support/browser-lab.ts';
import { findChromium } from '../../test/support/chromium.ts';
import { endLab, serveLab } from '../../test/support/lab-program.ts';
import type { Figure, FigureResult } from '../figures.ts';
import { measureAnswers } from './answers.ts';
import { writeBusyLab } from './busy-lab.ts';
import { measureFirstView } from './first-view.ts';
import { measureHeap } from './heap.ts';
import { measureScrolling } from './scrolling.ts';
import { UnwatchedWindow } from './unwatched-window.ts';

/** Rows that the ladder is to have before it is scrolled. */
const LADDER_ROWS = 100_000;
/** Lab seconds a second while an hour passes: a status every twelve lab seconds. */
const HOUR_SPEED = 60;

/** The window in a real Chromium, as docs/window.md promises it. */
export const WINDOW_BENCHES = {
  'window-first-view': () =>
    inChromium('lab50', async (chromium) => [await measureFirstView(chromium)]),
  'window-answers': () => inChromium('50 calls a second at 1×', answers),
  'window-scrolling': () => inChromium('50 calls a second, at rest', scrolling),
  'window-heap': () =>
    inChromium('lab50 at 60×, the overview open', async (chromium) => [await heap(chromium)]),
} as const;

async function inChromium(
  what: string,
  measure: (chromium: string) => Promise<Figure[]>,
): Promise<FigureResult> {
  const chromium = findChromium();
  if (!chromium) throw new Error('The window is measured in Chromium; set CHROME_PATH.');
  return { what, node: process.version, figures: await measure(chromium) };
}

async function answers(chromium: string): Promise<Figure[]> {
  return withBusyLab(async (args) => {
    const lab = await serveLab(args);
    try {
      return await UnwatchedWindow.with(chromium, lab.address, answersIn);
    } finally {
      await endLab(lab);
    }
  });
}

async function answersIn(window: UnwatchedWindow): Promise<Figure[]> {
  await window.watched(async (page) => {
    await press(page, 'Pause');
    await runUntil(page, '09:05');
  });
  return measureAnswers(window, async (page) => {
    await page.selectOption('.transport select', '1');
    await press(page, 'Run');
  });
}

async function scrolling(chromium: string): Promise<Figure[]> {
  return withBusyWindow(chromium, async (window) => {
    await press(window, 'Pause');
    // The gateways' messages are the most.
    await window.locator('select:has(option[value="opc"])').selectOption('opc');
    await window.getByText('exchange only').click();
    const rows = (await runUntilRows(window, LADDER_ROWS)).toLocaleString('en-US');
    const ladder = await measureScrolling(window, `ladder of ${rows} rows`, '.ladder', 300);
    await window.keyboard.press('g');
    await window.keyboard.press('t');
    await window.getByRole('button', { name: /^G_PARTY\s*\d/ }).click();
    await window.waitForFunction(() => document.querySelectorAll('tbody tr').length > 90);
    return [ladder, await measureScrolling(window, 'table G_PARTY, 100 rows', '.grid', 40)];
  });
}

async function heap(chromium: string): Promise<Figure> {
  return withWindow(chromium, [], async (window) => {
    await window.selectOption('.transport select', String(HOUR_SPEED));
    return measureHeap(window, () => passLabTime(window, 600));
  });
}

async function withBusyWindow<T>(chromium: string, work: (window: Page) => Promise<T>): Promise<T> {
  return withBusyLab((args) => withWindow(chromium, args, work));
}

/** A lab with fifty calls a second. */
async function withBusyLab<T>(work: (args: readonly string[]) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'duplexlab-bench-'));
  try {
    return await work([writeBusyLab(folder)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withWindow<T>(
  chromium: string,
  args: readonly string[],
  work: (window: Page) => Promise<T>,
): Promise<T> {
  const lab = await BrowserLab.open(chromium, args);
  try {
    return await work(await lab.window());
  } finally {
    await lab.close();
  }
}

/** Presses one of the two faces of a button, and waits until the lab has heard. */
async function press(window: Page, name: 'Run' | 'Pause'): Promise<void> {
  const button = (face: string) => window.locator('.transport').getByRole('button', { name: face });
  await button(name).click();
  await button(name === 'Run' ? 'Pause' : 'Run').waitFor();
}

/** As fast as it goes until a time of day such as `09:10`, then paused. */
async function runUntil(window: Page, time: string): Promise<void> {
  await window.selectOption('.transport select', '0');
  await press(window, 'Run');
  await window.waitForFunction(
    (wanted) => (document.querySelector('time.clock')?.textContent ?? '').trim().slice(4) >= wanted,
    time,
    { timeout: 600_000 },
  );
  await press(window, 'Pause');
}

function secondsOf(clock: string): number {
  const [hours, minutes, seconds] = clock.trim().slice(4).split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

async function passLabTime(window: Page, seconds: number): Promise<void> {
  const clock = async () => secondsOf((await window.textContent('time.clock')) ?? '');
  const end = (await clock()) + seconds;
  while ((await clock()) < end) await window.waitForTimeout(200);
}

/** As fast as it goes until the ladder has so many rows, then paused. */
async function runUntilRows(window: Page, wanted: number): Promise<number> {
  await window.selectOption('.transport select', '0');
  await press(window, 'Run');
  const ladder = window.locator('.ladder');
  const count = async () => Number(await ladder.getAttribute('aria-rowcount'));
  while ((await count()) < wanted) await window.waitForTimeout(200);
  await press(window, 'Pause');
  return count();
}
