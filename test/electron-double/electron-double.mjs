/**
 * A stand-in for the `electron` module whose windows are pages of a real Chromium. It runs the
 * built main process and preload unchanged. Known limits: pages live at http://HOST.app.localhost
 * (a raw app: navigation cannot be intercepted), the preload runs in the page's own world, and
 * there are no native menus, dialogs or windows. What it was asked is kept in `double` and printed.
 */
import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export const double = { appPath: '', calls: [] };
const note = (name, detail) => {
  double.calls.push({ name, detail });
  process.stdout.write(`DOUBLE ${JSON.stringify({ name, detail })}\n`);
};

note('process', process.pid);

const schemes = new Map();
const handlers = new Map();
let browserContext;

async function openContext() {
  const port = Number(process.env.DUPLEXLAB_DOUBLE_PORT ?? 0);
  browserContext ??= await chromium.launchPersistentContext(
    mkdtempSync(join(tmpdir(), 'double-')),
    {
      executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--disable-background-networking',
        `--remote-debugging-port=${port}`,
      ],
      viewport: { width: 1280, height: 800 },
    },
  );
  return browserContext;
}

class App extends EventEmitter {
  quitting = false;
  requestSingleInstanceLock() {
    note('app.requestSingleInstanceLock');
    return process.env.DUPLEXLAB_DOUBLE_SECOND !== '1';
  }
  async whenReady() {
    await openContext();
  }
  getAppPath() {
    return double.appPath;
  }
  getPath(name) {
    const folder = process.env.DUPLEXLAB_DOUBLE_DATA ?? join(tmpdir(), `double-${name}`);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
  quit() {
    let prevented = false;
    const preventDefault = () => {
      prevented = true;
    };
    this.emit('before-quit', { preventDefault });
    if (prevented) return;
    note('app.quit');
    this.quitting = true;
    void (browserContext?.close() ?? Promise.resolve()).finally(() => process.exit(0));
  }
  exit(code) {
    note('app.exit', code);
    void (browserContext?.close() ?? Promise.resolve()).finally(() => process.exit(code));
  }
}
export const app = new App();

let privileged = false;
export const protocol = {
  registerSchemesAsPrivileged(list) {
    if (privileged) throw new Error('registerSchemesAsPrivileged may be called once only');
    privileged = true;
    note('protocol.registerSchemesAsPrivileged', list);
  },
  handle(scheme, handler) {
    schemes.set(scheme, handler);
  },
};

export const session = {
  defaultSession: {
    setPermissionRequestHandler(handler) {
      let granted;
      handler(null, 'geolocation', (answer) => {
        granted = answer;
      });
      note('session.permissionRequest', granted);
    },
    setPermissionCheckHandler(handler) {
      note('session.permissionCheck', handler(null, 'geolocation'));
    },
    setDevicePermissionHandler(handler) {
      note('session.devicePermission', handler({ deviceType: 'usb' }));
    },
    webRequest: {
      onBeforeRequest(handler) {
        const isCancelled = (url) => {
          let answer;
          handler({ url }, ({ cancel }) => {
            answer = cancel;
          });
          return answer;
        };
        note('webRequest', {
          own: isCancelled('app://duplexlab/index.html'),
          other: isCancelled('https://example.org/'),
          file: isCancelled('file:///etc/passwd'),
        });
      },
    },
  },
};

export const ipcMain = {
  handle(channel, handler) {
    if (handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    handlers.set(channel, handler);
  },
};

export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};

/** Buttons that are chosen in turn, by number. */
const choices = (process.env.DUPLEXLAB_DOUBLE_CHOICES ?? '').split(',').filter(Boolean).map(Number);

export const dialog = {
  showMessageBoxSync(options) {
    note('dialog.showMessageBoxSync', options);
    return choices.shift() ?? 1;
  },
  async showSaveDialog(_window, options) {
    note('dialog.showSaveDialog', options);
    const filePath = process.env.DUPLEXLAB_DOUBLE_SAVE;
    return filePath ? { canceled: false, filePath } : { canceled: true };
  },
  showErrorBox(title, content) {
    note('dialog.showErrorBox', { title, content });
  },
};

export const Menu = {
  buildFromTemplate: (template) => template,
  setApplicationMenu(menu) {
    double.menu = menu;
    note('Menu.setApplicationMenu', menu);
  },
};

/** As if somebody chose an item of the native menu. */
function clickMenu(label) {
  const items = (double.menu ?? []).flatMap(({ submenu }) =>
    Array.isArray(submenu) ? submenu : [],
  );
  const chosen = items.find((item) => item.label === label);
  note('menu.click', chosen?.label ?? null);
  chosen?.click?.();
}

/** What a system or a user may do to the program, beside what happens in the page. */
const HAPPENINGS = {
  'second start': () => app.emit('second-instance', {}, [], ''),
  minimize: (window) => window.minimize(),
  'page crash': ({ webContents }) =>
    webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 }),
  quit: () => app.quit(),
};

