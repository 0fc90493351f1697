import { changesOf } from '../idb/row-batch-reader.ts';
import type { CellValue, IdbTransaction, RowChange } from '../idb/row-changes.ts';
import { IDB_TABLES, type IdbTable } from '../idb/schema.ts';
import type { Checker } from './checker.ts';
import { iconOf } from './icon-moments.ts';

/**
 * The recommended way of extraction reaches every row (source): from G_IR by IRID to its history
 * and to G_CALL, from there by CALLID to the rows of a call, from G_PARTY by PARTYID to those of a
 * party. A row whose key nobody has is never found.
 */
export function extraction(): Checker {
  const keys: Keys = { IRID: new Set(), CALLID: new Set(), PARTYID: new Set() };
  const positions = new Map<string, number>();
  let broken: string | undefined;
  let isWhole = true;
  return {
    name: 'extraction',
    onOutput(output) {
      const transaction = output as unknown as IdbTransaction;
      if (transaction.kind !== 'idb transaction') return;
      const { icon, position } = transaction;
      if (position <= (positions.get(icon) ?? 0)) return;
      positions.set(icon, position);
      for (const change of changesOf(transaction, ({ table }) => ROUTES.has(table))) {
        if (change.op === 'insert') broken ??= follow(change, keys);
      }
    },
    onBatch(world) {
      const roles = iconOf(world)?.state?.options.roles;
      // Without role gcc there are no calls to begin with.
      isWhole &&= roles === undefined || roles.includes('gcc');
      return isWhole ? broken : undefined;
    },
  };
}

type Key = 'IRID' | 'CALLID' | 'PARTYID';
type Keys = Readonly<Record<Key, Set<CellValue>>>;

/** A table with the key by which its rows are found, and the key that its rows give, if any. */
type Route = { readonly table: IdbTable; readonly by?: Key; readonly gives?: Key };

/** What OCS tells may be about a call that ICON never saw; agents are found by their sessions. */
const OTHER_WAYS = /^(GOX?_|G_AGENT_|GC|GS|G_IR_ACTIVE|G_CALL_ACTIVE)/;

const ROUTES: ReadonlyMap<number, Route> = new Map(
  IDB_TABLES.filter(({ name }) => !OTHER_WAYS.test(name)).flatMap((table) => {
    const route = routeOf(table);
    return route ? [[table.number, route] as const] : [];
  }),
);

function routeOf(table: IdbTable): Route | undefined {
  const { name, columnNumbers } = table;
  if (name === 'G_IR') return { table, gives: 'IRID' };
  if (name === 'G_CALL') return { table, by: 'IRID', gives: 'CALLID' };
  if (name === 'G_PARTY') return { table, by: 'CALLID', gives: 'PARTYID' };
  if (name === 'G_PARTY_HISTORY' || name === 'G_PARTY_STAT') return { table, by: 'PARTYID' };
  const by = (['CALLID', 'PARTYID', 'IRID'] as const).find((key) => columnNumbers.has(key));
  return by && { table, by };
}

function follow(
  change: Extract<RowChange, { op: 'insert' | 'replace' }>,
  keys: Keys,
): string | undefined {
  const { table, by, gives } = ROUTES.get(change.table)!;
  const cell = (key: Key) => change.values[table.columnNumbers.get(key)!];
  if (gives) keys[gives].add(cell(gives));
  if (!by || cell(by) === null || keys[by].has(cell(by))) return undefined;
  return `Row ${change.row} of ${table.name} has the ${by} ${cell(by)}, which leads nowhere.`;
}
