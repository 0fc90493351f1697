import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { DESK_PARAMETERS } from '../../src/contract/desk.ts';
import { METHOD_PARAMETERS } from '../../src/contract/rpc.ts';
import { closeDoors, isOurs } from '../../src/main/closed-doors.ts';
import { serveApp } from '../../src/main/protocol.ts';
import { windowOptions } from '../../src/main/window-options.ts';
import { listAssets } from '../../src/runtime/assets.ts';
import { programRoot } from '../../src/runtime/program-root.ts';

describe('the window', () => {
  it('has every door of the renderer closed', () => {
    expect(windowOptions('/preload.cjs').webPreferences).toEqual({
      preload: '/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    });
  });

  const BANNED = new RegExp(
    [
      'nodeIntegration: true',
      '(sandbox|contextIsolation|webSecurity): false',
      '<webview',
      '@electron/remote',
      'openExternal',
      'allowRunningInsecureContent',
      'executeJavaScript',
      // What a crash leaves behind stays on this machine.
      'crashReporter',
      'crash-reporter',
      'uploadToServer',
      'submitURL',
    ].join('|'),
  );

  it('no source opens one of them', () => {
    const files = readdirSync(join(programRoot(), 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|vue|html)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((file) => BANNED.test(readFileSync(file, 'utf8')))).toEqual([]);
    expect(BANNED.test('shell.openExternal(url)')).toBe(true);
    expect(BANNED.test('webPreferences: { sandbox: false }')).toBe(true);
    expect(BANNED.test('crashReporter.start({ uploadToServer: true })')).toBe(true);
  });
});

/** What `closeDoors` tells Electron. */
function closedDoors() {
  const app = new Map<string, (...args: never[]) => unknown>();
  const session = {
    setPermissionRequestHandler: vi.fn(),
    setPermissionCheckHandler: vi.fn(),
    setDevicePermissionHandler: vi.fn(),
    webRequest: { onBeforeRequest: vi.fn() },
  };
  closeDoors(
    { on: (name: string, listener: never) => void app.set(name, listener) } as never,
    session as never,
  );
  return { app, session };
}

describe('permissions, navigation, network', () => {
  it('are denied', () => {
    const contents = new Map<string, (...args: never[]) => unknown>();
    const { app, session } = closedDoors();
    let opened: unknown;
    app.get('web-contents-created')!(
      {} as never,
      {
        setWindowOpenHandler: (handler: () => unknown) => {
          opened = handler();
        },
        on: (name: string, listener: never) => void contents.set(name, listener),
      } as never,
    );
    expect(opened).toEqual({ action: 'deny' });
    const answer = vi.fn();
    session.setPermissionRequestHandler.mock.calls[0][0](null, 'camera', answer);
    expect(answer).toHaveBeenCalledWith(false);
    expect(session.setPermissionCheckHandler.mock.calls[0][0]()).toBe(false);
    expect(session.setDevicePermissionHandler.mock.calls[0][0]()).toBe(false);
    const isPrevented = (event: string, url: string) => {
      const preventDefault = vi.fn();
      contents.get(event)!({ preventDefault } as never, url as never);
      return preventDefault.mock.calls.length === 1;
    };
    expect(isPrevented('will-navigate', 'https://example.org/')).toBe(true);
    expect(isPrevented('will-navigate', 'app://duplexlab.example.org/')).toBe(true);
    expect(isPrevented('will-navigate', 'app://duplexlab/index.html')).toBe(false);
    expect(isPrevented('will-redirect', 'app://duplexlab/index.html')).toBe(true);
    expect(isPrevented('will-attach-webview', '')).toBe(true);
  });

  const REQUESTS: readonly (readonly [string, boolean])[] = [
    ['app://duplexlab/index.html', true],
    ['blob:app://duplexlab/0b1c', true],
    ['data:image/png;base64,AA', true],
    ['app://other/index.html', false],
    ['app://duplexlab.example.org/', false],
    ['https://example.org/', false],
    ['http://127.0.0.1:4780/', false],
    ['file:///etc/passwd', false],
    ['data:text/html,<script>', false],
    ['blob:https://example.org/0b1c', false],
    ['ws://127.0.0.1/', false],
    ['', false],
  ];

  it.each(REQUESTS)('a request for %s: %s', (url, mayPass) => {
    expect(isOurs(url)).toBe(mayPass);
  });

  it("the session's filter sees every request, and cancels what is not ours", () => {
    const { onBeforeRequest } = closedDoors().session.webRequest;
    // A list of addresses before the listener would leave out all others.
    expect(onBeforeRequest.mock.calls).toEqual([[expect.any(Function)]]);
    const [[filter]] = onBeforeRequest.mock.calls;
    for (const [url, mayPass] of REQUESTS) {
      const answer = vi.fn();
      filter({ url }, answer);
      expect(answer.mock.calls, url).toEqual([[{ cancel: !mayPass }]]);
    }
  });
});

describe("the program's own scheme", () => {
  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/%2e%2e%2fpackage.json',
    '/..\\package.json',
    '/%5c..%5cpackage.json',
    '/assets/../../main/index.js',
    '/assets/%00index.js',
    '/index.html%00.js',
    '//etc/passwd',
    '/C:/Windows/win.ini',
    '/file:///etc/passwd',
    '/.vite/manifest.json',
    '/assets/',
    '/__proto__',
    '/constructor',
  ])('does not serve %s', async (path) => {
    const answer = await serveApp(new Request(`app://duplexlab${path}`));
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('There is no such file.');
  });

  it('serves its own page, by GET and to its own host only', async () => {
    const page = await serveApp(new Request('app://duplexlab/index.html'));
    expect(page.status).toBe(200);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await serveApp(new Request('app://elsewhere/index.html'))).status).toBe(404);
    for (const method of ['POST', 'PUT', 'DELETE', 'HEAD']) {
      const request = new Request('app://duplexlab/index.html', { method });
      expect((await serveApp(request)).status).toBe(405);
    }
  });

  it('does not follow a link out of its folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'duplexlab-'));
    const inside = join(folder, 'renderer');
    mkdirSync(inside);
    writeFileSync(join(folder, 'secret.js'), 'secret');
    writeFileSync(join(inside, 'own.js'), 'own');
    writeFileSync(join(inside, 'own.txt'), 'of no known type');
    symlinkSync(join(folder, 'secret.js'), join(inside, 'link.js'));
    expect([...listAssets(inside).keys()]).toEqual(['/own.js']);
    rmSync(folder, { recursive: true });
  });
});

describe('the contract', () => {
  it('has no place for a path of the machine', () => {
    const tables = { ...METHOD_PARAMETERS, ...DESK_PARAMETERS };
    const named = Object.entries(tables).flatMap(([method, schema]) =>
      keysOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).map(
        (key) => `${method} ${key}`,
      ),
    );
    expect(named.length).toBeGreaterThan(60);
    // Commands and consoles of the lab speak of the simulated disks.
    const ofLab = ['lab.execute', 'console.execute', 'console.complete'];
    const others = named.filter((name) => !ofLab.includes(name.split(' ')[0]));
    expect(others.filter((name) => /path|folder|dir(ectory)?$|file$/i.test(name))).toEqual([]);
  });
});

/** Names of all properties in a schema. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties } = schema as { properties?: Record<string, unknown> };
  const own = properties ? Object.keys(properties) : [];
  return [...own, ...Object.values(schema).flatMap(keysOf)];
}
