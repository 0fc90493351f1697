import type { Message } from '../../kernel/events.ts';
import { encodePlainData } from '../../kernel/plain-data.ts';
import { decodePlainData } from '../../kernel/plain-data-reader.ts';
import type { Behaviour, Context } from '../../kernel/process.ts';
import type { HistoryRow } from '../messages.ts';
import {
  type ClientConfig,
  type ClientState,
  createClientState,
  SynchronizedClient,
} from '../synchronized-client.ts';
import { appendHistory, readHistory } from './history-file.ts';

const STATE_VERSION = 1;

export type HistoricalLoggerState = {
  readonly client: ClientState;
  /** Highest recovery key that the pair has seen; rows up to it exist on one side at least. */
  lastKey: number;
};

/**
 * The historical logger (hlgr): writes what its own router puts out. Its state transfer brings the
 * recovery key alone; the rows that this side missed come by recovery (ICM-XFER-10).
 */
const synchronized = new SynchronizedClient<HistoricalLoggerState>({
  name: 'hlgr',
  version: () => STATE_VERSION,
  objectCount: () => 1,
  snapshot({ state }) {
    return [{ name: 'recovery key', numbers: [], bytes: encodePlainData(state.lastKey) }];
  },
  recreate(context, [{ bytes }]) {
    const { state } = context;
    state.lastKey = Math.max(state.lastKey, Number(decodePlainData(bytes)));
    tellKey(context);
  },
  startAlone(context) {
    synchronized.activate(context);
    tellKey(context);
  },
  onOrdered(context, { message }) {
    if (message.type === 'history key request') tellKey(context);
  },
  onOther(context, message: Message) {
    if (message.type !== 'history row') return;
    const row = message as unknown as HistoryRow;
    context.state.lastKey = Math.max(context.state.lastKey, row.recoveryKey);
    appendHistory(context, [row]);
  },
});

/** Routers that start anew must not give keys that rows on disk have already. */
function tellKey(context: Context<HistoricalLoggerState>): void {
  const { client, lastKey: key } = context.state;
  const input = { to: 'rtr', from: context.self, message: { type: 'history key', key } };
  context.send(client.mdsSession, { type: 'input', input });
}

export const historicalLogger: Behaviour<HistoricalLoggerState> = {
  kind: 'hlgr',
  create: (config) => ({ client: createClientState(config as ClientConfig), lastKey: 0 }),
  onStart(context) {
    const { state } = context;
    state.lastKey = 0;
    readHistory(context, 0, ({ recoveryKey }) => {
      state.lastKey = Math.max(state.lastKey, recoveryKey);
    });
    synchronized.connect(context);
  },
  onTimer: (context, name) => void synchronized.onTimer(context, name),
  onOpened: (context, peer) => synchronized.onOpened(context, peer),
  onClosed: (context, session, reason) => synchronized.onClosed(context, session, reason),
  onMessage: (context, delivery) => synchronized.onMessage(context, delivery),
};
