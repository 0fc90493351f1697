import { getText, getWord, type TableLayout, viewWords } from '../src/engine/icm/record-table.ts';
import {
  createRouterState,
  type RouterState,
  RouterTable,
  stateBytes,
} from '../src/engine/icm/router/router-state.ts';
import {
  OBJECTS_PER_ROUTE,
  OBJECTS_PER_SERVICE,
  ROUTER_TABLE_NAMES,
  ROUTER_TABLES,
  type RouterTableName,
} from '../src/engine/icm/router/tables.ts';

/**
 * What a router knows of 100 agents, an emulator choice: each has a place and an extension; ten
 * form a skill group with a service, a route and a call type; every second agent is on a call.
 */
const PER_100_AGENTS = {
  peripheral: 1,
  callType: 10,
  script: 10,
  scriptNode: 80,
  dialedNumber: 20,
  label: 110,
  skillGroup: 10,
  agent: 100,
  deviceTarget: 100,
  service: 10,
  route: 10,
  standardObject: 10 * OBJECTS_PER_SERVICE + 10 * OBJECTS_PER_ROUTE,
  routeDialog: 50,
  queuedCall: 10,
  trunkGroup: 2,
  translationRoute: 5,
  peripheralGateway: 1,
  system: 1,
} as const satisfies Record<RouterTableName, number>;

/** Half hours in which the centre is open: from 8 to 20. */
const OPEN = { from: 16, to: 40, of: 48 };
const CALL_VARIABLES = 10;

/** A router state of at least this size, every table in its share, at the end of a working day. */
export function buildState(sizeBytes: number): RouterState {
  const state = createRouterState();
  const bytesPer100 = ROUTER_TABLE_NAMES.reduce(
    (sum, name) => sum + PER_100_AGENTS[name] * ROUTER_TABLES[name].recordWords * 4,
    0,
  );
  const hundreds = Math.ceil(sizeBytes / bytesPer100);
  for (const name of ROUTER_TABLE_NAMES) fill(state, name, PER_100_AGENTS[name] * hundreds);
  if (stateBytes(state) < sizeBytes) throw new Error('the state is too small');
  return state;
}

/** Numbers below 2^16 that follow no pattern and are the same in every run. */
function createNumbers(seed: number): () => number {
  let value = seed;
  return () => {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    return value >>> 16;
  };
}

function fill(state: RouterState, name: RouterTableName, count: number): void {
  const layout: TableLayout = ROUTER_TABLES[name];
  const table = new RouterTable(state, name);
  const fields = Object.entries(layout.fields);
  const number = createNumbers(ROUTER_TABLE_NAMES.indexOf(name) + 1);
  table.reserve(count);
  for (let record = 1; record <= count; record++) {
    const handle = table.add();
    for (const [field, { kind }] of fields) {
      if (kind === 'text') table.setText(handle, field, textOf(name, field, record));
      else if (kind === 'words') fillWords(table.words(handle, field), field, number);
      else table.set(handle, field, wordOf(name, field, record, number));
    }
  }
}

function wordOf(table: string, field: string, record: number, number: () => number): number {
  if (field === 'dbid' || field === 'dialogLow') return 100 + record;
  if (field === 'dialogHigh') return 148_113;
  if (field === 'online') return 1;
  if (field === 'state') return number() % 5;
  if (field === 'number') return 1 + (record % OBJECTS_PER_SERVICE);
  if (table === 'standardObject' && field === 'owner') return 1 + Math.floor(record / 48);
  return 1 + (number() % 1000);
}

function fillWords(words: Uint32Array, field: string, number: () => number): void {
  if (field === 'skillGroups') {
    for (let i = 0; i < 3; i++) words[i] = 1 + (number() % 1000);
    return;
  }
  const halfHours = field === 'halfHours';
  for (let i = 0; i < words.length; i++) {
    const half = Math.floor((i * OPEN.of) / words.length);
    // Calls are counted up to some dozens, times in seconds of a half hour.
    const value = number() % (i % 3 === 0 ? 40 : 1800);
    words[i] = !halfHours || (half >= OPEN.from && half < OPEN.to) ? value : 0;
  }
}

function textOf(table: string, field: string, record: number): string {
  if (field === 'employeeId') return `E${10_000 + record}`;
  if (field === 'firstName') return ['Anna', 'Bruno', 'Chiara', 'Dimitri'][record % 4];
  if (field === 'lastName') return `Agent ${record}`;
  if (field === 'enterpriseName') return `Centre.${table}.${record}`;
  if (field === 'description') return `Reached as ${record}`;
  if (field === 'peripheralGateway') return `PG${record}`;
  if (field === 'source') {
    return `${'select Centre.skillGroup.1\n'.repeat(4)}queue 7001\nlabel 8001`;
  }
  if (field === 'callVariables') {
    const values = Array.from({ length: CALL_VARIABLES }, (_, i) => `variable ${i} of ${record}`);
    return values.join('|').slice(0, 400);
  }
  return String(40_000 + record);
}

type Row = Record<string, number | string | number[] | Uint32Array>;

/** The same knowledge as an object graph: what the peers are given. */
export function toObjects(state: RouterState, arrays: 'plain' | 'typed') {
  return ROUTER_TABLE_NAMES.map((name) => {
    const layout: TableLayout = ROUTER_TABLES[name];
    const from = state.tables[name];
    const fields = Object.entries(layout.fields);
    const rows: Row[] = [];
    for (const handle of new RouterTable(state, name).handles()) {
      const row: Row = {};
      for (const [field, { kind }] of fields) {
        if (kind === 'word') row[field] = getWord(layout, from, handle, field);
        else if (kind === 'text') row[field] = getText(layout, from, handle, field);
        else {
          const words = viewWords(layout, from, handle, field);
          row[field] = arrays === 'typed' ? words.slice() : Array.from(words);
        }
      }
      rows.push(row);
    }
    return { name, rows };
  });
}
