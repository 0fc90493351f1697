import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { findChromium, launchChromium } from '../support/chromium.ts';
import { type RunningProgram, startProgram } from '../support/program.ts';
import {
  askRttest,
  changeStateSizeLimit,
  compareStates,
  editConfiguration,
  findInitializationRequest,
  findPartyRow,
  followCall,
  followCrashedRouter,
  goTo,
  runUntilClock,
  runUntilPaired,
  takeTour,
  useConsole,
  waitForRows,
  waitForStatus,
} from './journeys.ts';

const chromiumPath = findChromium();

describe.skipIf(!chromiumPath)('the lab in a browser', () => {
  let folder: string;
  let program: RunningProgram;
  let address: string;
  let browser: Browser;
  let page: Page;
  const pageErrors: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'duplexlab-'));
    program = startProgram(['start', '--browser', '--folder', folder]);
    [address] = await program.waitFor(/http:\S+/);
    browser = await launchChromium(chromiumPath!);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
    page.on('pageerror', (error) => pageErrors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') pageErrors.push(message.text());
    });
    await page.goto(address);
    await page.waitForSelector('main');
  });
  afterAll(async () => {
    await browser?.close();
    program?.child.kill('SIGINT');
    expect(await program?.ended).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows a stranger round at the first start', () => takeTour(page));

  it('runs by itself, and at full speed side B joins', () => runUntilPaired(page));

  it('draws Figure 1 live, the initialization request red and from MDS A', () =>
    findInitializationRequest(page));

  it('pauses, steps and runs again from the keyboard', async () => {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('Space');
    await page.waitForFunction(() => document.querySelector('.reached')?.textContent === 'paused');
    const before = await page.textContent('time.clock');
    await page.keyboard.press('>');
    await page.waitForFunction(
      (old) => document.querySelector('time.clock')?.textContent !== old,
      before,
    );
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  });

  it('answers rttest status in the console', () => askRttest(page));

  it('completes, recalls and finds in a console', () => useConsole(page));

  it('changes the state size limit in the registry, and undoes', () => changeStateSizeLimit(page));

  it('compares the routers side by side', () => compareStates(page));

  it('shows a router that dies: alarm, log line and cause', () => followCrashedRouter(page));

  it('shows the row a call left in G_PARTY, and why it is there', async () => {
    await page.getByRole('button', { name: '▶ Run' }).click();
    await runUntilClock(page, '09:20');
    await findPartyRow(page);
  });

  it('follows one call from its messages to its rows and back', () => followCall(page));

  it('pages through a table', async () => {
    await page.getByRole('button', { name: /^G_PARTY_HISTORY/ }).click();
    await page.getByRole('region', { name: 'Rows of G_PARTY_HISTORY' }).waitFor();
    await waitForRows(page);
    await page.getByRole('button', { name: 'Next' }).click();
    await page.waitForFunction(() => document.body.textContent?.includes('101–200 of'));
    await page.getByRole('button', { name: 'Back' }).click();
    await page.waitForFunction(() => document.body.textContent?.includes('1–100 of'));
  });

  it('edits a person: validation by field, then rows in IDB', async () => {
    await goTo(page, 'c');
    await page.fill('#field-lastName', 'x'.repeat(40));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForSelector('.problem');
    expect(await page.textContent('.problem')).toBe('Last name has 40 characters; 32 are allowed');
    await page.fill('#field-lastName', 'Lovelace');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForFunction(() => document.body.textContent?.includes('E1001 updated'));
    await page.getByRole('button', { name: '▶ Run' }).click();
    await goTo(page, 't');
    await page.getByRole('button', { name: /^GC_AGENT / }).click();
    await page.waitForFunction(() =>
      document.querySelector('tbody')?.textContent?.includes('Lovelace'),
    );
  });

  it('edits the configuration: what it did, undo, files, history', async () => {
    await page.getByRole('button', { name: 'Pause' }).click();
    await editConfiguration(page);
    await page.getByRole('button', { name: '▶ Run' }).click();
  });

  it('stops side A and brings it back: B sends, MDS A still asks', async () => {
    await goTo(page, 'o');
    await page.waitForSelector('.message.init');
    const before = await page.locator('.message.init').count();
    await page.getByRole('button', { name: 'Stop side A' }).click();
    await waitForStatus(page, 'B Isolated-Enabled');
    await page.getByRole('button', { name: 'Start side A' }).click();
    await waitForStatus(page, 'A Paired-Disabled');
    await page.waitForFunction(
      (count) => document.querySelectorAll('.message.init').length > count,
      before,
    );
    const requests = await page.locator('.message.init').allTextContents();
    for (const request of requests) expect(request).toContain('MDS A to MDS B');
  });

  it('nothing went wrong in the page meanwhile', () => {
    expect(pageErrors).toEqual([]);
  });

  describe('keeps strangers out', () => {
    const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      new Promise<number>((resolve, reject) => {
        const { port } = new URL(address);
        const options = { host: '127.0.0.1', port, path, method, headers };
        request(options, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        })
          .on('error', reject)
          .end();
      });
    const socketStatus = (headers: Record<string, string>) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`ws://${new URL(address).host}/lab`, { headers });
        socket.on('open', () => resolve('open'));
        socket.on('unexpected-response', (_request, response) => {
          resolve(String(response.statusCode));
        });
        socket.on('error', () => {});
      });

    it('no key, a wrong key and a used key get no answer', async () => {
      expect(await ask('/')).toBe(403);
      expect(await ask('/?key=wrong')).toBe(403);
      expect(await ask(new URL(address).pathname + new URL(address).search)).toBe(403);
      expect(await ask('/assets/anything.js')).toBe(403);
    });

    it('other host names and methods are refused', async () => {
      expect(await ask('/', { Host: 'lab.example.org' })).toBe(421);
      expect(await ask('/', { Host: `127.0.0.1.nip.io:${new URL(address).port}` })).toBe(421);
      expect(await ask('/', {}, 'POST')).toBe(405);
    });

    it('only the allow-list of files is served, however the path is spelled', async () => {
      const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`);
      const headers = { Cookie: cookie.join('; ') };
      expect(await ask('/', headers)).toBe(200);
      for (const path of [
        '/../package.json',
        '/..%2fpackage.json',
        '/%2e%2e/package.json',
        '/assets/../../main/cli.js',
        '/assets\\..\\..\\main\\cli.js',
        '/index.html%00.js',
        '//etc/passwd',
      ]) {
        expect(await ask(path, headers), path).toBe(404);
      }
    });

    it('a refused client that resets its connection takes nothing with it', async () => {
      const { hostname, port } = new URL(address);
      for (let i = 0; i < 5; i++) {
        const socket = connect(Number(port), hostname);
        await new Promise((resolve) => socket.once('connect', resolve));
        socket.write(
          'GET /lab HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
        );
        await new Promise((resolve) => setTimeout(resolve, 20));
        socket.resetAndDestroy();
      }
      expect(await ask('/')).toBe(403);
    });

    it('the address opens again in the browser that it let in', async () => {
      const second = await page.context().newPage();
      await second.goto(address);
      await second.waitForSelector('main');
      await second.close();
    });

    it('a WebSocket needs our origin and the session', async () => {
      const origin = new URL(address).origin;
      const [cookie] = await page.context().cookies();
      const Cookie = `${cookie.name}=${cookie.value}`;
      expect(await socketStatus({ Origin: origin })).toBe('403');
      expect(await socketStatus({ Origin: 'https://example.org', Cookie })).toBe('403');
      expect(await socketStatus({ Cookie })).toBe('403');
      expect(await socketStatus({ Origin: origin, Cookie })).toBe('open');
    });
  });
});
