import {
  EXTRACTION_ROUTES,
  type ExtractionKey,
  type ExtractionRoute,
} from '../idb/extraction-routes.ts';
import { changesOf } from '../idb/row-batch-reader.ts';
import type { CellValue, IdbTransaction, RowChange } from '../idb/row-changes.ts';
import type { Checker } from './checker.ts';
import { iconOf, type WatchedIcon } from './icon-moments.ts';

/** The recommended way of extraction reaches every row: one whose key nobody has is never found. */
export function extraction(watched: WatchedIcon): Checker {
  const keys: Keys = { IRID: new Set(), CALLID: new Set(), PARTYID: new Set() };
  const positions = new Map<string, number>();
  let broken: string | undefined;
  let isWhole = true;
  return {
    name: 'extraction',
    onOutput(output, process) {
      if (process !== watched.database) return;
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
      const roles = iconOf(world, watched)?.state?.options.roles;
      // Without role gcc there are no calls to begin with.
      isWhole &&= roles === undefined || roles.includes('gcc');
      return isWhole ? broken : undefined;
    },
  };
}

type Keys = Readonly<Record<ExtractionKey, Set<CellValue>>>;

const ROUTES: ReadonlyMap<number, ExtractionRoute> = new Map(
  EXTRACTION_ROUTES.map((route) => [route.table.number, route]),
);

function follow(
  change: Extract<RowChange, { op: 'insert' | 'replace' }>,
  keys: Keys,
): string | undefined {
  const { table, by, column, gives } = ROUTES.get(change.table)!;
  const cell = (name: string) => change.values[table.columnNumbers.get(name)!];
  if (gives) keys[gives].add(cell(gives));
  if (!by || cell(column) === null || keys[by].has(cell(column))) return undefined;
  const key = `the ${column} ${cell(column)}`;
  return `Row ${change.row} of ${table.name} has ${key}, which leads nowhere.`;
}
