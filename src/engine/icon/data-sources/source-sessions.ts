import { addInsert, addUpdate } from '../../idb/row-batch.ts';
import type { NamedValues } from '../../idb/row-changes.ts';
import type { Message } from '../../kernel/events.ts';
import { SECOND_US } from '../../kernel/lab-time.ts';
import type { IconContext, IconState } from '../icon-state.ts';
import { nextRow } from '../icon-state.ts';
import { secondsOf, textOf } from '../interactions/call-state.ts';
import type { IconRole } from '../options.ts';

/**
 * Sessions of data sources: for each provider and connection one row of G_DSS_*_PROVIDER, from
 * which one learns when data was to be had (source, Determining Data Availability). A row is made
 * with the first event that is stored; its number is GSYS_DOMAIN of all rows made in it.
 */

/** Why a connection was made (DSCONN_TYPE, docs/fidelity/icon.md §1). */
export const CONNECTION_TYPE = { first: 1, reconnect: 2, switchReconnection: 4 } as const;

/** DS_TYPE (docs/fidelity/icon.md, confirmed). */
export const SOURCE_TYPE = { tServer: 1, interactionServer: 2, outboundServer: 3 } as const;

export type DataProvider = 'GCC' | 'GLS' | 'GUD' | 'GOS';

const PROVIDER_ROLES: Readonly<Record<DataProvider, IconRole>> = {
  GCC: 'gcc',
  GLS: 'gls',
  GUD: 'gud',
  GOS: 'gos',
};

export type DataSource = {
  readonly name: string;
  readonly dbid: number;
  readonly type: number;
  /** Switch of a T-Server or an Interaction Server; 0 for none. */
  readonly switchDbid: number;
};

/** An event as both clocks have it. */
type EventMark = {
  readonly iconSeconds: number;
  readonly sourceSeconds: number;
  readonly sequence: string;
};

export type SourceSession = {
  readonly provider: DataProvider;
  readonly source: DataSource;
  readonly connectionType: number;
  readonly connectedSeconds: number;
  /** DSS_ID; 0 as long as nothing of it is stored. */
  row: number;
  last: EventMark | null;
  /** Its row does not say yet what the last event was. */
  isBehind: boolean;
};

export type DataSourceState = {
  /** Open ones, by provider and name of the source. */
  readonly sessions: Map<string, SourceSession>;
  /** Sources that this run of ICON has been connected to. */
  readonly known: Set<string>;
  /** The event that is being processed, and whose it is. */
  current: { readonly source: string; readonly mark: EventMark } | null;
};

export function createDataSourceState(): DataSourceState {
  return { sessions: new Map(), known: new Set(), current: null };
}

/** ICON has been connected to a source, or the source to its switch (`type` says so). */
export function openSourceSessions(context: IconContext, source: DataSource, type?: number): void {
  const { dataSources, options } = context.state;
  if (!options.useDssMonitor) return;
  const isKnown = dataSources.known.has(source.name);
  dataSources.known.add(source.name);
  const connectionType = type ?? (isKnown ? CONNECTION_TYPE.reconnect : CONNECTION_TYPE.first);
  for (const provider of providersOf(context.state, source)) {
    const key = `${provider} ${source.name}`;
    if (dataSources.sessions.has(key)) continue;
    const connectedSeconds = Math.floor(context.utcSeconds);
    const session = { provider, source, connectionType, connectedSeconds };
    dataSources.sessions.set(key, { ...session, row: 0, last: null, isBehind: false });
  }
}

function providersOf({ options }: IconState, { type }: DataSource): DataProvider[] {
  const all: DataProvider[] = type === SOURCE_TYPE.outboundServer ? ['GOS'] : ['GCC', 'GLS', 'GUD'];
  return all.filter((provider) => options.roles.includes(PROVIDER_ROLES[provider]));
}

/** The connection is gone: nothing more comes in these sessions. */
export function closeSourceSessions(context: IconContext, source: string): void {
  const { sessions } = context.state.dataSources;
  for (const [key, session] of [...sessions]) {
    if (session.source.name !== source) continue;
    sessions.delete(key);
    if (session.row === 0) continue;
    change(context, session, {
      ...lastEvent(session),
      DSCONN_ETIME: Math.floor(context.utcSeconds),
    });
  }
}

/** What is stored until `leaveEvent` is stored because of this event. */
export function enterEvent(context: IconContext, source: string, event: Message): void {
  const { dataSources, options } = context.state;
  if (!options.useDssMonitor) return;
  const iconSeconds = Math.floor(context.utcSeconds);
  const sourceSeconds = event['TimeinSecs'] === undefined ? iconSeconds : secondsOf(event);
  const sequence = textOf(event, 'EventSequenceNumber');
  dataSources.current = { source, mark: { iconSeconds, sourceSeconds, sequence } };
}

export function leaveEvent({ state }: IconContext): void {
  state.dataSources.current = null;
}

/** GSYS_DOMAIN of a row that is made now: DSS_ID of its session; 0 outside any. */
export function domainOf(context: IconContext, provider: string): number {
  const { current, sessions } = context.state.dataSources;
  const session = current && sessions.get(`${provider} ${current.source}`);
  if (!session) return 0;
  session.last = current.mark;
  session.isBehind = true;
  if (session.row === 0) begin(context, session, current.mark);
  return session.row;
}

function begin(context: IconContext, session: SourceSession, first: EventMark): void {
  const { state, eventSeq } = context;
  const { source, connectedSeconds, connectionType } = session;
  const table = tableOf(session);
  session.row = nextRow(state, table);
  addInsert(
    state.pipeline.accumulator,
    table,
    session.row,
    {
      DSS_ID: session.row,
      ICON_DBID: state.config.dbid,
      DS_DBID: source.dbid,
      DS_DBID_PRIM: source.dbid,
      DS2_DBID: source.switchDbid || null,
      DS_TYPE: source.type,
      ICON_STIME: state.startedSeconds,
      DSCONN_STIME: connectedSeconds,
      // The clocks of a lab agree.
      DSCONN_SDSTIME: connectedSeconds,
      DSCONN_SDSTS: connectedSeconds,
      DSCONN_TYPE: connectionType,
      FEVENT_ITIME: first.iconSeconds,
      FEVENT_ITS: first.iconSeconds,
      FEVENT_DSTIME: first.sourceSeconds,
      FEVENT_DSTS: first.sourceSeconds,
      FEVENT_DSSEQ: first.sequence || null,
    },
    eventSeq,
  );
}

/** Before rows leave the accumulator: the sessions tell up to which event they reach. */
export function writeLastEvents(context: IconContext): void {
  for (const session of context.state.dataSources.sessions.values()) {
    if (!session.isBehind) continue;
    change(context, session, lastEvent(session));
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
    if (session.row > 0) change(context, session, { NODATA_IUTC: Math.floor(context.utcSeconds) });
  }
}

function lastEvent(session: SourceSession): NamedValues {
  const { last } = session;
  session.isBehind = false;
  if (!last) return {};
  return {
    LEVENT_ITIME: last.iconSeconds,
    LEVENT_ITS: last.iconSeconds,
    LEVENT_DSTIME: last.sourceSeconds,
    LEVENT_DSTS: last.sourceSeconds,
    LEVENT_DSSEQ: last.sequence || null,
  };
}

function change(
  { state, eventSeq }: IconContext,
  session: SourceSession,
  named: NamedValues,
): void {
  addUpdate(state.pipeline.accumulator, tableOf(session), session.row, named, eventSeq);
}

function tableOf({ provider }: SourceSession): string {
  return `G_DSS_${provider}_PROVIDER`;
}
