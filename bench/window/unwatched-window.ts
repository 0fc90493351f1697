import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM_ARGS, freePort } from '../../test/support/chromium.ts';

const SIZE = '1280,800';
const START_MS = 30_000;
const LOOK_MS = 100;

/**
 * A window that is measured while no debugger is attached, as a user's is: one that is attached
 * gets a copy of every answer, which takes the window and the machine more than the answer does.
 */
export class UnwatchedWindow {
  private constructor(
    private readonly browser: ChildProcess,
    private readonly profile: string,
    private readonly endpoint: string,
  ) {}

  /** For as long as the work takes. */
  static async with<T>(
    chromiumPath: string,
    address: string,
    work: (window: UnwatchedWindow) => Promise<T>,
  ): Promise<T> {
    const profile = mkdtempSync(join(tmpdir(), 'duplexlab-profile-'));
    const port = await freePort();
    const args = [
      ...CHROMIUM_ARGS,
      '--headless=new',
      '--no-first-run',
      `--window-size=${SIZE}`,
      `--user-data-dir=${profile}`,
      `--remote-debugging-port=${port}`,
      'about:blank',
    ];
    const browser = spawn(chromiumPath, args, { stdio: 'ignore' });
    const window = new UnwatchedWindow(browser, profile, `http://127.0.0.1:${port}`);
    try {
      await window.started();
      await window.watched((page) => openLab(page, address));
      return await work(window);
    } finally {
      await window.close();
    }
  }

  /** With a debugger, until the work is done. */
  async watched<T>(work: (page: Page) => Promise<T>): Promise<T> {
    const browser = await chromium.connectOverCDP(this.endpoint);
    try {
      const [page] = browser.contexts()[0].pages();
      return await work(page);
    } finally {
      // Leaves it; the window stays.
      await browser.close();
    }
  }

  private async close(): Promise<void> {
    const ended = new Promise((resolve) => this.browser.once('exit', resolve));
    this.browser.kill('SIGTERM');
    await ended;
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  private async started(): Promise<void> {
    const endMs = performance.now() + START_MS;
    while (performance.now() < endMs) {
      const answer = await fetch(`${this.endpoint}/json/version`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    throw new Error('Chromium did not start.');
  }
}

async function openLab(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.evaluate((settings) => localStorage.setItem('duplexlab.settings', settings), SEEN);
  await page.reload();
  await page.waitForSelector('footer.status');
}

/** Of a user who has been here before. */
const SEEN = JSON.stringify({ version: 1, values: {}, keys: {}, tourSeen: true });
