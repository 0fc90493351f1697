import type { BrowserWindow, IpcMain, IpcMainInvokeEvent } from 'electron';
import { type MenuCommand, menuCommands } from '../contract/menu.ts';
import { MAX_REQUEST_BYTES, type RpcReply } from '../contract/rpc.ts';
import { APP_ORIGIN } from './protocol.ts';

/** The channels on which the renderer may call; there are no others. */
export const CALL_CHANNEL = 'lab:call';
export const MENU_CHANNEL = 'window:menu';
/** The channels on which it is told something. */
export const EVENT_CHANNEL = 'lab:event';
export const COMMAND_CHANNEL = 'window:command';

const MAX_MENU_BYTES = 500_000;

export type IpcServices = {
  readonly window: () => BrowserWindow;
  readonly call: (method: string, parameters: unknown) => Promise<RpcReply>;
  readonly setMenu: (commands: readonly MenuCommand[]) => void;
};

/** Lets a call through only from our own page's top frame and within the size limit. */
export function registerIpc(ipcMain: Pick<IpcMain, 'handle'>, services: IpcServices): void {
  const { call, setMenu, window } = services;
  ipcMain.handle(CALL_CHANNEL, (event, method: unknown, parameters: unknown) => {
    if (!isOurPage(event, window())) return WRONG_SENDER;
    if (typeof method !== 'string') return refuse('invalid-request', 'A call names its method.');
    if (sizeBytes(parameters) > MAX_REQUEST_BYTES) {
      const most = MAX_REQUEST_BYTES.toLocaleString('en-US');
      return refuse('too-large', `A request may have ${most} bytes at most.`);
    }
    return call(method, parameters);
  });
  ipcMain.handle(MENU_CHANNEL, (event, commands: unknown) => {
    if (!isOurPage(event, window())) return WRONG_SENDER;
    const parsed = sizeBytes(commands) > MAX_MENU_BYTES ? null : menuCommands.safeParse(commands);
    if (!parsed?.success) return refuse('invalid-request', 'This is no list of commands.');
    setMenu(parsed.data);
    return { id: 0, ok: true, value: null } satisfies RpcReply;
  });
}

function isOurPage(event: IpcMainInvokeEvent, window: BrowserWindow): boolean {
  const frame = event.senderFrame;
  return (
    frame !== null &&
    event.sender === window.webContents &&
    frame === window.webContents.mainFrame &&
    frame.url.startsWith(`${APP_ORIGIN}/`)
  );
}

/** What cannot be written as JSON is larger than any limit. */
function sizeBytes(parameters: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(parameters) ?? '');
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

const WRONG_SENDER = refuse('wrong-sender', 'This page may not call the lab.');

function refuse(code: string, message: string): RpcReply {
  const remedy = 'Use the window of Duplex Lab.';
  return { id: 0, ok: false, error: { code, message, remedy, effect: 'none' } };
}
