import type { PageRequest } from '../src/contract/idb.ts';
import { idbTable } from '../src/engine/idb/schema.ts';
import { IdbDatabase } from '../src/runtime/idb/idb-database.ts';
import type { Figure, FigureResult } from './figures.ts';
import { median } from './measure.ts';

const ROWS = 1_000_000;
const ROUNDS = 5;
/** Longer work is shown with a card; shorter seems to be at once. */
const LIMIT_MS = 500;
const TABLE = 'G_PARTY';

const PAGES: Readonly<Record<string, Partial<PageRequest>>> = {
  'the newest': {},
  'from the middle on': { after: { row: ROWS / 2, value: null } },
  'by a text without an index': { sort: 'ENDPOINTDN' },
  // Each row is better than all before it.
  'by a time that grows': { sort: 'CREATED_TS' },
  'by the last column': { sort: 'GSYS_EXT_INT2' },
  'with a part of a number': {
    filters: [{ column: 'ENDPOINTDN', operator: 'contains', value: '55' }],
  },
};

/** Pages of a hundred rows of a table with a million, beside reading the newest by its key. */
export async function benchIdbPage(): Promise<FigureResult> {
  const idb = await largeIdb();
  const times = Object.values(PAGES).map((page) => timePage(idb, page));
  const figures = Object.keys(PAGES).map((name, at): Figure => {
    const peer = { name: 'the newest', value: times[0] };
    return { name, value: times[at], unit: 'ms', limit: LIMIT_MS, peer };
  });
  idb.close();
  const what = `pages of ${TABLE} with ${ROWS.toLocaleString('en-US')} rows`;
  return { what, node: process.version, figures };
}

function timePage(idb: IdbDatabase, page: Partial<PageRequest>): number {
  const whole = { sort: null, descending: true, filters: [], after: null, from: null };
  const times = Array.from({ length: ROUNDS }, () => {
    const startMs = performance.now();
    idb.pageOf({ table: TABLE, limit: 100, ...whole, ...page });
    return performance.now() - startMs;
  });
  return median(times);
}

async function largeIdb(): Promise<IdbDatabase> {
  const { columns } = idbTable(TABLE);
  const names = columns.map(({ name }) => `"${name}"`).join(',');
  const values = columns.map(({ name, type }) => {
    if (name === 'ID' || name === 'CREATED_TS') return 'x';
    return type.startsWith('varchar') ? `'text ' || (x * 7919) % 1000003` : `(x * 7919) % 1000003`;
  });
  const next = `SELECT x + 1 FROM c WHERE x < ${ROWS}`;
  const numbers = `WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL ${next})`;
  const idb = await IdbDatabase.create();
  idb.run(`INSERT INTO ${TABLE} (${names}) ${numbers} SELECT ${values.join(',')} FROM c`);
  // Opened anew it knows how many rows it has.
  const image = idb.image();
  idb.close();
  return IdbDatabase.open(image);
}
