import type { PlainData } from '../kernel/plain-data.ts';
import type { Behaviour } from '../kernel/process.ts';
import {
  type AgentConfig,
  connectLocalMds,
  type LocalMdsState,
  listenOrExit,
  registerWithMds,
  retryLocalMds,
} from './local-mds.ts';
import type { MdsClientMessage } from './messages.ts';
import { REAL_TIME_PORT } from './ports.ts';

/** Real-time figures of one object, as the router last put them out. */
export type RealTimeRow = {
  readonly kind: 'skill group' | 'call type' | 'router';
  readonly name: string;
  readonly loggedOn: number;
  readonly available: number;
  readonly queued: number;
  readonly routed: number;
};

export type RealTimeState = LocalMdsState & {
  rows: readonly RealTimeRow[];
  /** UTC second of the figures, 0 before the first. */
  second: number;
  readonly subscribers: Set<number>;
};

/** The real-time server (rts): passes the router's figures on to whoever subscribed. */
export const realTimeServer: Behaviour<RealTimeState> = {
  kind: 'rts',
  create: (config) => ({
    config: config as AgentConfig,
    mdsSession: 0,
    mdsOpen: false,
    rows: [],
    second: 0,
    subscribers: new Set(),
  }),
  onStart(context) {
    if (!listenOrExit(context, REAL_TIME_PORT[context.state.config.side])) return;
    connectLocalMds(context);
  },
  onTimer: (context) => connectLocalMds(context),
  onAccepted: (context, { session }) => void context.state.subscribers.add(session),
  onOpened: (context) => registerWithMds(context, 'rts'),
  onClosed(context, session) {
    if (session === context.state.mdsSession) retryLocalMds(context);
    else context.state.subscribers.delete(session);
  },
  onMessage(context, { session, message }) {
    const { state } = context;
    const typed = message as unknown as MdsClientMessage;
    if (session !== state.mdsSession || typed.type !== 'output') return;
    state.rows = typed.message['rows'] as readonly RealTimeRow[];
    state.second = Number(typed.message['second']);
    const feed = { type: 'real time', second: state.second, rows: state.rows as PlainData };
    for (const subscriber of state.subscribers) context.send(subscriber, feed);
  },
};
