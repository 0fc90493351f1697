import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PageRequest, RowFilter } from '../../../src/contract/idb.ts';
import type { CellValue } from '../../../src/engine/idb/row-changes.ts';
import { idbTable } from '../../../src/engine/idb/schema.ts';
import { runSteps } from '../../../src/engine/kernel/steps.ts';
import { pageProblem } from '../../../src/runtime/idb/page-query.ts';
import { pageInSteps } from '../../../src/runtime/idb/page-steps.ts';
import { describeTables, followValue, placesOf } from '../../../src/runtime/idb/table-info.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { lab50, MINUTE } from '../../support/lab50.ts';

const TABLE = 'G_PARTY';
const request = (more: Partial<PageRequest> = {}): PageRequest => ({
  table: TABLE,
  limit: 7,
  sort: null,
  descending: false,
  filters: [],
  after: null,
  from: null,
  ...more,
});

/** As if the table were large: read in parts of a few rows. */
const PART_ROWS = 13;
const follow = (...place: Parameters<typeof followValue>) => {
  const found = runSteps(followValue(...place));
  expect(runSteps(followValue(place[0], place[1], place[2], PART_ROWS))).toEqual(found);
  return found;
};

let running: RunningLab;
beforeAll(async () => {
  running = await RunningLab.create(lab50());
  running.lab.simulation.runUntil(12 * MINUTE);
  running.idb.indexKeys();
});
afterAll(() => running.close());

const { columns, columnNumbers } = idbTable(TABLE);
const all = () => running.idb.page(TABLE, 0, 1000);

/** Every page from the first to the last, as one turns them. */
function turnPages(first: PageRequest): number[] {
  const found: number[] = [];
  let { after } = first;
  for (;;) {
    const page = running.idb.pageOf({ ...first, after });
    expect(runSteps(pageInSteps(running.idb, { ...first, after }, PART_ROWS))).toEqual(page);
    const { rowIds, rows } = page;
    found.push(...rowIds);
    const row = rowIds.at(-1);
    if (row === undefined || rowIds.length < first.limit) return found;
    const value = first.sort === null ? null : rows.at(-1)![columnNumbers.get(first.sort)!];
    after = { row, value };
  }
}

/** The same, the plain way: what is empty first, numbers before texts, then the row id. */
function expected({ descending, filters, sort }: PageRequest): number[] {
  const { rowIds, rows } = all();
  const kept = rowIds
    .map((id, at) => ({ id, row: rows[at] }))
    .filter(({ row }) => {
      return filters.every((filter) => lets(filter, row[columnNumbers.get(filter.column)!]));
    });
  const at = sort === null ? -1 : columnNumbers.get(sort)!;
  const rank = (value: CellValue) => (value === null ? 0 : typeof value === 'number' ? 1 : 2);
  const ordered = kept.toSorted((one, other) => {
    if (at < 0) return one.id - other.id;
    const [a, b] = [one.row[at], other.row[at]];
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    if (a !== b) return a! < b! ? -1 : 1;
    return one.id - other.id;
  });
  const ids = ordered.map(({ id }) => id);
  return descending ? ids.reverse() : ids;
}

function lets({ operator, value }: RowFilter, cell: CellValue): boolean {
  if (operator === 'empty') return cell === null || cell === '';
  if (operator === 'filled') return cell !== null && cell !== '';
  if (cell === null && operator !== '!=') return false;
  if (operator === 'contains') return String(cell).toLowerCase().includes(value.toLowerCase());
  const typed = typeof cell === 'number' ? Number(value) : value;
  if (operator === '!=') return cell !== typed;
  if (cell === null) return false;
  return operator === '=' ? cell === typed : operator === '<' ? cell < typed : cell > typed;
}

