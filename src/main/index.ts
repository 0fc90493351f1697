import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session } from 'electron';
import type { LabStatus } from '../contract/rpc.ts';
import { LabClient } from '../runtime/worker/lab-client.ts';
import { registerIpc } from './ipc-gate.ts';
import { applicationMenu } from './menu.ts';
import { APP_ORIGIN, APP_SCHEME, serveApp } from './protocol.ts';
import { windowOptions } from './window-options.ts';
import { keepWindowState, readWindowState } from './window-state.ts';

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
  let problem: string | null = null;
  lab.onStatus(({ durability }: LabStatus) => {
    problem = durability.problem;
  });
  saveBeforeQuit(lab, () => problem);
  app.on('window-all-closed', () => app.quit());
  await window.loadURL(`${APP_ORIGIN}/index.html`);
}

/**
 * However the program is left (window, menu, session end), the lab is saved first. It is asked only
 * when that cannot be: what was done since the last durable moment would be lost.
 */
function saveBeforeQuit(lab: LabClient, problemOf: () => string | null): void {
  let saved = false;
  app.on('before-quit', (event) => {
    if (saved) return;
    event.preventDefault();
    const problem = problemOf();
    if (problem !== null && !mayLose(problem)) return;
    void lab.close().finally(() => {
      saved = true;
      app.quit();
    });
  });
}

/** True if the user quits all the same. */
function mayLose(problem: string): boolean {
  const chosen = dialog.showMessageBoxSync({
    type: 'warning',
    message: 'The lab cannot be saved. Quit all the same?',
    detail: `${problem} What was done since the last durable moment is lost.`,
    buttons: ['Stay', 'Quit and lose it'],
    defaultId: 0,
    cancelId: 0,
  });
  return chosen === 1;
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
  const stateFile = join(app.getPath('userData'), 'window.json');
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
  const state = readWindowState(stateFile, areas);
  const { isMaximized = false, ...bounds } = state ?? {};
  const options = windowOptions(join(import.meta.dirname, '../preload/index.cjs'));
  const window = new BrowserWindow({ ...options, ...bounds });
  if (isMaximized) window.maximize();
  window.on('close', () => {
    keepWindowState(stateFile, {
      ...window.getNormalBounds(),
      isMaximized: window.isMaximized(),
    });
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate(applicationMenu()));
  window.once('ready-to-show', () => window.show());
  return window;
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  dialog.showErrorBox('Duplex Lab could not open the lab', message);
  app.exit(1);
}
