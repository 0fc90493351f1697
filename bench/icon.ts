import type { Database, Statement } from 'sql.js';
import { changesOf } from '../src/engine/idb/row-batch-reader.ts';
import type { CellValue, IdbTransaction } from '../src/engine/idb/row-changes.ts';
import { createStatements, IDB_TABLES } from '../src/engine/idb/schema.ts';
import type { Message } from '../src/engine/kernel/events.ts';
import { IdbDatabase } from '../src/runtime/idb/idb-database.ts';
import { loadSqlite } from '../src/runtime/idb/sqlite.ts';
import {
  EVENTS_OF_CALL,
  eventsOfCalls,
  feed,
  makeEvents,
  ROWS_PER_TRANSACTION,
  type Work,
} from './icon-lab.ts';
import { type BenchResult, compare } from './measure.ts';

const CALLS = 2_000;
const ROUNDS = 5;
/** TEvents in a lab millisecond: 133 calls a second. */
const PACE = 2;
const TAIL_US = 40_000_000;

/** TEvents through ICON, queue and RDBMS into sql.js, beside the same rows put there directly. */
export async function benchIcon(): Promise<BenchResult[]> {
  return [await beside(), await growth()];
}

async function beside(): Promise<BenchResult> {
  const events = makeEvents(CALLS);
  const transactions: IdbTransaction[] = [];
  feed(events, (transaction) => void transactions.push(transaction))();
  const { rows, changeCount } = finalRows(transactions);
  const lively = await keepAlive(events);
  const result = await compare(
    'icon',
    `${events.length.toLocaleString('en-US')} TEvents of ${CALLS.toLocaleString('en-US')} calls`,
    { amount: changeCount, unit: 'row changes', rounds: ROUNDS },
    [
      { name: 'TEvents through ICON into IDB', role: 'ours', prepare: () => intoIdb(events) },
      {
        name: 'TEvents to row changes, no database',
        role: 'peer',
        prepare: () => feed(events, () => {}),
      },
      {
        name: 'the same row changes into IDB',
        role: 'peer',
        prepare: () => applyAll(transactions),
      },
      {
        name: 'the same row changes into bare sql.js',
        role: 'limit',
        prepare: () => changeBare(transactions),
      },
      {
        name: 'only what is left at the end into bare sql.js',
        role: 'limit',
        prepare: () => insertBare(rows),
      },
    ],
  );
  lively();
  return result;
}

/**
 * Ten times the calls at the same pace: what each costs must not grow with their number. The events
 * are made as they are said: a heap full of those to come would be what the collector reads.
 */
function growth(): Promise<BenchResult> {
  const endUs = (calls: number) => (1000 * calls * EVENTS_OF_CALL) / PACE + TAIL_US;
  const paced = (calls: number) => () =>
    intoIdb(eventsOfCalls(calls), { perMillisecond: PACE, endUs: endUs(calls) });
  return compare(
    'icon-growth',
    `ten times the calls: at 0.09 of a tenth they cost eleven times as much`,
    { amount: 10 * CALLS * EVENTS_OF_CALL, unit: 'TEvents', rounds: ROUNDS },
    [
      { name: '20,000 calls', role: 'ours', prepare: paced(10 * CALLS) },
      { name: '2,000 calls, a tenth', role: 'limit', prepare: paced(CALLS) },
    ],
  );
}

async function intoIdb(
  events: Iterable<Message>,
  pace: { perMillisecond?: number; endUs?: number } = {},
): Promise<Work> {
  const idb = await IdbDatabase.create();
  const work = feed(events, (transaction) => idb.apply(transaction), pace);
  return () => {
    work();
    idb.close();
  };
}

/**
 * A lab in the middle of its calls, as every lab that runs is: without one, the collection between
 * two rounds would also throw away what the engine has compiled for its objects.
 */
async function keepAlive(events: readonly Message[]): Promise<Work> {
  const idb = await IdbDatabase.create();
  const idle = feed(events.slice(0, 10), (transaction) => idb.apply(transaction), {
    endUs: 30_000_000,
  });
  idle();
  return () => {
    idle();
    idb.close();
  };
}

async function applyAll(transactions: readonly IdbTransaction[]): Promise<Work> {
  const idb = await IdbDatabase.create();
  return () => {
    for (const transaction of transactions) idb.apply(transaction);
    idb.close();
  };
}

/** What is left in the tables when all is done, and how many changes made it. */
function finalRows(transactions: readonly IdbTransaction[]) {
  const byTable = new Map<number, Map<number, CellValue[]>>();
  let changeCount = 0;
  for (const change of transactions.flatMap((transaction) => changesOf(transaction))) {
    changeCount++;
    const rows = byTable.get(change.table) ?? new Map<number, CellValue[]>();
    byTable.set(change.table, rows);
    if ('values' in change && change.op !== 'update') rows.set(change.row, [...change.values]);
    else if (change.op === 'delete') rows.delete(change.row);
    else {
      const row = rows.get(change.row)!;
      for (const [index, column] of change.columns.entries()) row[column] = change.values[index];
    }
  }
  const rows = new Map([...byTable].map(([table, rows]) => [table, [...rows.values()]]));
  return { rows, changeCount };
}

/** Every insert, update and delete as whoever uses sql.js plainly would do it. */
async function changeBare(transactions: readonly IdbTransaction[]): Promise<Work> {
  const database = await openBare();
  const statements = new Map<string, Statement>();
  const prepared = (sql: string): Statement => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const batches = transactions.map((transaction) => changesOf(transaction));
  return () => {
    for (const changes of batches) {
      database.run('BEGIN');
      for (const change of changes) {
        const { name, columns } = IDB_TABLES[change.table];
        if (change.op === 'delete') {
          prepared(`DELETE FROM "${name}" WHERE rowid = ?`).run([change.row]);
        } else if (change.op === 'update') {
          const set = change.columns.map((column) => `"${columns[column].name}" = ?`).join(',');
          const values = [...change.values, change.row];
          prepared(`UPDATE "${name}" SET ${set} WHERE rowid = ?`).run(values);
        } else prepared(insertSql(change.table, change.op)).run([...change.values]);
      }
      database.run('COMMIT');
    }
    database.close();
  };
}

function insertSql(table: number, op: 'insert' | 'replace' = 'insert'): string {
  const { name, columns } = IDB_TABLES[table];
  const verb = op === 'insert' ? 'INSERT' : 'INSERT OR REPLACE';
  return `${verb} INTO "${name}" VALUES (${columns.map(() => '?').join(',')})`;
}

async function openBare(): Promise<Database> {
  const sqlite = await loadSqlite();
  const database = new sqlite.Database();
  for (const statement of createStatements()) database.run(statement);
  database.run('PRAGMA journal_mode = MEMORY');
  database.run('PRAGMA synchronous = OFF');
  return database;
}

async function insertBare(rows: ReadonlyMap<number, readonly CellValue[][]>): Promise<Work> {
  const database = await openBare();
  return () => {
    for (const [table, values] of rows) {
      const insert = database.prepare(insertSql(table));
      for (let at = 0; at < values.length; at += ROWS_PER_TRANSACTION) {
        database.run('BEGIN');
        for (const row of values.slice(at, at + ROWS_PER_TRANSACTION)) insert.run(row);
        database.run('COMMIT');
      }
      insert.free();
    }
    database.close();
  };
}
