import type {
  CallName,
  CallParameters,
  CallResult,
  LabError,
  RpcEvent,
  RpcReply,
} from '../../contract/rpc.ts';

/** A refused or failed call; the error is the contract's value. */
export class CallFailed extends Error {
  constructor(readonly detail: LabError) {
    super(`${detail.message} ${detail.remedy}`);
  }
}

export interface LabConnection {
  call<M extends CallName>(method: M, parameters: CallParameters<M>): Promise<CallResult<M>>;
  onEvent(listener: (event: RpcEvent) => void): void;
  /** Told when the host is gone, in a sentence for people, and when it is back. */
  onLink(listener: (connected: boolean, reason: string) => void): void;
}

/** The same contract over Electron's preload or the browser host's WebSocket. */
export function connectLab(): LabConnection {
  return window.duplexLab ? overPreload(window.duplexLab) : overWebSocket();
}

function overPreload(bridge: NonNullable<Window['duplexLab']>): LabConnection {
  return {
    async call(method, parameters) {
      return unwrap(await bridge.call(method, parameters)) as never;
    },
    onEvent: (listener) => bridge.onEvent((event) => listener(event as RpcEvent)),
    onLink: (listener) => listener(true, ''),
  };
}

const RECONNECT_MS = 1000;

function overWebSocket(): LabConnection {
  const pending = new Map<number, (reply: RpcReply) => void>();
  const eventListeners: ((event: RpcEvent) => void)[] = [];
  const linkListeners: ((connected: boolean, reason: string) => void)[] = [];
  const unsent: string[] = [];
  let nextId = 1;
  let socket: WebSocket;

  const open = () => {
    socket = new WebSocket(`ws://${location.host}/lab`);
    socket.onopen = () => {
      for (const text of unsent.splice(0)) socket.send(text);
      for (const listener of linkListeners) listener(true, '');
    };
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(String(data)) as RpcReply | RpcEvent;
      if ('event' in message) for (const listener of eventListeners) listener(message);
      else {
        pending.get(message.id)?.(message);
        pending.delete(message.id);
      }
    };
    socket.onclose = () => {
      for (const [id, answer] of pending) answer(lost(id));
      pending.clear();
      void explainLoss().then((reason) => {
        for (const listener of linkListeners) listener(false, reason);
      });
      setTimeout(open, RECONNECT_MS);
    };
  };
  open();

  return {
    call(method, parameters) {
      const id = nextId++;
      const text = JSON.stringify({ id, method, parameters });
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
      else unsent.push(text);
      return new Promise((resolve) => pending.set(id, resolve)).then((reply) =>
        unwrap(reply),
      ) as never;
    },
    onEvent: (listener) => void eventListeners.push(listener),
    onLink: (listener) => void linkListeners.push(listener),
  };
}

/** A host that answers but refuses us has been started again and has a new key. */
async function explainLoss(): Promise<string> {
  const answer = await fetch('/').catch(() => undefined);
  return answer?.status === 403
    ? 'The program was started again: open the new address that it printed.'
    : 'The lab does not answer. Trying again; nothing that was acknowledged is lost.';
}

function unwrap(reply: unknown): unknown {
  const typed = reply as RpcReply;
  if (typed.ok) return typed.value;
  throw new CallFailed(typed.error);
}

function lost(id: number): RpcReply {
  return {
    id,
    ok: false,
    error: {
      code: 'connection-lost',
      message: 'The lab did not answer: the connection was lost.',
      remedy: 'Is the program that serves it still running?',
      effect: 'possible',
    },
  };
}
