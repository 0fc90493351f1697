import type { Page } from 'playwright-core';
import type { Figure } from '../figures.ts';
import type { UnwatchedWindow } from './unwatched-window.ts';

const LIMIT_MS = 100;
const RESTING_MS = 5_000;
/** So long that a checkpoint is taken meanwhile: after 20 s of the lab's own work. */
const BUSY_MS = 240_000;
/** Then someone does something large now and then. */
const BESIDE_MS = 80_000;
const BESIDE_EVERY_MS = 20_000;
const IMPORTED_PERSONS = 3_000;
/** So large is IDB in the middle of it, about. */
const IDB_BYTES = 120_000_000;

type Reply = {
  readonly ok: boolean;
  readonly error?: { readonly message: string };
  readonly value?: {
    readonly ok?: boolean;
    readonly calls?: readonly { readonly uuid: string }[];
  } | null;
};

type Call = { readonly method: string; readonly parameters: object };

const verb = (command: object): Call => ({ method: 'lab.execute', parameters: { command } });
const ask = (method: string, parameters: object = {}): Call => ({ method, parameters });
const consoleState = { host: 'cca', folder: 'C:\\', program: [] };
const filter = { client: 'rtr', kinds: ['records', 'desired', 'init'], link: 'all', text: '' };
const page = { table: 'G_CALL', limit: 100, filters: [], after: null, from: null };

/** Stands for the id of a call that ended lately. */
const A_CALL = 'a call';

/** SQL, on a copy of the whole IDB. */
const QUERIES = [ask('idb.query', { sql: 'SELECT count(*) FROM G_CALL' })];
/** A file of persons is imported, and taken back. */
const IMPORTS = [
  ask('configuration.import', { format: 'csv', type: 'person', text: personsFile() }),
  verb({ verb: 'undo-edit' }),
];

/** What a user does and looks at, each as the window asks for it. */
const CALLS: readonly Call[] = [
  verb({ verb: 'cut', network: 'private', from: 'cca', to: 'ccb' }),
  verb({ verb: 'repair', network: 'private', from: 'cca', to: 'ccb' }),
  verb({ verb: 'crash-process', process: 'pg1a-pim1' }),
  ask('lab.status'),
  ask('lab.describe'),
  ask('metrics.read'),
  ask('timeline.read'),
  ask('topology.read'),
  ask('nodes.list'),
  ask('alarms.list'),
  ask('ladder.rows', { filter, from: null, limit: 100 }),
  ask('journal.explain', { seq: 1000 }),
  ask('log.window', { process: '', eventsOnly: true, limit: 300 }),
  ask('console.execute', { state: consoleState, line: 'dumplog /?' }),
  ask('registry.read', { host: 'cca' }),
  ask('state.report'),
  ask('configuration.objects', { type: 'person' }),
  ask('configuration.history', { limit: 200 }),
  ask('configuration.icon'),
  ask('calls.list', { text: '', limit: 200 }),
  ask('calls.list', { text: '555', limit: 200 }),
  ask('calls.story', { uuid: A_CALL }),
  ask('idb.follow', { table: 'G_CALL', column: 'CALLID', value: A_CALL }),
  ask('availability.report'),
  ask('idb.tables'),
  ask('idb.page', { ...page, sort: null, descending: true }),
  ask('idb.page', { ...page, sort: 'CALLID', descending: false }),
];

/** Each call from the window, again and again, while the lab rests and while it runs. */
export async function measureAnswers(
  window: UnwatchedWindow,
  run: (page: Page) => Promise<void>,
): Promise<Figure[]> {
  const resting = await timeCalls(window, RESTING_MS);
  await window.watched(run);
  const busy = await timeCalls(window, BUSY_MS);
  const querying = await timeCalls(window, BESIDE_MS, QUERIES);
  const importing = await timeCalls(window, BESIDE_MS, IMPORTS);
  const figures = CALLS.map(({ method, parameters }, at): Figure => {
    const slowest = Math.max(...busy[at]).toFixed(0);
    return {
      name: `${method}${detailOf(parameters)}`,
      value: percentile(busy[at], 0.95),
      unit: 'ms',
      limit: LIMIT_MS,
      peer: { name: 'the lab at rest', value: percentile(resting[at], 0.95) },
      note: `19 of 20; of ${busy[at].length} the slowest ${slowest} ms`,
    };
  });
  return [
    ...figures,
    ...together('of all of them', busy.flat()),
    ...together('while SQL copies IDB', querying.flat()),
    ...together(`while ${IMPORTED_PERSONS} persons are imported`, importing.flat()),
  ];
}

