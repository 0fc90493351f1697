import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, session } from 'electron';
import { LabClient } from '../runtime/worker/lab-client.ts';
import { registerIpc } from './ipc-gate.ts';
import { applicationMenu } from './menu.ts';
import { APP_ORIGIN, APP_SCHEME, serveApp } from './protocol.ts';
import { windowOptions } from './window-options.ts';

protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

if (!app.requestSingleInstanceLock()) app.quit();
else void start().catch(fail);

async function start(): Promise<void> {
  await app.whenReady();
  denyEverything();
  protocol.handle(APP_SCHEME, serveApp);
  const lab = await LabClient.open(labToOpen());
  const window = openWindow();
  registerIpc(ipcMain, () => window, lab);
  lab.onStatus((status) => {
    if (!window.isDestroyed()) window.webContents.send('lab:status', status);
  });
  app.on('second-instance', () => window.focus());
  saveBeforeQuit(lab);
  app.on('window-all-closed', () => app.quit());
  await window.loadURL(`${APP_ORIGIN}/index.html`);
}

/** However the program is left (window, menu, session end), the lab is saved first. */
function saveBeforeQuit(lab: LabClient): void {
  let saved = false;
  app.on('before-quit', (event) => {
    if (saved) return;
    event.preventDefault();
    void lab.close().finally(() => {
      saved = true;
      app.quit();
    });
  });
}

function labToOpen() {
  const { values } = parseArgs({
    args: process.argv.slice(1),
    allowPositionals: true,
    strict: false,
    options: {
      lab: { type: 'string' },
      folder: { type: 'string' },
      fresh: { type: 'boolean', default: false },
    },
  });
  const labFile = typeof values.lab === 'string' ? values.lab : shippedLab();
  const folder =
    typeof values.folder === 'string'
      ? values.folder
      : join(app.getPath('userData'), 'labs', 'lab50');
  return { labFile, folder, fresh: values.fresh === true };
}

function shippedLab(): string {
  return join(app.getAppPath(), 'resources', 'labs', 'lab50.yaml');
}

/** No permission is ever needed; no page but our own is ever opened. */
function denyEverything(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false);
  });
  session.defaultSession.setPermissionCheckHandler(() => false);
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event, url) => {
      if (!url.startsWith(`${APP_ORIGIN}/`)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

function openWindow(): BrowserWindow {
  const window = new BrowserWindow(
    windowOptions(join(import.meta.dirname, '../preload/index.cjs')),
  );
  Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu()));
  window.once('ready-to-show', () => window.show());
  return window;
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  dialog.showErrorBox('Duplex Lab could not open the lab', message);
  app.exit(1);
}
