import type { BrowserWindow, IpcMain, IpcMainInvokeEvent } from 'electron';
import { MAX_REQUEST_BYTES, type RpcReply } from '../contract/rpc.ts';
import type { LabClient } from '../runtime/worker/lab-client.ts';
import { APP_ORIGIN } from './protocol.ts';

/** The one channel on which the renderer may call. */
export const CALL_CHANNEL = 'lab:call';

/** Lets a call through only from our own page's top frame and within the size limit. */
export function registerIpc(
  ipcMain: Pick<IpcMain, 'handle'>,
  window: () => BrowserWindow,
  lab: Pick<LabClient, 'call'>,
): void {
  ipcMain.handle(CALL_CHANNEL, (event, method: unknown, parameters: unknown) => {
    const refusal = refuseCall(event, window(), method, parameters);
    if (refusal) return refusal;
    return lab.call(String(method), parameters);
  });
}

function refuseCall(
  event: IpcMainInvokeEvent,
  window: BrowserWindow,
  method: unknown,
  parameters: unknown,
): RpcReply | undefined {
  const frame = event.senderFrame;
  const isOurPage =
    frame !== null &&
    event.sender === window.webContents &&
    frame === window.webContents.mainFrame &&
    frame.url.startsWith(`${APP_ORIGIN}/`);
  if (!isOurPage) return refuse('wrong-sender', 'This page may not call the lab.');
  if (typeof method !== 'string') return refuse('invalid-request', 'A call names its method.');
  if (sizeBytes(parameters) > MAX_REQUEST_BYTES) {
    return refuse('too-large', `A request may have ${MAX_REQUEST_BYTES} bytes at most.`);
  }
  return undefined;
}

/** What cannot be written as JSON is larger than any limit. */
function sizeBytes(parameters: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(parameters) ?? '');
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function refuse(code: string, message: string): RpcReply {
  const remedy = 'Use the window of Duplex Lab.';
  return { id: 0, ok: false, error: { code, message, remedy, effect: 'none' } };
}