const toPageUrl = (url) => url.replace(/^app:\/\/([^/]+)/, 'http://$1.app.localhost');
const toAppUrl = (url) => url.replace(/^http:\/\/([^/]+)\.app\.localhost/, 'app://$1');

class WebContents extends EventEmitter {
  mainFrame = { url: '' };
  windowOpenHandler = () => ({ action: 'allow' });
  setWindowOpenHandler(handler) {
    this.windowOpenHandler = handler;
    note('webContents.windowOpen', handler({ url: 'https://example.org' }));
  }
  reload() {
    note('webContents.reload');
    void this.page?.reload().catch(() => {});
  }
  send(channel, ...args) {
    void this.page
      ?.evaluate(
        ([name, values]) => globalThis.__electronDouble?.emit(name, values),
        [channel, args],
      )
      .catch(() => {});
  }
}

export class BrowserWindow extends EventEmitter {
  webContents = new WebContents();
  destroyed = false;
  minimized = false;

  constructor(options) {
    super();
    note('BrowserWindow', options);
    this.options = options;
    app.emit('web-contents-created', {}, this.webContents);
    const prevented = { default: false };
    this.webContents.emit(
      'will-navigate',
      {
        preventDefault: () => {
          prevented.default = true;
        },
      },
      'https://example.org/',
    );
    note('webContents.willNavigate', prevented.default ? 'prevented' : 'allowed');
  }
  minimize() {
    this.minimized = true;
  }
  isMinimized() {
    return this.minimized;
  }
  restore() {
    this.minimized = false;
    note('BrowserWindow.restore');
  }
  isDestroyed() {
    return this.destroyed;
  }
  show() {
    note('BrowserWindow.show');
  }
  focus() {
    note('BrowserWindow.focus');
  }
  maximize() {
    note('BrowserWindow.maximize');
  }
  isMaximized() {
    return false;
  }
  getNormalBounds() {
    return { x: 40, y: 30, width: 1400, height: 900 };
  }

  async loadURL(url) {
    const context = await openContext();
    const page = context.pages()[0] ?? (await context.newPage());
    this.webContents.page = page;
    this.webContents.mainFrame.url = url;
    await page.route('http://*.app.localhost/**', (route) => this.answer(route));
    await page.exposeBinding('__electronDoubleInvoke', ({ frame }, channel, args) =>
      this.invoke(frame, channel, args),
    );
    await page.exposeBinding('__electronDoubleMenu', (_source, label) => clickMenu(label));
    await page.exposeBinding('__electronDoubleHappen', (_source, what) => HAPPENINGS[what](this));
    await page.addInitScript(PRELOAD_SHIM);
    const preload = readFileSync(this.options.webPreferences.preload, 'utf8');
    await page.addInitScript(`(() => { const { require, module, exports } = __electronDouble.scope;
${preload}
})();`);
    page.on('close', () => {
      this.emit('close');
      this.destroyed = true;
      this.emit('closed');
      // Electron says so of windows that a user has closed, and not of those that it closes itself.
      if (!app.quitting) app.emit('window-all-closed');
    });
    await page.goto(toPageUrl(url));
    this.emit('ready-to-show');
  }

  async answer(route) {
    const request = route.request();
    const url = toAppUrl(request.url());
    const handler = schemes.get(new URL(url).protocol.slice(0, -1));
    const response = await handler(new Request(url, { method: request.method() }));
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }

  async invoke(frame, channel, args) {
    const handler = handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    const isTop = frame.parentFrame() === null;
    const senderFrame = isTop ? this.webContents.mainFrame : { url: toAppUrl(frame.url()) };
    return handler({ sender: this.webContents, senderFrame }, ...args);
  }
}

const PRELOAD_SHIM = `
globalThis.__electronDouble = (() => {
  const listeners = new Map();
  const electron = {
    contextBridge: {
      exposeInMainWorld(name, api) {
        Object.defineProperty(globalThis, name, { value: Object.freeze({ ...api }) });
      },
    },
    ipcRenderer: {
      invoke: (channel, ...args) => globalThis.__electronDoubleInvoke(channel, args),
      on: (channel, listener) => {
        listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      },
    },
  };
  const require = (name) => {
    if (name === 'electron') return electron;
    throw new Error('a sandboxed preload may not require ' + name);
  };
  return {
    scope: { require, module: { exports: {} }, exports: {} },
    emit: (channel, args) => (listeners.get(channel) ?? []).forEach((one) => one({}, ...args)),
  };
})();
`;
