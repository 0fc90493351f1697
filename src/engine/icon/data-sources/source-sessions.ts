import type { Message } from '../../kernel/events.ts';
import { createKeptFile, type KeptFile } from '../../kernel/kept-map.ts';
import { SECOND_US } from '../../kernel/lab-time.ts';
import type { IconContext, IconState } from '../icon-state.ts';
import { secondsOf, textOf } from '../interactions/call-state.ts';
import type { IconRole } from '../options.ts';
import { beginRow, changeRow, endRow } from './session-rows.ts';

/**
 * Sessions of data sources: for each provider and connection one row of G_DSS_*_PROVIDER, from
 * which one learns when data was to be had (source, Determining Data Availability). A row is made
 * with the first event that is stored; its number is GSYS_DOMAIN of all rows made in it.
 */

/** Why a connection was made (DSCONN_TYPE, docs/fidelity/icon.md §2). */
export const CONNECTION_TYPE = {
  first: 1,
  reconnect: 2,
  sourceRestart: 3,
  switchReconnection: 4,
  switchover: 5,
} as const;

/** DS_TYPE (docs/fidelity/icon.md §2, confirmed); that of a Configuration Server is not known. */
export const SOURCE_TYPE = {
  tServer: 1,
  interactionServer: 2,
  outboundServer: 3,
  configurationServer: null,
} as const;

export type DataProvider = 'GCC' | 'GLS' | 'GUD' | 'GOS' | 'CFG';

const PROVIDER_ROLES: Readonly<Record<DataProvider, IconRole>> = {
  GCC: 'gcc',
  GLS: 'gls',
  GUD: 'gud',
  GOS: 'gos',
  CFG: 'cfg',
};

export type DataSource = {
  readonly name: string;
  /** Of the server that ICON is connected to. */
  readonly dbid: number;
  /** Of the primary of a redundant pair, if that is another one. */
  readonly primaryDbid?: number;
  readonly type: (typeof SOURCE_TYPE)[keyof typeof SOURCE_TYPE];
  /** Switch of a T-Server or an Interaction Server; 0 for none. */
  readonly switchDbid: number;
};

/** An event as both clocks have it. */
export type EventMark = {
  readonly iconSeconds: number;
  readonly sourceSeconds: number;
  readonly sequence: string;
};

export type SourceSession = {
  readonly provider: DataProvider;
  readonly source: DataSource;
  connectionType: number;
  connectedSeconds: number;
  /** DSS_ID; 0 as long as nothing of it is stored. */
  row: number;
  last: EventMark | null;
  /** Its row does not say yet what the last event was. */
  isBehind: boolean;
};

/** A row of an open session, as it outlives a run of ICON in a file. */
export type KeptSession = {
  readonly table: string;
  readonly row: number;
  /** When ICON was asked to end; 0: it was not. */
  readonly stoppedSeconds: number;
};

/** The server that ICON was connected to last, and the number of its last event. */
type KnownSource = { readonly dbid: number; sequence: string };

export type DataSourceState = {
  /** Open ones, by provider and name of the source. */
  readonly sessions: Map<string, SourceSession>;
  /** Sources that this run of ICON has been connected to. */
  readonly known: Map<string, KnownSource>;
  /** Sources that have no switch just now: nothing that they say begins a session. */
  readonly switchless: Set<string>;
  /** Whose data is being processed, and the event that it is; null without one. */
  current: { readonly source: string; readonly mark: EventMark | null } | null;
  /** Those of `sessions` that have a row, under the same keys. */
  readonly kept: Map<string, KeptSession>;
  readonly file: KeptFile;
};

export function createDataSourceState(): DataSourceState {
  return {
    sessions: new Map(),
    known: new Map(),
    switchless: new Set(),
    current: null,
    kept: new Map(),
    file: createKeptFile(),
  };
}

/** ICON has been connected to a source. */
export function openSourceSessions(context: IconContext, source: DataSource): void {
  const { known } = context.state.dataSources;
  const before = known.get(source.name);
  // Each server of a pair counts its events by itself.
  if (before?.dbid !== source.dbid) known.set(source.name, { dbid: source.dbid, sequence: '' });
  let type: number = CONNECTION_TYPE.first;
  if (before?.dbid === source.dbid) type = CONNECTION_TYPE.reconnect;
  else if (before) type = CONNECTION_TYPE.switchover;
  open(context, source, type);
}

/** The source has its switch: again, or for the first time since ICON was connected to it. */
export function onSwitchConnected(context: IconContext, source: DataSource): void {
  const { sessions, switchless } = context.state.dataSources;
  switchless.delete(source.name);
  for (const session of sessions.values()) {
    if (session.source.name !== source.name || session.row > 0) continue;
    session.connectedSeconds = Math.floor(context.utcSeconds);
  }
  open(context, source, CONNECTION_TYPE.switchReconnection);
}

/** It has lost it: what has stored nothing yet is as if it had not begun. */
export function onSwitchDisconnected(context: IconContext, source: DataSource): void {
  closeSourceSessions(context, source.name, ({ row }) => row > 0);
  context.state.dataSources.switchless.add(source.name);
}

