import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The machine's Chromium or Chrome; DUPLEXLAB_REQUIRE_BROWSER=1 makes its absence a failure. */
export function findChromium(): string | undefined {
  const named = process.env['CHROME_PATH'];
  const found = [...(named ? [named] : []), ...CANDIDATES].find((path) => existsSync(path));
  if (!found && process.env['DUPLEXLAB_REQUIRE_BROWSER'] === '1') {
    throw new Error('A browser is required and none was found; set CHROME_PATH.');
  }
  if (!found) console.warn('No Chromium or Chrome was found: the browser tests are skipped.');
  return found;
}

export const CHROMIUM_ARGS = ['--no-sandbox', '--disable-quic', '--disable-background-networking'];

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: CHROMIUM_ARGS });
}

/** With a profile that is kept, as a user's is: what has been loaded once is there again. */
export function launchProfile(executablePath: string, profile: string): Promise<BrowserContext> {
  const viewport = { width: 1280, height: 800 };
  return chromium.launchPersistentContext(profile, {
    executablePath,
    args: CHROMIUM_ARGS,
    viewport,
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
