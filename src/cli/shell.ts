import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type {
  Completion,
  ConsoleAnswer,
  ConsoleState,
  LabDescription,
  LabStatus,
  NodeInfo,
} from '../contract/rpc.ts';
import { parseDurationUs } from '../contract/units.ts';
import { formatClock } from '../engine/kernel/lab-time.ts';
import { defaultFolder, homeFolder } from '../runtime/home.ts';
import { splitWords } from '../runtime/lab-console.ts';
import { LabClient } from '../runtime/worker/lab-client.ts';
import { call } from './call.ts';
import { moveConfiguration } from './configuration-files.ts';
import { takeSnapshots } from './idb-files.ts';
import { parseSpeed, speedOf } from './lab-options.ts';
import { findLabFile, parseCommandLine, UsageError } from './usage.ts';

const DEFAULT_LAB = 'lab50';
const FAILED = 1;
const HISTORY_LINES = 500;
/** What the contract allows: thirty lab days. */
const MAX_RUN_US = 30 * 86_400 * 1e6;
const HELP = [
  'Lines go to the console of the host; help lists its commands. Lines that begin with a colon:',
  '  :host NAME      another host or node, such as ra, pg1a, icon; lab is the console of the lab',
  '  :lab LINE       one line of the console of the lab, such as :lab cut private cca ccb',
  '  :run DURATION   so much lab time as fast as it goes, such as :run 30s; then it stands still',
  '  :speed N        lab seconds a second, 0 as fast as it goes; :pause stands still',
  '  :export FILE [TYPE]   the configuration as .json, or one type of it as .csv, such as person',
  '  :import FILE [TYPE]   takes such a file as one edit; a .csv needs its type',
  '  :snapshot FILE [SECOND]   IDB as it is now, for gaps, extract and merge; SECOND: of ICON 2',
  '  :time           where the lab stands',
  '  :hosts          hosts and their nodes',
  '  :quit           saves the lab and leaves; so does exit, or the end of the input',
];

/** `duplexlab shell`: the consoles of a lab's hosts in a terminal, or fed from a file. */
export async function shellCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine({
    args: [...args],
    allowPositionals: true,
    options: {
      host: { type: 'string', default: 'ra' },
      folder: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      scratch: { type: 'boolean', default: false },
      speed: { type: 'string' },
    },
  });
  if (positionals.length > 1) throw new UsageError('Name one lab at most.');
  if (values.scratch && (values.folder !== undefined || values.fresh)) {
    throw new UsageError(
      '--scratch keeps the lab nowhere: it goes with no --folder and no --fresh.',
    );
  }
  const labFile = resolve(findLabFile(positionals[0] ?? DEFAULT_LAB));
  const folder = values.scratch ? null : resolve(values.folder ?? defaultFolder(labFile));
  const isLive = process.stdin.isTTY === true;
  const speed = values.speed === undefined ? (isLive ? 1 : undefined) : parseSpeed(values.speed);
  const fresh = values.fresh ?? false;
  const client = await LabClient.open({ labFile, folder, fresh, waits: true });
  try {
    for (const notice of client.notices) process.stderr.write(`${notice}\n`);
    const sitting = await Sitting.begin(client, values.host ?? 'ra');
    if (speed !== undefined) await sitting.setSpeed(speed);
    await sitting.read(isLive);
    const problem = await client.close();
    if (problem !== null) process.stderr.write(`${problem}\n`);
    return sitting.engineStopped || problem !== null ? FAILED : 0;
  } finally {
    await client.close();
  }
}

/** One person at the consoles of a lab. */
class Sitting {
  private state: ConsoleState = { host: '', folder: '', program: [] };
  private readonly states = new Map<string, ConsoleState>();
  private prompt = 'C:\\>';
  /** Nothing more can happen in this lab. */
  engineStopped = false;

  private constructor(
    private readonly client: LabClient,
    private readonly description: LabDescription,
    private readonly nodes: readonly NodeInfo[],
  ) {}

  static async begin(client: LabClient, host: string): Promise<Sitting> {
    const description = await call(client, 'lab.describe', {});
    const sitting = new Sitting(client, description, await call(client, 'nodes.list', {}));
    const found = sitting.findHost(host);
    if (!found) throw new UsageError(sitting.unknownHost(host));
    await sitting.goTo(found);
    return sitting;
  }

  /** Reads lines until the end; echoes them where they do not come from a keyboard. */
  async read(isLive: boolean): Promise<void> {
    const history = isLive ? await readHistory() : [];
    const reader = createInterface({
      input: process.stdin,
      output: isLive ? process.stdout : undefined,
      terminal: isLive,
      history,
      historySize: HISTORY_LINES,
      completer: (line: string, done: (error: null, result: [string[], string]) => void) =>
        void this.complete(line).then((result) => done(null, result)),
    });
    if (isLive) print([`Lab ${this.description.name}. :help tells what a line may be.`]);
    reader.on('SIGINT', () => void this.interrupt(reader, isLive));
    this.ask(reader, isLive);
    for await (const line of reader) {
      if (!isLive) print([`${this.prompt}${line}`]);
      if (!(await this.take(line))) break;
      this.ask(reader, isLive);
    }
    reader.close();
    const lines = (reader as Interface & { history?: string[] }).history;
    if (isLive && lines) await writeHistory(lines);
  }