function open(context: IconContext, source: DataSource, connectionType: number): void {
  const { dataSources, options } = context.state;
  if (!options.useDssMonitor) return;
  const { sessions } = dataSources;
  for (const provider of providersOf(context.state, source)) {
    const key = `${provider} ${source.name}`;
    if (sessions.has(key)) continue;
    const connectedSeconds = Math.floor(context.utcSeconds);
    const session = { provider, source, connectionType, connectedSeconds };
    sessions.set(key, { ...session, row: 0, last: null, isBehind: false });
  }
}

function providersOf({ options }: IconState, { type }: DataSource): DataProvider[] {
  let all: DataProvider[] = ['GCC', 'GLS', 'GUD'];
  if (type === SOURCE_TYPE.outboundServer) all = ['GOS'];
  else if (type === SOURCE_TYPE.configurationServer) all = ['CFG'];
  return all.filter((provider) => options.roles.includes(PROVIDER_ROLES[provider]));
}

/** The connection is gone: nothing more comes in these sessions. */
export function closeSourceSessions(
  context: IconContext,
  source: string,
  isOver: (session: SourceSession) => boolean = () => true,
): void {
  const { sessions, switchless } = context.state.dataSources;
  switchless.delete(source);
  for (const [key, session] of [...sessions]) {
    if (session.source.name !== source || !isOver(session)) continue;
    sessions.delete(key);
    if (session.row > 0) endRow(context, session);
  }
}

/** What is stored until `leaveSource` is stored because of this event. */
export function enterEvent(context: IconContext, source: string, event: Message): void {
  const { dataSources, options } = context.state;
  if (!options.useDssMonitor) return;
  const iconSeconds = Math.floor(context.utcSeconds);
  const sourceSeconds = event['TimeinSecs'] === undefined ? iconSeconds : secondsOf(event);
  const sequence = textOf(event, 'EventSequenceNumber');
  dataSources.current = { source, mark: { iconSeconds, sourceSeconds, sequence } };
  if (sequence === '') return;
  const known = dataSources.known.get(source)!;
  if (sequence < known.sequence) markRestarted(dataSources, source);
  known.sequence = sequence;
}

/** What is stored until `leaveSource` is about data of this source, and no event has caused it. */
export function enterSource({ state }: IconContext, source: string): void {
  if (state.options.useDssMonitor) state.dataSources.current = { source, mark: null };
}

export function leaveSource({ state }: IconContext): void {
  state.dataSources.current = null;
}

/** A source counts its events from its start on: one that counts anew was started again. */
function markRestarted({ sessions }: DataSourceState, source: string): void {
  for (const session of sessions.values()) {
    if (session.source.name !== source || session.row > 0) continue;
    if (session.connectionType !== CONNECTION_TYPE.reconnect) continue;
    session.connectionType = CONNECTION_TYPE.sourceRestart;
  }
}

/** GSYS_DOMAIN of a row that is made now: DSS_ID of its session; 0 outside any. */
export function domainOf(context: IconContext, provider: string): number {
  const { current, sessions, switchless } = context.state.dataSources;
  const session = current && sessions.get(`${provider} ${current.source}`);
  if (!session || (session.row === 0 && switchless.has(current.source))) return 0;
  if (current.mark) storeEvent(context, session, current.mark);
  return session.row;
}

/** Rows of the configuration go to the queue: the newest change that they know is their event. */
export function enterConfiguration(context: IconContext, source: string): void {
  const { cacheTime, dataSources, record } = context.state;
  const session = dataSources.sessions.get(`CFG ${source}`);
  if (!session) return;
  const iconSeconds = Math.floor(context.utcSeconds);
  const sequence = record > 0 ? String(record) : '';
  storeEvent(context, session, { iconSeconds, sourceSeconds: cacheTime || iconSeconds, sequence });
}

function storeEvent(context: IconContext, session: SourceSession, mark: EventMark): void {
  session.last = mark;
  session.isBehind = true;
  if (session.row === 0) beginRow(context, session, mark);
}

/** Before rows leave the accumulator: the sessions tell up to which event they reach. */
export function writeLastEvents(context: IconContext): void {
  for (const session of context.state.dataSources.sessions.values()) {
    if (!session.isBehind) continue;
    changeRow(context, session, {});
    awaitData(context, session.provider);
  }
}

/** Option dss-no-data-tout: how long a provider may have nothing new. */
function awaitData(context: IconContext, provider: DataProvider): void {
  const { dssNoDataSeconds } = context.state.options;
  context.setTimer(`no data ${provider}`, dssNoDataSeconds * SECOND_US);
}

/** None of its sources has had anything: a record for all of them, so that IDB shows life. */
export function tellNoData(context: IconContext, provider: string): void {
  for (const session of context.state.dataSources.sessions.values()) {
    if (session.provider !== provider) continue;
    awaitData(context, session.provider);
    if (session.row === 0) continue;
    changeRow(context, session, { NODATA_IUTC: Math.floor(context.utcSeconds) });
  }
}
