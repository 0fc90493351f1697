import initSqlJs from 'sql.js';
import { configurationServer } from '../src/engine/configuration/configuration-server.ts';
import { type ConfigurationObject, DN_TYPE } from '../src/engine/configuration/object-types.ts';
import { icon } from '../src/engine/icon/icon.ts';
import { databaseServer } from '../src/engine/idb/database-server.ts';
import { changesOf } from '../src/engine/idb/row-batch-reader.ts';
import type { CellValue, IdbTransaction, RowChange } from '../src/engine/idb/row-changes.ts';
import { createStatements, IDB_TABLES } from '../src/engine/idb/schema.ts';
import type { Message } from '../src/engine/kernel/events.ts';
import type { Behaviour } from '../src/engine/kernel/process.ts';
import { Simulation } from '../src/engine/kernel/simulation.ts';
import { formatConnectionId, formatUuid } from '../src/engine/telephony/identifiers.ts';
import { T_SERVER_PORT } from '../src/engine/telephony/messages.ts';
import { IdbDatabase } from '../src/runtime/idb/idb-database.ts';
import { type BenchResult, compare } from './measure.ts';

const CALLS = 2_000;
const ROUNDS = 5;
const END_US = 600_000_000;
/** As the accumulator of ICON and the bare database both commit. */
const ROWS_PER_TRANSACTION = 1_000;

/** TEvents through ICON, queue and RDBMS into sql.js, beside the same rows put there directly. */
export async function benchIcon(): Promise<BenchResult> {
  const events = makeEvents(CALLS);
  const changes: RowChange[] = [];
  const transactions: IdbTransaction[] = [];
  await feed(events, (transaction) => {
    transactions.push(transaction);
    changes.push(...changesOf(transaction));
  });
  const rows = finalRows(changes);
  return compare(
    'icon',
    `${events.length.toLocaleString('en-US')} TEvents of ${CALLS.toLocaleString('en-US')} calls`,
    { amount: changes.length, unit: 'row changes', rounds: ROUNDS },
    [
      { name: 'TEvents through ICON into IDB', role: 'ours', run: () => intoIdb(events) },
      {
        name: 'TEvents to row changes, no database',
        role: 'peer',
        run: () => feed(events, () => {}),
      },
      { name: 'the same row changes into IDB', role: 'peer', run: () => applyAll(transactions) },
      {
        name: 'the final rows into bare sql.js',
        role: 'limit',
        run: () => insertBare(rows),
      },
    ],
  );
}

async function intoIdb(events: readonly Message[]): Promise<void> {
  const idb = await IdbDatabase.create();
  await feed(events, (transaction) => idb.apply(transaction));
  idb.close();
}

async function applyAll(transactions: readonly IdbTransaction[]): Promise<void> {
  const idb = await IdbDatabase.create();
  for (const transaction of transactions) idb.apply(transaction);
  idb.close();
}

/** A lab of three real processes and a T-Server that says everything at once. */
async function feed(
  events: readonly Message[],
  onTransaction: (transaction: IdbTransaction) => void,
): Promise<void> {
  const feeder: Behaviour<object> = {
    kind: 'feeder',
    create: () => ({}),
    onStart: (context) => context.listen(T_SERVER_PORT),
    onMessage(context, { session, message }) {
      if (message.type !== 'RequestStartCallMonitoring') return;
      for (const event of events) context.send(session, event);
    },
  };
  const config = {
    dbid: 101,
    configurationHost: 'confserv',
    databaseHost: 'idb',
    tServers: [{ name: 'TS', host: 'ts', switchDbid: 101 }],
    options: {
      callconcentrator: { role: 'gcc', 'acc-queue-size': String(ROWS_PER_TRANSACTION) },
    },
  };
  const hosts = { A: 'nowhere', B: 'nowhere' };
  const simulation = Simulation.create(
    {
      seed: 1,
      epochSeconds: 1_772_442_000,
      hosts: ['confserv', 'idb', 'ts', 'icon', 'nowhere'].map((name) => ({ name, diskSyncUs: 10 })),
      networks: [
        { name: 'public', delayUs: 1, jitterUs: 0, bandwidthBitsPerSecond: 1e13, lossRate: 0 },
      ],
      processes: [
        { name: 'idb', kind: 'rdbms', host: 'idb', config: {} },
        {
          name: 'confserv',
          kind: 'configuration-server',
          host: 'confserv',
          config: { objects: OBJECTS, hosts },
        },
        { name: 'ts', kind: 'feeder', host: 'ts', config: {} },
        { name: 'icon1', kind: 'icon', host: 'icon', config },
      ],
    },
    new Map(
      [configurationServer, databaseServer, icon, feeder].map((behaviour) => [
        behaviour.kind,
        behaviour as Behaviour<unknown>,
      ]),
    ),
    {
      onEvent() {},
      onLogLine() {},
      onOutput: (_process, _cause, _atUs, output) =>
        onTransaction(output as unknown as IdbTransaction),
    },
  );
  for (const name of ['idb', 'confserv', 'ts', 'icon1']) simulation.startProcess(name);
  simulation.runUntil(END_US);
}

