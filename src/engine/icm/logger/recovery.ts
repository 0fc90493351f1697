import type { Message } from '../../kernel/events.ts';
import type { Behaviour, Context } from '../../kernel/process.ts';
import { listenOrExit } from '../local-mds.ts';
import { type HistoryRow, otherSide, type Side } from '../messages.ts';
import { RECOVERY_PORT } from '../ports.ts';
import type { IcmSettings } from '../settings.ts';
import {
  addKey,
  appendHistory,
  type HistoryPart,
  type KeyRange,
  missingKeys,
  noteRow,
  readHistory,
} from './history-file.ts';

type RecoveryConfig = {
  readonly side: Side;
  readonly peerHost: string;
  readonly settings: IcmSettings;
};

export type RecoveryState = {
  readonly config: RecoveryConfig;
  /** To the other side's recovery, opened by this one. */
  peerSession: number;
  peerOpen: boolean;
  /** How far this side's history file has been looked at. */
  nextByte: number;
  /** Where in it rows are looked up. */
  readonly parts: HistoryPart[];
  /** Keys of the rows that this side has. */
  readonly known: KeyRange[];
  /** Keys that neither side has: written while both Loggers were down. */
  readonly lost: KeyRange[];
};

type RecoveryContext = Context<RecoveryState>;
type RecoveryMessage =
  | { type: 'history wanted'; last: number; ranges: readonly KeyRange[] }
  | { type: 'history'; last: number; ranges: readonly KeyRange[]; rows: readonly HistoryRow[] };

const ROWS_AT_ONCE = 500;

/** Logger recovery (rcv): brings the rows that this side missed from the other side. */
export const recovery: Behaviour<RecoveryState> = {
  kind: 'rcv',
  create: (config) => ({
    config: config as RecoveryConfig,
    peerSession: 0,
    peerOpen: false,
    nextByte: 0,
    parts: [],
    known: [],
    lost: [],
  }),
  onStart(context) {
    const { side, settings } = context.state.config;
    if (!listenOrExit(context, RECOVERY_PORT[side])) return;
    context.setTimer('compare', settings.recoveryInterval);
  },
  onTimer: compare,
  onOpened(context, { session }) {
    const { state } = context;
    if (session !== state.peerSession) return;
    state.peerOpen = true;
    ask(context);
  },
  onClosed(context, session) {
    const { state } = context;
    if (session !== state.peerSession) return;
    state.peerSession = 0;
    state.peerOpen = false;
  },
  onMessage(context, { session, message }) {
    const typed = message as unknown as RecoveryMessage;
    if (typed.type === 'history wanted') tell(context, session, typed.ranges);
    // Somebody else may have dialed this port.
    else if (typed.type === 'history') take(context, typed);
  },
};

function compare(context: RecoveryContext): void {
  const { state } = context;
  context.setTimer('compare', state.config.settings.recoveryInterval);
  if (state.peerOpen) return ask(context);
  if (state.peerSession) return;
  const { side, peerHost: host } = state.config;
  const port = RECOVERY_PORT[otherSide(side)];
  state.peerSession = context.connect({ host, port, network: 'private', priority: 'low' });
}

/** Looks at what the historical logger has written since. */
function readOn(context: RecoveryContext): void {
  const { state } = context;
  state.nextByte = readHistory(context, state.nextByte, ({ recoveryKey }, atByte) => {
    addKey(state.known, recoveryKey);
    noteRow(state.parts, recoveryKey, atByte);
  });
}

function lastKnown({ state }: RecoveryContext): number {
  return state.known.at(-1)?.to ?? 0;
}

function ask(context: RecoveryContext): void {
  const { state } = context;
  readOn(context);
  const last = lastKnown(context);
  const settled = [...state.known, ...state.lost].sort((a, b) => a.from - b.from);
  const ranges = [...missingKeys(settled, last), { from: last + 1, to: Number.MAX_SAFE_INTEGER }];
  context.send(state.peerSession, { type: 'history wanted', last, ranges });
}

function tell(context: RecoveryContext, session: number, ranges: readonly KeyRange[]): void {
  readOn(context);
  const rows = wantedRows(context, ranges);
  const message = { type: 'history', last: lastKnown(context), ranges, rows };
  context.send(session, message as unknown as Message);
}

/** The first ones in the file. */
function wantedRows(context: RecoveryContext, ranges: readonly KeyRange[]): HistoryRow[] {
  const { nextByte, parts } = context.state;
  const rows: HistoryRow[] = [];
  for (const [at, { fromByte, keys }] of parts.entries()) {
    if (!ranges.some(({ from, to }) => from <= keys.to && to >= keys.from)) continue;
    const take = (row: HistoryRow) => {
      const key = row.recoveryKey;
      if (ranges.some(({ from, to }) => key >= from && key <= to)) rows.push(row);
    };
    readHistory(context, fromByte, take, parts[at + 1]?.fromByte ?? nextByte);
    if (rows.length >= ROWS_AT_ONCE) break;
  }
  return rows.slice(0, ROWS_AT_ONCE);
}

function take(
  context: RecoveryContext,
  answer: Extract<RecoveryMessage, { type: 'history' }>,
): void {
  const { state } = context;
  readOn(context);
  const mine = (key: number) => state.known.some(({ from, to }) => key >= from && key <= to);
  const fresh = answer.rows.filter(({ recoveryKey }) => !mine(recoveryKey));
  appendHistory(context, fresh);
  readOn(context);
  if (fresh.length > 0) {
    context.log('info', `Recovery: ${fresh.length} rows of history brought from the other side.`);
  }
  if (answer.rows.length === ROWS_AT_ONCE) return ask(context);
  const limit = Math.min(answer.last, lastKnown(context));
  const settled = [...state.known, ...state.lost].sort((a, b) => a.from - b.from);
  const lost = missingKeys(settled, limit);
  for (const range of lost) {
    state.lost.push(range);
    const which =
      range.from === range.to ? `row ${range.from} is` : `rows ${range.from} to ${range.to} are`;
    context.log('warn', `Recovery: ${which} on neither side.`);
  }
}