describe('pages of a table', () => {
  it('by any column, either way, filtered: each row once, in order', () => {
    const { rows } = all();
    expect(rows.length).toBeGreaterThan(100);
    const names = columns.map(({ name }) => name);
    const filter = fc.nat().chain((seed) => {
      const column = names[seed % names.length];
      const cell = rows[seed % rows.length][columnNumbers.get(column)!];
      const operator = fc.constantFrom('=', '!=', 'contains', 'empty', 'filled', '<', '>' as const);
      return operator.map((one): RowFilter => {
        return { column, operator: one as RowFilter['operator'], value: String(cell ?? '') };
      });
    });
    fc.assert(
      fc.property(
        fc.option(fc.constantFrom(...names)),
        fc.boolean(),
        fc.array(filter, { maxLength: 2 }),
        fc.integer({ min: 3, max: 60 }),
        (sort, descending, filters, limit) => {
          // A number is compared with a text in neither way of writing; those are not drawn.
          const fitting = filters.filter(({ column, operator, value }) => {
            const isNumber = Number.isSafeInteger(Number(value)) && value !== '';
            const cells = rows.map((row) => row[columnNumbers.get(column)!]);
            const isPlain = ['empty', 'filled', 'contains'].includes(operator);
            return (
              isPlain || cells.every((c) => c === null || (typeof c === 'number') === isNumber)
            );
          });
          const asked = request({ sort, descending, filters: fitting, limit });
          expect(turnPages(asked)).toEqual(expected(asked));
          const { isMore, total } = running.idb.pageOf(asked);
          expect([total, isMore]).toEqual([expected(asked).length, false]);
        },
      ),
      { numRuns: 150, seed: 11 },
    );
  });

  it('begin with a row that a link leads to', () => {
    const { rowIds } = all();
    expect(running.idb.pageOf(request({ from: rowIds[20], descending: true })).rowIds[0]).toBe(
      rowIds[20],
    );
  });

  it('a column that is not there is named', () => {
    const asked = request({ sort: 'NOPE; DROP TABLE G_CALL' });
    expect(pageProblem(idbTable(TABLE), asked)).toBe(
      'The table G_PARTY has no column NOPE; DROP TABLE G_CALL.',
    );
    expect(() => running.idb.pageOf(asked)).toThrow('has no column');
  });
});

describe('what is known of tables', () => {
  it('each has a family, its enumerations in words, and keys that can be followed', () => {
    const tables = describeTables(running.idb);
    const family = (name: string) => tables.find((table) => table.name === name)!.family;
    expect(['G_CALL', 'G_CALL_USERDATA', 'GX_SESSION_ENDPOINT', 'GC_AGENT'].map(family)).toEqual([
      'Calls and interactions',
      'Attached data',
      'Agents',
      'Configuration',
    ]);
    const call = tables.find(({ name }) => name === 'G_CALL')!;
    const type = call.columns.find(({ name }) => name === 'CALLTYPE')!;
    expect(type.values?.['2']).toBe('inbound');
    expect(call.columns.find(({ name }) => name === 'CALLID')?.isKey).toBe(true);
    expect(call.columns.find(({ name }) => name === 'CALLANI')?.isKey).toBe(false);
  });

  it('a key is followed both ways', () => {
    const call = running.idb.page('G_CALL', 0, 1);
    const callId = String(call.rows[0][idbTable('G_CALL').columnNumbers.get('CALLID')!]);
    const links = follow(running.idb, { table: 'G_CALL', column: 'CALLID' }, callId);
    const parties = links.find(({ column, table }) => table === 'G_PARTY' && column === 'CALLID')!;
    const [first] = running.idb.select('G_PARTY', 'CALLID', [callId]);
    expect(parties).toMatchObject({ row: first.row });
    const back = follow(running.idb, { table: 'G_PARTY', column: 'CALLID' }, callId);
    expect(back).toContainEqual({
      table: 'G_CALL',
      column: 'CALLID',
      rows: 1,
      row: call.rowIds[0],
    });
    expect(placesOf('GC_AGENT', 'ID')).toContainEqual({
      table: 'GCX_AGENT_PLACE',
      column: 'AGENTID',
    });
    expect(follow(running.idb, { table: 'G_CALL', column: 'CALLID' }, 'none')).toEqual([]);
  });
});