const OBJECTS: readonly ConfigurationObject[] = [
  { type: 'switch', dbid: 101, state: 1, fields: { name: 'SW', tenant: 101 } },
  {
    type: 'dn',
    dbid: 101,
    state: 1,
    fields: { number: '8001', dnType: DN_TYPE.routingPoint, switch: 101 },
  },
  {
    type: 'dn',
    dbid: 102,
    state: 1,
    fields: { number: '2001', dnType: DN_TYPE.extension, switch: 101 },
  },
];

/** Answered inbound calls, event for event as the lab's T-Server sends them. */
function makeEvents(calls: number): Message[] {
  const events: Message[] = [];
  const prefix = '9EEAHHMLEL2D34JAHSHU6RRCBG';
  let uuid = 1;
  for (let call = 1; call <= calls; call++) {
    const CallUUID = formatUuid(prefix, uuid++);
    const ConnID = formatConnectionId(101, call);
    const [caller, point, agent] = [0, 1, 2].map(() => formatUuid(prefix, uuid++));
    const say = (type: string, more: Omit<Message, 'type'>) =>
      events.push({ type, TimeinSecs: 1_772_442_000 + call, CallUUID, ...more });
    const dn = (type: string, ThisDN: string) => say(type, { ConnID, ThisDN, CallID: call });
    const party = (type: string, PartyUUID: string, ThisDN: string, PartyState = 0) =>
      say(type, { PartyUUID, ThisDN, PartyState });
    dn('EventRouteRequest', '8001');
    say('EventCallCreated', { ConnID, CallID: call, CallType: 2, ANI: '5550100', DNIS: '8001' });
    party('EventCallPartyAdded', caller, '5550100', 1);
    party('EventCallPartyAdded', point, '8001', 0x800);
    dn('EventDiverted', '8001');
    party('EventCallPartyDeleted', point, '8001');
    dn('EventRinging', '2001');
    party('EventCallPartyAdded', agent, '2001', 0xa);
    dn('EventEstablished', '2001');
    party('EventCallPartyState', agent, '2001', 0xc);
    party('EventCallPartyState', caller, '5550100', 0xc);
    dn('EventReleased', '2001');
    party('EventCallPartyDeleted', agent, '2001');
    party('EventCallPartyDeleted', caller, '5550100');
    say('EventCallDeleted', { ConnID });
  }
  return events;
}

/** What is left in the tables when all is done. */
function finalRows(changes: readonly RowChange[]): Map<number, CellValue[][]> {
  const byTable = new Map<number, Map<number, CellValue[]>>();
  for (const change of changes) {
    const rows = byTable.get(change.table) ?? new Map<number, CellValue[]>();
    byTable.set(change.table, rows);
    if ('values' in change && change.op !== 'update') rows.set(change.row, [...change.values]);
    else if (change.op === 'delete') rows.delete(change.row);
    else {
      const row = rows.get(change.row)!;
      for (const [index, column] of change.columns.entries()) row[column] = change.values[index];
    }
  }
  return new Map([...byTable].map(([table, rows]) => [table, [...rows.values()]]));
}

async function insertBare(rows: ReadonlyMap<number, readonly CellValue[][]>): Promise<void> {
  const sqlite = await initSqlJs();
  const database = new sqlite.Database();
  for (const statement of createStatements()) database.run(statement);
  database.run('PRAGMA journal_mode = MEMORY');
  database.run('PRAGMA synchronous = OFF');
  for (const [table, values] of rows) {
    const { name, columns } = IDB_TABLES[table];
    const marks = columns.map(() => '?').join(',');
    const insert = database.prepare(`INSERT INTO "${name}" VALUES (${marks})`);
    for (let at = 0; at < values.length; at += ROWS_PER_TRANSACTION) {
      database.run('BEGIN');
      for (const row of values.slice(at, at + ROWS_PER_TRANSACTION)) insert.run(row);
      database.run('COMMIT');
    }
    insert.free();
  }
  database.close();
}
