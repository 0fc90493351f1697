import { DAY_SECONDS, daysOf } from '../../kernel/lab-time.ts';
import type { CellValue } from '../row-changes.ts';

/** Rows of G_DSS_*_PROVIDER as sessions, for whoever asks how far data can be trusted. */

export const PROVIDERS = ['GCC', 'GLS', 'GUD', 'GOS', 'CFG'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

export function providerTable(provider: ProviderName) {
  return `G_DSS_${provider}_PROVIDER` as const;
}

/** A row of a provider table; moments are UTC seconds of ICON's clock. */
export type ProviderSession = {
  readonly provider: ProviderName;
  readonly dssId: number;
  /** DBID of the ICON, and of the data source. */
  readonly icon: number;
  readonly source: number;
  readonly connectionType: number;
  readonly iconStart: number;
  readonly iconEnd: number | null;
  readonly connected: number;
  readonly disconnected: number | null;
  readonly firstEvent: number | null;
  readonly lastEvent: number | null;
  /** The same event by the clock of the data source: earlier where ICON handled it late. */
  readonly lastTold: number | null;
  readonly noData: number | null;
};

export type Cells = { readonly [column: string]: CellValue };

export function readSession(provider: ProviderName, cells: Cells): ProviderSession {
  const number = (column: string) => Number(cells[column] ?? 0);
  const maybe = (column: string) => (cells[column] === null ? null : Number(cells[column]));
  const moment = (column: string) => parseGmt(cells[column]);
  return {
    provider,
    dssId: number('DSS_ID'),
    icon: number('ICON_DBID'),
    source: number('DS_DBID_PRIM'),
    connectionType: number('DSCONN_TYPE'),
    iconStart: moment('ICON_STIME') ?? 0,
    iconEnd: moment('ICON_ETIME'),
    connected: moment('DSCONN_STIME') ?? 0,
    disconnected: moment('DSCONN_ETIME'),
    firstEvent: moment('FEVENT_ITIME'),
    lastEvent: moment('LEVENT_ITIME'),
    lastTold: moment('LEVENT_DSTIME'),
    noData: maybe('NODATA_IUTC'),
  };
}

/** UTC seconds of a date column; null for none, and for what is no date. */
export function parseGmt(value: CellValue | undefined): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(String(value ?? ''));
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  const days = daysOf(year, month, day);
  return days === undefined ? null : days * DAY_SECONDS + hour * 3600 + minute * 60 + second;
}

/** Sessions of one ICON with one source, in the order in which they were made. */
export type SourceHistory = {
  readonly provider: ProviderName;
  readonly icon: number;
  readonly source: number;
  readonly sessions: readonly ProviderSession[];
  /** By ICON_STIME: the last moment of that run of which IDB has anything from any source. */
  readonly signs: ReadonlyMap<number, number>;
};

export function groupBySource(sessions: readonly ProviderSession[]): SourceHistory[] {
  const groups = new Map<string, ProviderSession[]>();
  const signs = new Map<number, Map<number, number>>();
  for (const session of sessions) {
    const ofIcon = signs.get(session.icon) ?? new Map<number, number>();
    signs.set(session.icon, ofIcon);
    const before = ofIcon.get(session.iconStart) ?? 0;
    ofIcon.set(session.iconStart, Math.max(before, lastSign(session)));
    const key = `${session.provider} ${session.icon} ${session.source}`;
    groups.set(key, [...(groups.get(key) ?? []), session]);
  }
  return [...groups.values()].map((group) => {
    const { provider, icon, source } = group[0];
    const ordered = group.sort((a, b) => a.connected - b.connected || a.dssId - b.dssId);
    return { provider, icon, source, sessions: ordered, signs: signs.get(icon)! };
  });
}

function lastSign({ connected, disconnected, lastEvent, noData }: ProviderSession): number {
  return Math.max(connected, disconnected ?? 0, lastEvent ?? 0, noData ?? 0);
}
