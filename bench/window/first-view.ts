import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { launchProfile } from '../../test/support/chromium.ts';
import { startProgram } from '../../test/support/program.ts';
import type { Figure } from '../figures.ts';
import { median } from '../measure.ts';

const LIMIT_MS = 1500;
const ROUNDS = 5;
/** The least that a program can be that serves a page. */
const EMPTY_HOST = `
  const server = require('node:http').createServer((_request, response) => {
    response.end('<!doctype html><title>empty</title><button>Run</button>');
  });
  server.listen(0, '127.0.0.1', () => {
    console.log('http://127.0.0.1:' + server.address().port + '/');
  });
`;

/** From the start of the browser host to a window whose first view can be used. */
export async function measureFirstView(chromium: string): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'duplexlab-bench-'));
  const lab = join(folder, 'lab');
  const browser = await launchProfile(chromium, join(folder, 'profile'));
  const ours: number[] = [];
  const empty: number[] = [];
  try {
    for (let round = -1; round < ROUNDS; round++) {
      const oursMs = await timeHost(browser, startHost(lab), 'main .dv-tab', 'footer.status');
      const emptyMs = await timeHost(browser, startEmptyHost(), 'button');
      if (round < 0) continue;
      ours.push(oursMs);
      empty.push(emptyMs);
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    name: 'start of the browser host to a usable first view',
    value: median(ours),
    unit: 'ms',
    limit: LIMIT_MS,
    peer: { name: 'an empty page of a bare Node server', value: median(empty) },
    note: `a lab that goes on, ${ROUNDS} rounds, slowest ${Math.max(...ours).toFixed(0)} ms`,
  };
}

type Host = { readonly address: Promise<string>; readonly stop: () => Promise<unknown> };

function startHost(folder: string): Host {
  const program = startProgram(['start', '--browser', '--folder', folder]);
  const address = program.waitFor(/http:\S+/).then(([found]) => found);
  return {
    address,
    stop: () => {
      program.child.kill('SIGINT');
      return program.ended;
    },
  };
}

function startEmptyHost(): Host {
  const child = spawn(process.execPath, ['-e', EMPTY_HOST], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const address = new Promise<string>((resolve) => {
    child.stdout.once('data', (text) => resolve(String(text).trim()));
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  return {
    address,
    stop: () => {
      child.kill();
      return ended;
    },
  };
}

/** The host has been started just now; over when all that is named is there and painted. */
async function timeHost(
  browser: BrowserContext,
  host: Host,
  ...selectors: string[]
): Promise<number> {
  const startMs = performance.now();
  const page = await browser.newPage();
  await page.goto(await host.address);
  await page.waitForFunction(
    (wanted) => wanted.every((selector) => document.querySelector(selector)),
    selectors,
    { polling: 'raf' },
  );
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0))),
  );
  const elapsedMs = performance.now() - startMs;
  await page.close();
  await host.stop();
  return elapsedMs;
}
