import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INIT_SCRIPT } from '../../src/engine/idb/init-script.ts';
import { changesOf } from '../../src/engine/idb/row-batch-reader.ts';
import type { IdbTransaction, RowChange } from '../../src/engine/idb/row-changes.ts';
import { IDB_TABLES } from '../../src/engine/idb/schema.ts';
import type { LabEvent, SessionDelivery } from '../../src/engine/kernel/events.ts';
import type { JournalSink, LogLine } from '../../src/engine/kernel/journal.ts';
import type { BehaviourTable } from '../../src/engine/kernel/simulation.ts';
import { BEHAVIOURS } from '../../src/engine/lab/behaviours.ts';
import type { LabDefinition } from '../../src/engine/lab/definition.ts';
import { Lab } from '../../src/engine/lab/lab.ts';
import { parseLabFile } from '../../src/runtime/lab-file.ts';
import { programRoot } from '../../src/runtime/program-root.ts';

export const MINUTE = 60_000_000;
export const SECOND = 1_000_000;
export const LAB50_FILE = join(programRoot(), 'resources', 'labs', 'lab50.yaml');
export const LAB50_TEXT = readFileSync(LAB50_FILE, 'utf8');

export function lab50(change: Partial<LabDefinition> = {}): LabDefinition {
  const parsed = parseLabFile(LAB50_FILE, LAB50_TEXT);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { ...parsed.definition, ...change };
}

/** Agents who do nothing but answer. */
const STILL = {
  transferShare: 0,
  conferenceShare: 0,
  holdShare: 0,
  attachedDataShare: 0,
  breaksPerHour: 0,
  outboundCallsPerHour: 0,
} as const;

/** The shipped lab without callers, so that a test's own calls are the only ones. */
export function quietLab50(change: Partial<LabDefinition> = {}): LabDefinition {
  const { traffic, networkIcm } = lab50();
  const callsPerHour = traffic.callsPerHour.map(() => 0.000_001);
  return lab50({
    traffic: { ...traffic, ...STILL, callsPerHour },
    networkIcm: networkIcm && { ...networkIcm, requestsPerHour: 0.000_001 },
    ...change,
  });
}

export interface WatchedLab {
  readonly lab: Lab;
  readonly events: LabEvent[];
  readonly lines: LogLine[];
  readonly changes: RowChange[];
  readonly transactions: IdbTransaction[];
}

/** The Genesys side alone: what is long there is short without the Central Controller. */
const GENESYS_KINDS = new Set([
  'configuration-server',
  'rdbms',
  'local-control-agent',
  'icon',
  'switch',
  't-server',
  'people',
  'outbound-contact-server',
  'interaction-server',
]);
export const GENESYS_ONLY: BehaviourTable = new Map(
  [...BEHAVIOURS].map(([kind, behaviour]) => [
    kind,
    GENESYS_KINDS.has(kind) ? behaviour : { kind, create: () => ({}), onStart() {} },
  ]),
);

export function watchLab(definition: LabDefinition, behaviours?: BehaviourTable): WatchedLab {
  const events: LabEvent[] = [];
  const lines: LogLine[] = [];
  const changes: RowChange[] = [];
  const transactions: IdbTransaction[] = [];
  const positions = new Map<string, number>();
  const journal: JournalSink = {
    onEvent: (event) => void events.push(event),
    onLogLine: (line) => void lines.push(line),
    onOutput(_process, _cause, _atUs, output) {
      const transaction = output as unknown as IdbTransaction;
      // As the database does: a position that is there already changes nothing.
      if (transaction.kind !== 'idb transaction') return;
      const { icon, position } = transaction;
      if (position <= (positions.get(icon) ?? 0)) return;
      positions.set(icon, position);
      if (icon !== INIT_SCRIPT) transactions.push(transaction);
      for (const change of changesOf(transaction)) changes.push(change);
    },
  };
  const lab = Lab.create(definition, journal, behaviours);
  return { lab, events, lines, changes, transactions };
}

/** Deliveries of one type of message over sessions. */
export function messagesOf(watched: WatchedLab, type: string) {
  return watched.events
    .filter(({ kind }) => kind === 'sessionMessage')
    .map((event) => ({ to: event.target, atUs: event.dueUs, ...(event.data as SessionDelivery) }))
    .filter(({ message }) => message.type === type);
}

/** A table's rows as they are after all changes, by row id. */
export function rowsOf(changes: readonly RowChange[], tableName: string) {
  const table = IDB_TABLES.find(({ name }) => name === tableName)!;
  const rows = new Map<number, Record<string, unknown>>();
  for (const change of changes) {
    if (change.table !== table.number) continue;
    if (change.op === 'delete') rows.delete(change.row);
    else if (change.op === 'update') {
      const row = rows.get(change.row)!;
      for (const [at, column] of change.columns.entries()) {
        row[table.columns[column].name] = change.values[at];
      }
    } else {
      const cells = change.values.map((value, at) => [table.columns[at].name, value]);
      rows.set(change.row, Object.fromEntries(cells));
    }
  }
  return [...rows.values()];
}
