import { deserialize, serialize } from 'node:v8';
import { pack, unpack } from 'msgpackr';
import type { StateSectionHead } from '../src/engine/icm/messages.ts';
import { hashState, type RouterState, stateBytes } from '../src/engine/icm/router/router-state.ts';
import {
  recreateTables,
  snapshotTables,
  TransferHash,
} from '../src/engine/icm/router/table-transfer.ts';
import { ROUTER_TABLE_NAMES } from '../src/engine/icm/router/tables.ts';
import { type Loopback, openLoopback, openPlainLoopback } from './loopback.ts';
import { type BenchResult, type Contestant, compare } from './measure.ts';
import { buildState, toObjects } from './router-knowledge.ts';

const MB = 1_048_576;
const HASH_BYTES = 32;
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
  await checkOnce(state, pipe);
  const records = ROUTER_TABLE_NAMES.reduce((sum, table) => sum + state.tables[table].count, 0);
  const what = `a router state of ${(stateBytes(state) / MB).toFixed(1)} MB`;
  const work = { amount: records, unit: 'records', rounds };
  const plain = await openPlainLoopback();
  const parts = snapshotTables(state).map(({ bytes }) => bytes);
  const result = await compare(name, what, work, [
    ...contestants(state, pipe),
    { name: "TCP alone, 'data' events", role: 'limit', run: () => plain.ship(parts) },
  ]);
  pipe.close();
  plain.close();
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
    { name: 'loopback TCP alone', role: 'limit', run: () => shipOnly(parts, pipe, false) },
    { name: 'memory copy alone', role: 'limit', run: copyAll },
    { name: 'ours into new memory', role: 'limit', run: () => transfer(state, pipe, true) },
    { name: 'TCP alone into new memory', role: 'limit', run: () => shipOnly(parts, pipe, true) },
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

/** Sender and receiver share the connection and nothing else. */
async function transfer(state: RouterState, pipe: Loopback, newMemory = false) {
  const sections = snapshotTables(state);
  const heads = sections.map(({ name, numbers, bytes }) => ({
    name,
    numbers,
    sizeBytes: bytes.length,
  }));
  const sent = new TransferHash(heads);
  let announced: StateSectionHead[] = [];
  let received = new TransferHash([]);
  const { body, end } = await pipe.ship(
    {
      head: new TextEncoder().encode(JSON.stringify(heads)),
      parts: sections.map(({ bytes }) => bytes),
      leaving: (piece) => sent.bytes(piece),
      end: () => new TextEncoder().encode(sent.hex()),
    },
    {
      sizes(head) {
        announced = JSON.parse(new TextDecoder().decode(head));
        received = new TransferHash(announced);
        return { bodyBytes: sum(announced), endBytes: HASH_BYTES };
      },
      arriving: (run) => received.bytes(run),
      newMemory,
    },
  );
  let at = 0;
  const arrived = announced.map(({ name, numbers, sizeBytes }) => {
    const bytes = body.subarray(at, at + sizeBytes);
    at += sizeBytes;
    return { name, numbers, bytes };
  });
  const recreated = recreateTables(arrived);
  if (received.hex() !== new TextDecoder().decode(end)) throw new Error('the states differ');
  return recreated;
}

/** The same bytes over the same connection, and nothing done with them. */
function shipOnly(parts: readonly Uint8Array[], pipe: Loopback, newMemory: boolean) {
  const sizes = { bodyBytes: parts.reduce((all, { length }) => all + length, 0), endBytes: 1 };
  const nothing = new Uint8Array(1);
  return pipe.ship({ head: nothing, parts, end: () => nothing }, { sizes: () => sizes, newMemory });
}

/** The streamed hash is the product's, and the recreated state is the sender's. */
async function checkOnce(state: RouterState, pipe: Loopback): Promise<void> {
  const recreated = await transfer(state, pipe, true);
  if (hashState(recreated) !== hashState(state)) throw new Error('the states differ');
}

function sum(heads: readonly StateSectionHead[]): number {
  return heads.reduce((all, { sizeBytes }) => all + sizeBytes, 0);
}