  /** Ctrl C ends a long run, and leaves a line that was begun. */
  private async interrupt(reader: Interface, isLive: boolean): Promise<void> {
    await call(this.client, 'lab.pause', {});
    print(['']);
    this.ask(reader, isLive);
  }

  async setSpeed(speed: number | undefined): Promise<LabStatus> {
    if (speed === undefined) return call(this.client, 'lab.pause', {});
    return call(this.client, 'lab.run', { speed });
  }

  private ask(reader: Interface, isLive: boolean): void {
    if (!isLive) return;
    reader.setPrompt(`[${this.state.host}] ${this.prompt}`);
    reader.prompt();
  }

  /** False when the sitting is over. */
  private async take(line: string): Promise<boolean> {
    const text = line.trim();
    if (text.startsWith(':')) return this.takeOwn(text.slice(1));
    const isShell = this.state.program.length === 0 && this.state.host !== 'lab';
    if (isShell && text.toLowerCase() === 'exit') return false;
    await this.execute(this.state, line);
    return true;
  }

  private async takeOwn(text: string): Promise<boolean> {
    const [verb, ...words] = splitWords(text);
    const rest = words.join(' ');
    switch (verb) {
      case 'quit':
      case 'q':
        return false;
      case 'host': {
        const host = this.findHost(rest);
        if (host) await this.goTo(host);
        else print([this.unknownHost(rest)]);
        return true;
      }
      case 'hosts':
        print(this.hostLines());
        return true;
      case 'lab':
        await this.execute({ host: 'lab', folder: '', program: [] }, rest);
        return true;
      case 'run': {
        const us = parseDurationUs(rest);
        if (us === undefined || us < 1 || us > MAX_RUN_US) print(['Write it like: :run 30s']);
        else this.tellTime(await call(this.client, 'lab.advance', { us }));
        return true;
      }
      case 'export':
      case 'import':
        print(await moveConfiguration(this.client, verb, words));
        return true;
      case 'snapshot':
        print(await takeSnapshots(this.client, words));
        return true;
      case 'speed':
        return this.changeSpeed(rest);
      case 'pause':
        this.tellTime(await this.setSpeed(undefined));
        return true;
      case 'time':
        this.tellTime(await call(this.client, 'lab.status', {}));
        return true;
      default:
        print(verb === 'help' ? HELP : [`There is no ":${verb}"; :help lists what there is.`]);
        return true;
    }
  }

  private async changeSpeed(text: string): Promise<boolean> {
    const speed = speedOf(text);
    if (speed === undefined) print(['Write it like: :speed 10']);
    else this.tellTime(await this.setSpeed(speed));
    return true;
  }

  private async execute(state: ConsoleState, line: string): Promise<void> {
    const answer = await call(this.client, 'console.execute', { state, line }).catch(failed);
    if (!answer) return;
    if (answer.clears && process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[H');
    print(answer.lines);
    if (state.host === this.state.host) this.stand(answer);
  }

  private stand({ state, prompt }: ConsoleAnswer): void {
    this.state = state;
    this.prompt = prompt;
    this.states.set(state.host, state);
  }

  /** Each host's console stays where it was left. */
  private async goTo(host: string): Promise<void> {
    const state = this.states.get(host) ?? { host, folder: '', program: [] };
    this.stand(await call(this.client, 'console.execute', { state, line: '' }));
  }

  private findHost(name: string): string | undefined {
    const wanted = name.toLowerCase();
    const isConsole = this.description.consoles.some(({ host }) => host === wanted);
    if (isConsole) return wanted;
    const node = this.nodes.find(
      ({ node: short, title }) => short === wanted || title.toLowerCase().endsWith(` ${wanted}`),
    );
    return node?.host;
  }

  private unknownHost(name: string): string {
    const names = this.description.consoles.map(({ host }) => host).join(', ');
    const nodes = this.nodes.map(({ node }) => node).join(', ');
    return `This lab has no host or node "${name}". Hosts: ${names}. Nodes: ${nodes}.`;
  }

  private hostLines(): string[] {
    return this.description.consoles.map(({ host }) => {
      const nodes = this.nodes.filter((node) => node.host === host).map(({ node }) => node);
      return `${host.padEnd(12)} ${nodes.join(' ')}`.trimEnd();
    });
  }

  private tellTime({ nowUs, running, speed, crash }: LabStatus): void {
    if (crash) {
      this.engineStopped = true;
      return print([`The engine stopped on a broken invariant: ${crash}.`]);
    }
    const { epochSeconds, utcOffsetSeconds } = this.description;
    const clock = formatClock(nowUs, epochSeconds + utcOffsetSeconds);
    print([`${clock} ${running ? `running at ${speed || 'full'} speed` : 'standing still'}`]);
  }

  private async complete(line: string): Promise<[string[], string]> {
    const { state } = this;
    const empty: Completion = { from: line.length, choices: [] };
    const found = await call(this.client, 'console.complete', { state, line }).catch(() => empty);
    return [[...found.choices], line.slice(found.from)];
  }
}

function failed(error: Error): undefined {
  process.stderr.write(`${error.message}\n`);
  return undefined;
}

function print(lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

const historyFile = () => join(homeFolder(), 'shell-history');

async function readHistory(): Promise<string[]> {
  const text = await readFile(historyFile(), 'utf8').catch(() => '');
  return text.split('\n').filter(Boolean);
}

async function writeHistory(lines: readonly string[]): Promise<void> {
  await writeFile(historyFile(), lines.slice(0, HISTORY_LINES).join('\n')).catch(() => {});
}
