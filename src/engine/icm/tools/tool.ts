import type { ProcessState } from '../../kernel/process.ts';
import { findPath, type HostState, type WorldState } from '../../kernel/world.ts';
import type { LabCommand } from '../../lab/commands.ts';
import type { NodeManagerConfig } from '../node-manager/node-manager.ts';
import type { RegistryEntry } from '../registry/catalogue.ts';

/** What the programs at a console may look at. They change nothing: they answer with commands. */
export type ToolEnvironment = {
  readonly world: WorldState;
  readonly customer: string;
  readonly utcOffsetSeconds: number;
  /** What is known of a host's registry values, by path in lower case. */
  registryEntries(host: string): ReadonlyMap<string, RegistryEntry>;
};

/** Where a console stands. Plain data: whoever shows the console keeps it. */
export type ConsoleState = {
  readonly host: string;
  /** Current folder as the disk writes it, such as `icm/lab50/ra`; empty for the root. */
  readonly folder: string;
  /** Program that reads the line, with what it was called for; empty for the shell. */
  readonly program: readonly string[];
};

export type ToolAnswer = {
  readonly lines: readonly string[];
  /** What is to be done to the lab, in this order; a refusal is told instead of `lines`. */
  readonly commands?: readonly LabCommand[];
  readonly state?: Partial<Omit<ConsoleState, 'host'>>;
  /** The screen is cleared. */
  readonly clears?: boolean;
};

export type ToolCall = {
  readonly environment: ToolEnvironment;
  readonly state: ConsoleState;
  /** Words after the name of the program. */
  readonly words: readonly string[];
};

/** A program that the shell starts. */
export type Tool = {
  readonly name: string;
  readonly usage: readonly string[];
  readonly summary: string;
  /** What a word may be completed to; the words before it are in the call. */
  complete?(call: ToolCall): readonly string[];
  run(call: ToolCall): ToolAnswer;
};

/** One command of a program that keeps reading lines. */
export type ProgramCommand = {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** What follows the name. */
  readonly usage?: string;
  readonly summary: string;
  /** Fact id, or "emulator choice". */
  readonly source: string;
  complete?(call: ToolCall): readonly string[];
  run(call: ToolCall): ToolAnswer;
};

/** A program with a prompt of its own. */
export type Program = {
  readonly name: string;
  readonly prompt: string;
  readonly commands: readonly ProgramCommand[];
  /** The tool's own way to say that it does not know a command. */
  unknown(command: string): readonly string[];
};

/** One ICM node as its Node Manager knows it. */
export type IcmNode = NodeManagerConfig & {
  readonly host: string;
  readonly manager: ProcessState;
};

export const say = (...lines: string[]): ToolAnswer => ({ lines });

/** Leaves the program: the shell reads the next line. */
export const leave = (): ToolAnswer => ({ lines: [], state: { program: [] } });

export function hostOf({ environment, state }: ToolCall): HostState {
  return environment.world.hosts.get(state.host)!;
}

export function icmNodes(world: WorldState): IcmNode[] {
  return [...world.processes.values()]
    .filter(({ kind }) => kind === 'nm')
    .map((manager) => ({
      ...(manager.config as NodeManagerConfig),
      host: manager.host,
      manager,
    }));
}

/** By node name or component: `ra`, `routera`, `pg1a`. */
export function findNode(world: WorldState, name: string): IcmNode | undefined {
  const wanted = name.toLowerCase();
  return icmNodes(world).find(
    ({ node, component }) => node === wanted || component.toLowerCase() === wanted,
  );
}

/** A router node by name; without one that of the host, on other hosts that of side A. */
export function findRouterNode(
  { world }: ToolEnvironment,
  name: string,
  host: string,
): IcmNode | undefined {
  const routers = icmNodes(world).filter(({ component }) => component.startsWith('Router'));
  if (name !== '') return routers.find(({ node }) => node === findNode(world, name)?.node);
  return routers.find((router) => router.host === host) ?? routers[0];
}

/** What a tool says to a customer name that is not the lab's; undefined to the right one. */
export function wrongCustomer(
  tool: string,
  { customer }: ToolEnvironment,
  asked: string,
): string | undefined {
  if (asked.toLowerCase() === customer.toLowerCase()) return undefined;
  return `${tool}: there is no customer "${asked}" here; this lab's is ${customer}.`;
}

export function answers(process: ProcessState | undefined): process is ProcessState {
  return process?.running === true && !process.hung;
}

/** True if a program on one host can hold a session with a process on another. */
export function isReachable(world: WorldState, from: string, to: string): boolean {
  if (!world.hosts.get(to)?.up) return false;
  if (from === to) return true;
  const isCut = (one: string, other: string) => findPath(world, 'public', one, other)?.cut === true;
  return !isCut(from, to) && !isCut(to, from);
}

/** `/name value` options and the words that are none, names in lower case. */
export function parseOptions(
  words: readonly string[],
  known: Readonly<Record<string, 'flag' | 'value'>>,
): {
  readonly options: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
  /** A word that is no option of this program, or an option without its value. */
  readonly wrong: string;
} {
  const options = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const name = words[at].toLowerCase();
    if (!name.startsWith('/') && !name.startsWith('-')) {
      rest.push(words[at]);
      continue;
    }
    const kind = Object.hasOwn(known, name.slice(1)) ? known[name.slice(1)] : undefined;
    if (kind === undefined) return { options, rest, wrong: words[at] };
    if (kind === 'flag') options.set(name.slice(1), '');
    else if (at + 1 >= words.length) return { options, rest, wrong: words[at] };
    else options.set(name.slice(1), words[++at]);
  }
  return { options, rest, wrong: '' };
}

export const isHelp = (word: string | undefined): boolean =>
  word === '/?' || word === '-?' || word?.toLowerCase() === '/help';
