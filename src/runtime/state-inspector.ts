import type { StateReport, StateTableReport } from '../contract/rpc.ts';
import type { Side } from '../engine/icm/messages.ts';
import type { TableLayout, TableState } from '../engine/icm/record-table.ts';
import type { CallRouterState } from '../engine/icm/router/call-router-state.ts';
import type { RouterTableName } from '../engine/icm/router/tables.ts';
import { ROUTER_TABLE_NAMES, ROUTER_TABLES } from '../engine/icm/router/tables.ts';
import {
  countDifferences,
  type FieldDifference,
  listDifferences,
  type TableDifference,
} from '../engine/icm/table-difference.ts';
import type { Lab } from '../engine/lab/lab.ts';

type Words = Pick<TableState, 'words' | 'used'>;
type Mark = {
  readonly atUs: number;
  readonly sides: Readonly<Partial<Record<Side, ReadonlyMap<RouterTableName, Words>>>>;
};

const SIDES: readonly Side[] = ['A', 'B'];
const MAX_DIFFERENCES = 500;
const NO_DIFFERENCE: TableDifference = { added: 0, removed: 0, changed: 0, unusedWords: 0 };

/** The record tables of both routers side by side. A mark is the screen's, no part of the lab. */
export class StateInspector {
  private mark: Mark | undefined;

  constructor(private readonly lab: Lab) {}

  setMark(): void {
    const sides: Partial<Record<Side, ReadonlyMap<RouterTableName, Words>>> = {};
    for (const side of SIDES) {
      const router = this.router(side);
      if (!router) continue;
      const copies = ROUTER_TABLE_NAMES.map((name) => {
        const { words, used } = router.router.tables[name];
        return [name, { words: words.slice(), used }] as const;
      });
      sides[side] = new Map(copies);
    }
    this.mark = { atUs: this.lab.simulation.nowUs, sides };
  }

  report(): StateReport {
    const [a, b] = SIDES.map((side) => this.router(side));
    return {
      orders: { A: a?.client.lastOrder ?? null, B: b?.client.lastOrder ?? null },
      phases: { A: a?.client.phase ?? 'down', B: b?.client.phase ?? 'down' },
      markedUs: this.mark?.atUs ?? null,
      tables: ROUTER_TABLE_NAMES.map((name) => this.describe(name, a, b)),
    };
  }

  private describe(
    name: RouterTableName,
    a: CallRouterState | undefined,
    b: CallRouterState | undefined,
  ): StateTableReport {
    const side = (state: CallRouterState | undefined) => {
      const table = state?.router.tables[name];
      return table ? { records: table.count, bytes: table.words.byteLength } : null;
    };
    const both = a && b;
    return {
      name,
      recordBytes: ROUTER_TABLES[name].recordWords * 4,
      A: side(a),
      B: side(b),
      difference: both
        ? compare(ROUTER_TABLES[name], a.router.tables[name], b.router.tables[name])
        : null,
      sinceMark: { A: this.sinceMark(name, 'A', a), B: this.sinceMark(name, 'B', b) },
    };
  }

  private sinceMark(name: RouterTableName, side: Side, state: CallRouterState | undefined) {
    const before = this.mark?.sides[side]?.get(name);
    return state && before ? compare(ROUTER_TABLES[name], before, state.router.tables[name]) : null;
  }

  /** Fields that differ between the sides, or on one side since the mark. */
  differences(table: string, what: 'sides' | Side): FieldDifference[] {
    const name = ROUTER_TABLE_NAMES.find((known) => known === table);
    if (!name) return [];
    const layout = ROUTER_TABLES[name];
    if (what === 'sides') {
      const [a, b] = SIDES.map((side) => this.router(side)?.router.tables[name]);
      return a && b ? listDifferences(layout, a, b, MAX_DIFFERENCES) : [];
    }
    const before = this.mark?.sides[what]?.get(name);
    const now = this.router(what)?.router.tables[name];
    return before && now ? listDifferences(layout, before, now, MAX_DIFFERENCES) : [];
  }

  private router(side: Side): CallRouterState | undefined {
    return this.lab.stateOf<CallRouterState>(`r${side.toLowerCase()}-rtr`);
  }
}

/** Most tables are equal, which their bytes tell at once. */
function compare(layout: TableLayout, one: Words, other: Words): TableDifference {
  const isEqual = one.used === other.used && Buffer.compare(bytesOf(one), bytesOf(other)) === 0;
  return isEqual ? NO_DIFFERENCE : countDifferences(layout, one, other);
}

function bytesOf({ words }: Words): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
