import { connect, createServer, type Server, type Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';
import { pack, unpack } from 'msgpackr';
import { getText, getWord, type TableLayout, viewWords } from '../src/engine/icm/record-table.ts';
import {
  createRouterState,
  hashState,
  type RouterState,
  RouterTable,
  stateBytes,
} from '../src/engine/icm/router/router-state.ts';
import { recreateTables, snapshotTables } from '../src/engine/icm/router/table-transfer.ts';
import { ROUTER_TABLE_NAMES, ROUTER_TABLES } from '../src/engine/icm/router/tables.ts';
import { type BenchResult, compare } from './measure.ts';

const STATE_BYTES = 30 * 1_048_576;
const ROUNDS = 5;

/** A state of 30 MB: encode, ship over loopback TCP, recreate, compare. */
export async function benchStateTransfer(): Promise<BenchResult> {
  const state = buildState(STATE_BYTES);
  const graph = toObjects(state);
  const records = ROUTER_TABLE_NAMES.reduce((sum, name) => sum + state.tables[name].count, 0);
  const bytes = new Uint8Array(stateBytes(state)).fill(7);
  const target = new Uint8Array(bytes.length);
  const pipe = await openPipe();
  const what = `a router state of ${(bytes.length / 1_048_576).toFixed(1)} MB`;
  const result = await compare(
    'state-transfer',
    what,
    { amount: records, unit: 'records', rounds: ROUNDS },
    [
      { name: 'record tables over TCP, compared', role: 'ours', run: () => transfer(state, pipe) },
      {
        name: 'v8.serialize + deserialize, no transport',
        role: 'peer',
        run: () => deserialize(serialize(graph)),
      },
      { name: 'structuredClone, no transport', role: 'peer', run: () => structuredClone(graph) },
      { name: 'msgpackr, no transport', role: 'peer', run: () => unpack(pack(graph)) },
      { name: 'loopback TCP alone', role: 'limit', run: () => pipe.ship([bytes]) },
      { name: 'memory copy alone', role: 'limit', run: () => target.set(bytes) },
    ],
  );
  pipe.close();
  return result;
}

async function transfer(state: RouterState, pipe: Pipe): Promise<void> {
  const sections = snapshotTables(state);
  const received = await pipe.ship(sections.map(({ bytes }) => bytes));
  let at = 0;
  const arrived = sections.map(({ name, numbers, bytes }) => {
    const part = received.subarray(at, at + bytes.length);
    at += bytes.length;
    return { name, numbers, bytes: part };
  });
  if (hashState(recreateTables(arrived)) !== hashState(state)) throw new Error('the states differ');
}

/** Agents and labels until the tables have the wanted size. */
function buildState(sizeBytes: number): RouterState {
  const state = createRouterState();
  for (let dbid = 1; stateBytes(state) < sizeBytes; dbid++) {
    const employeeId = `E${dbid}`;
    const agents = new RouterTable(state, 'agent');
    const handle = agents.add();
    agents.set(handle, 'dbid', dbid);
    agents.setText(handle, 'employeeId', employeeId);
    agents.setText(handle, 'lastName', `Agent ${dbid}`);
    const parts = new RouterTable(state, 'standardObject');
    for (let number = 1; number <= 5; number++) {
      const part = parts.add();
      parts.set(part, 'owner', handle);
      parts.set(part, 'number', number);
    }
  }
  return state;
}

/** The same knowledge as an object graph: what the peers are given. */
function toObjects(state: RouterState) {
  return ROUTER_TABLE_NAMES.map((name) => {
    const layout: TableLayout = ROUTER_TABLES[name];
    const table = new RouterTable(state, name);
    const rows = [...table.handles()].map((handle) => {
      const row: Record<string, number | string | number[]> = {};
      for (const [field, { kind }] of Object.entries(layout.fields)) {
        const from = state.tables[name];
        if (kind === 'word') row[field] = getWord(layout, from, handle, field);
        else if (kind === 'text') row[field] = getText(layout, from, handle, field);
        else row[field] = [...viewWords(layout, from, handle, field)];
      }
      return row;
    });
    return { name, rows };
  });
}

interface Pipe {
  /** Sends the parts and resolves to all that arrived at the other end. */
  ship(parts: readonly Uint8Array[]): Promise<Uint8Array>;
  close(): void;
}

async function openPipe(): Promise<Pipe> {
  const server: Server = createServer();
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  const sender = connect(address.port, '127.0.0.1');
  const receiver = await accepted;
  return {
    ship(parts) {
      const total = parts.reduce((sum, { length }) => sum + length, 0);
      const into = new Uint8Array(total);
      let at = 0;
      return new Promise((resolve) => {
        const take = (chunk: Buffer) => {
          into.set(chunk, at);
          at += chunk.length;
          if (at < total) return;
          receiver.off('data', take);
          resolve(into);
        };
        receiver.on('data', take);
        for (const part of parts) sender.write(part);
      });
    },
    close() {
      sender.destroy();
      receiver.destroy();
      server.close();
    },
  };
}
