import { deserialize, serialize } from 'node:v8';
import { pack, unpack } from 'msgpackr';
import { type RouterState, stateBytes } from '../src/engine/icm/router/router-state.ts';
import { snapshotTables } from '../src/engine/icm/router/table-transfer.ts';
import { ROUTER_TABLE_NAMES } from '../src/engine/icm/router/tables.ts';
import { beginSectionHash } from '../src/engine/icm/state-section.ts';
import { HASH_BYTES, type Loopback, openLoopback, type ShipmentHead } from './loopback.ts';
import { type BenchResult, type Contestant, compare } from './measure.ts';
import { buildState, toObjects } from './router-knowledge.ts';

const MB = 1_048_576;
const SIZES = [
  { name: 'state-transfer-30mb', bytes: 30 * MB, rounds: 7 },
  { name: 'state-transfer-300mb', bytes: 300 * MB, rounds: 3 },
] as const;

/** Router states of two sizes: snapshot, ship over loopback TCP, recreate, compare the hash. */
export async function benchStateTransfer(): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const { name, bytes, rounds } of SIZES) results.push(await benchSize(name, bytes, rounds));
  return results;
}

async function benchSize(name: string, sizeBytes: number, rounds: number): Promise<BenchResult> {
  const state = buildState(sizeBytes);
  const pipe = await openLoopback();
  const records = ROUTER_TABLE_NAMES.reduce((sum, table) => sum + state.tables[table].count, 0);
  const what = `a router state of ${(stateBytes(state) / MB).toFixed(1)} MB`;
  const work = { amount: records, unit: 'records', rounds };
  const result = await compare(name, what, work, contestants(state, pipe));
  await pipe.close();
  return result;
}

function contestants(state: RouterState, pipe: Loopback): Contestant[] {
  const graph = toObjects(state, 'plain');
  const typed = toObjects(state, 'typed');
  const parts = snapshotTables(state).map(({ bytes }) => bytes);
  const target = new Uint8Array(stateBytes(state)).fill(7);
  const copyAll = () => {
    let at = 0;
    for (const part of parts) {
      target.set(part, at);
      at += part.length;
    }
  };
  return [
    { name: 'record tables over TCP, compared', role: 'ours', run: () => transfer(state, pipe) },
    { name: 'loopback TCP alone', role: 'limit', run: () => shipOnly(state, pipe, false) },
    { name: 'memory copy alone', role: 'limit', run: copyAll },
    { name: 'ours into new memory', role: 'limit', run: () => transfer(state, pipe, true) },
    { name: 'TCP alone into new memory', role: 'limit', run: () => shipOnly(state, pipe, true) },
    {
      name: 'v8.serialize + deserialize, no transport',
      role: 'peer',
      run: () => deserialize(serialize(graph)),
    },
    {
      name: 'the same, Uint32Array for number[]',
      role: 'peer',
      run: () => deserialize(serialize(typed)),
    },
    { name: 'structuredClone, no transport', role: 'peer', run: () => structuredClone(graph) },
    { name: 'msgpackr, no transport', role: 'peer', run: () => unpack(pack(graph)) },
  ];
}

/** Snapshot, hash and send here; receive, hash, compare and recreate in the other thread. */
function transfer(state: RouterState, pipe: Loopback, newMemory = false): Promise<void> {
  const sections = snapshotTables(state);
  const hashes = sections.map(beginSectionHash);
  return pipe.ship({
    head: headOf(state, true, newMemory),
    parts: sections.map(({ bytes }) => bytes),
    leaving: (piece, section) => void hashes[section].bytes(piece),
    end: () => new TextEncoder().encode(hashes.map((hash) => hash.hex()).join('')),
  });
}

/** The same bytes over the same connection, and nothing done with them. */
function shipOnly(state: RouterState, pipe: Loopback, newMemory: boolean): Promise<void> {
  const parts = snapshotTables(state).map(({ bytes }) => bytes);
  const nothing = new Uint8Array(parts.length * HASH_BYTES);
  return pipe.ship({ head: headOf(state, false, newMemory), parts, end: () => nothing });
}

function headOf(state: RouterState, verify: boolean, newMemory: boolean): ShipmentHead {
  const sections = snapshotTables(state).map(({ name, numbers, bytes }) => {
    return { name, numbers, sizeBytes: bytes.length };
  });
  return { sections, verify, newMemory };
}
