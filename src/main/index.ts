import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session } from 'electron';
import type { MenuCommand } from '../contract/menu.ts';
import { LabDesk } from '../runtime/desk/lab-desk.ts';
import { ProgramLog } from '../runtime/desk/program-log.ts';
import { defaultFolder, homeFolder } from '../runtime/home.ts';
import { programRoot, programVersion } from '../runtime/program-root.ts';
import { closeDoors } from './closed-doors.ts';
import { COMMAND_CHANNEL, EVENT_CHANNEL, registerIpc } from './ipc-gate.ts';
import { applicationMenu } from './menu.ts';
import { comeForward, saveBeforeQuit, watchCrashes } from './program-life.ts';
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
  closeDoors(app, session.defaultSession);
  protocol.handle(APP_SCHEME, serveApp);
  const home = homeFolder();
  const log = await ProgramLog.open(home);
  log.write('info', `Duplex Lab ${programVersion()} on Electron ${process.versions.electron}`);
  const window = openWindow();
  const desk = new LabDesk(labToOpen(), { home, log, chooseTarget: (name) => ask(window, name) });
  const send = (channel: string, data: unknown) => {
    if (!window.isDestroyed()) window.webContents.send(channel, data);
  };
  const setMenu = (commands: readonly MenuCommand[]) => {
    const template = applicationMenu(commands, (id) => send(COMMAND_CHANNEL, id));
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  };
  setMenu([]);
  registerIpc(ipcMain, {
    window: () => window,
    call: (method, parameters) => desk.call(method, parameters),
    setMenu,
  });
  desk.onEvent((event) => send(EVENT_CHANNEL, event));
  comeForward(app, window);
  watchCrashes(window, log);
  saveBeforeQuit(app, window, desk, dialog);
  app.on('window-all-closed', () => app.quit());
  // The page loads while the lab opens.
  const loaded = window.loadURL(`${APP_ORIGIN}/index.html`);
  // A window that is closed before it has loaded is no failure.
  await Promise.all([
    loaded.catch((error) => log.write('error', String(error))),
    desk.ready(),
  ]).catch((error) => {
    if (!window.isDestroyed()) throw error;
  });
}

/** Where a file goes is the user's to say, in a dialog of the system. */
async function ask(window: BrowserWindow, name: string) {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: `Save ${name}`,
    defaultPath: join(app.getPath('downloads'), name),
  });
  return canceled || !filePath ? null : { path: filePath, ownFolder: null };
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
  const shipped = join(programRoot(), 'resources', 'labs', 'lab50.yaml');
  const labFile = typeof values.lab === 'string' ? values.lab : shipped;
  const folder = typeof values.folder === 'string' ? values.folder : defaultFolder(labFile);
  return { labFile, folder, fresh: values.fresh === true };
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
  window.once('ready-to-show', () => window.show());
  return window;
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  dialog.showErrorBox('Duplex Lab could not open the lab', message);
  app.exit(1);
}