function personsFile(): string {
  const persons = Array.from({ length: IMPORTED_PERSONS }, (_, at) => `N${at},n${at},true,Halden`);
  return ['employeeId,userName,isAgent,tenant', ...persons].join('\n');
}

function together(name: string, times: readonly number[]): Figure[] {
  const over = times.filter((ms) => ms > LIMIT_MS).length;
  return [
    { name: `99 of 100 ${name}`, value: percentile(times, 0.99), unit: 'ms', limit: LIMIT_MS },
    {
      name: `the slowest ${name}`,
      value: Math.max(...times),
      unit: 'ms',
      limit: LIMIT_MS,
      peer: { name: 'memory as large as IDB, copied once', value: timeCopy() },
      note: `${over} of ${times.length} over the limit`,
    },
  ];
}

/** What a checkpoint, an export and a query cannot do without: somebody has to do it. */
function timeCopy(): number {
  const from = new Uint8Array(IDB_BYTES).fill(1);
  const startMs = performance.now();
  const to = new Uint8Array(IDB_BYTES);
  to.set(from);
  return to[0] === 1 ? performance.now() - startMs : Number.NaN;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}

function detailOf(parameters: object): string {
  if ('command' in parameters) return ` ${(parameters.command as { verb: string }).verb}`;
  if ('sort' in parameters) return parameters.sort === null ? ' newest' : ' by CALLID';
  return 'text' in parameters && parameters.text !== '' ? ' searched' : '';
}

/** By call, in milliseconds, slowest of what a user would wait for included. */
async function timeCalls(
  window: UnwatchedWindow,
  durationMs: number,
  beside: readonly Call[] = [],
): Promise<number[][]> {
  await window.watched((page) => beginCalls(page, durationMs, beside));
  await new Promise((resolve) => setTimeout(resolve, durationMs));
  const times = await window.watched((page) =>
    page.evaluate(() => (globalThis as Measuring).times),
  );
  if (!times) throw new Error('the window was loaded anew while it was measured');
  return times;
}

/** Of the page, while it measures. */
type Measuring = { times?: Promise<number[][]> } & typeof globalThis;

/** The page goes on by itself, one call after the other; now and then the next one of `beside`. */
function beginCalls(page: Page, durationMs: number, beside: readonly Call[]): Promise<void> {
  return page.evaluate(
    ({ aCall, beside, besideEveryMs, calls, durationMs }) => {
      const measure = async (socket: WebSocket) => {
        await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
        const times = calls.map(() => [] as number[]);
        let id = 1;
        let uuid = '';
        const answerTo = (call: Call) =>
          new Promise<Reply>((done) => {
            const mine = id++;
            const listen = ({ data }: MessageEvent) => {
              const message = JSON.parse(String(data));
              if (message.id !== mine) return;
              socket.removeEventListener('message', listen);
              done(message);
            };
            socket.addEventListener('message', listen);
            socket.send(JSON.stringify({ id: mine, ...call }).replace(aCall, uuid));
          });
        const endMs = performance.now() + durationMs;
        const failures: string[] = [];
        let nextMs = performance.now() + besideEveryMs;
        let asked = 0;
        while (performance.now() < endMs) {
          if (beside.length > 0 && performance.now() > nextMs) {
            nextMs += besideEveryMs;
            void answerTo(beside[asked++ % beside.length]).then((reply) => {
              if (!reply.ok || reply.value?.ok === false) failures.push(JSON.stringify(reply));
            });
          }
          for (const [at, call] of calls.entries()) {
            const startMs = performance.now();
            const reply = await answerTo(call);
            times[at].push(performance.now() - startMs);
            uuid = reply.value?.calls?.at(-1)?.uuid ?? uuid;
            if (!reply.ok) throw new Error(`${call.method}: ${reply.error?.message}`);
          }
        }
        socket.close();
        if (failures.length > 0) throw new Error(failures.join('; '));
        return times;
      };
      const here: Measuring = globalThis;
      here.times = measure(new WebSocket(`ws://${location.host}/lab`));
    },
    { aCall: A_CALL, beside, besideEveryMs: BESIDE_EVERY_MS, calls: CALLS, durationMs },
  );
}
