import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { MAX_REQUEST_BYTES } from '../../src/contract/rpc.ts';
import { CALL_CHANNEL, MENU_CHANNEL, registerIpc } from '../../src/main/ipc-gate.ts';
import { programRoot } from '../../src/runtime/program-root.ts';

type Handler = (event: unknown, ...args: unknown[]) => unknown;

function gate() {
  const handlers = new Map<string, Handler>();
  const call = vi.fn(async () => ({ id: 0, ok: true as const, value: 'answered' }));
  const setMenu = vi.fn();
  const mainFrame = { url: 'app://duplexlab/index.html' };
  const webContents = { mainFrame };
  registerIpc(
    { handle: (channel: string, handler: Handler) => void handlers.set(channel, handler) } as never,
    { window: () => ({ webContents }) as never, call, setMenu },
  );
  const ours = { sender: webContents, senderFrame: mainFrame };
  return { handlers, call, setMenu, mainFrame, webContents, ours };
}

const ITEM = { id: 'run', title: 'Run', menu: 'Run' };

describe('the gate between window and lab', () => {
  const channels = [CALL_CHANNEL, MENU_CHANNEL];
  const goodArguments = (channel: string) =>
    channel === CALL_CHANNEL ? ['lab.status', {}] : [[ITEM]];

  it('has two channels and no others', () => {
    expect([...gate().handlers.keys()]).toEqual(channels);
  });

  it.each(channels)('%s lets our own page through', async (channel) => {
    const { handlers, ours } = gate();
    const reply = await handlers.get(channel)!(ours, ...goodArguments(channel));
    expect(reply).toMatchObject({ ok: true });
  });

  it.each(channels)('%s refuses every other sender', async (channel) => {
    const { call, handlers, mainFrame, setMenu, webContents } = gate();
    const senders: Readonly<Record<string, unknown>> = {
      'no frame': { sender: webContents, senderFrame: null },
      'a frame inside the page': {
        sender: webContents,
        senderFrame: { url: 'app://duplexlab/index.html' },
      },
      'another window': { sender: {}, senderFrame: mainFrame },
    };
    for (const [who, event] of Object.entries(senders)) {
      const reply = await handlers.get(channel)!(event, ...goodArguments(channel));
      expect(reply, who).toMatchObject({ ok: false, error: { code: 'wrong-sender' } });
    }
    for (const url of ['https://example.org/', 'app://duplexlab.example.org/', 'file:///x']) {
      mainFrame.url = url;
      const event = { sender: webContents, senderFrame: mainFrame };
      const reply = await handlers.get(channel)!(event, ...goodArguments(channel));
      expect(reply, url).toMatchObject({ ok: false, error: { code: 'wrong-sender' } });
    }
    expect(call).not.toHaveBeenCalled();
    expect(setMenu).not.toHaveBeenCalled();
  });

  it('a call names a method, and is no larger than the limit', async () => {
    const { call, handlers, ours } = gate();
    const ask = (method: unknown, parameters: unknown) =>
      handlers.get(CALL_CHANNEL)!(ours, method, parameters);
    for (const method of [42, null, undefined, {}, ['lab.status']]) {
      expect(await ask(method, {})).toMatchObject({ error: { code: 'invalid-request' } });
    }
    const large = 'x'.repeat(MAX_REQUEST_BYTES);
    expect(await ask('lab.status', large)).toMatchObject({ error: { code: 'too-large' } });
    const round: { self?: unknown } = {};
    round.self = round;
    expect(await ask('lab.status', round)).toMatchObject({ error: { code: 'too-large' } });
    expect(call).not.toHaveBeenCalled();
  });

  it.each([
    [null],
    ['Run'],
    [{}],
    [[42]],
    [[{ ...ITEM, role: 'quit' }]],
    [[{ ...ITEM, title: 'x'.repeat(201) }]],
    [Array.from({ length: 501 }, () => ITEM)],
    [['x'.repeat(600_000)]],
  ])('a menu that is none is refused: %#', async (commands) => {
    const { handlers, ours, setMenu } = gate();
    const reply = await handlers.get(MENU_CHANNEL)!(ours, commands);
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-request' } });
    expect(setMenu).not.toHaveBeenCalled();
  });
});

describe('the preload', () => {
  function load() {
    const text = readFileSync(join(programRoot(), 'out', 'preload', 'index.cjs'), 'utf8');
    const exposed = new Map<string, Record<string, (...args: unknown[]) => unknown>>();
    const listeners = new Map<string, (...args: unknown[]) => void>();
    const invoke = vi.fn();
    const required: string[] = [];
    const electron = {
      contextBridge: { exposeInMainWorld: (name: string, api: never) => exposed.set(name, api) },
      ipcRenderer: {
        invoke,
        on: (channel: string, listener: never) => listeners.set(channel, listener),
      },
    };
    const require = (name: string) => {
      required.push(name);
      return name === 'electron' ? electron : undefined;
    };
    new Function('require', 'module', 'exports', text)(require, { exports: {} }, {});
    return { exposed, invoke, listeners, required };
  }

  it('exposes named verbs only, and needs nothing but electron', () => {
    const { exposed, required } = load();
    expect([...exposed.keys()]).toEqual(['duplexLab']);
    expect(Object.keys(exposed.get('duplexLab')!)).toEqual([
      'call',
      'setMenu',
      'onEvent',
      'onCommand',
    ]);
    expect(required).toEqual(['electron']);
  });

  it('hands on what was said, never the event of Electron', () => {
    const { exposed, invoke, listeners } = load();
    const api = exposed.get('duplexLab')!;
    const heard = vi.fn();
    api['onEvent'](heard);
    api['onCommand'](heard);
    listeners.get('lab:event')!({ sender: 'secret' }, { event: 'status' });
    listeners.get('window:command')!({ sender: 'secret' }, 'run');
    expect(heard.mock.calls).toEqual([[{ event: 'status' }], ['run']]);
    api['call']('lab.status', {});
    expect(invoke).toHaveBeenCalledWith('lab:call', 'lab.status', {});
  });
});
