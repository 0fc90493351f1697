import type { ProcessState } from '../../kernel/process.ts';
import type { SessionState } from '../../kernel/session-state.ts';
import type { ConfigurationLoggerState } from '../logger/configuration-logger.ts';
import type { HistoricalLoggerState } from '../logger/historical-logger.ts';
import type { MdsState } from '../mds/mds-state.ts';
import { shortName } from '../registry/catalogue.ts';
import { commonCommands } from './program.ts';
import { moment } from './times.ts';
import {
  answers,
  findNode,
  type IcmNode,
  icmNodes,
  isHelp,
  isReachable,
  type Program,
  type ProgramCommand,
  say,
  type Tool,
  type ToolAnswer,
  type ToolCall,
  wrongCustomer,
} from './tool.ts';
import { groupsNamed, setTrace, showTrace, trace } from './trace-command.ts';

const CHOICE = 'emulator choice';
/** ICM-TOOL-15, confirmed; `/f`, `/wait` and `/stop` are not emulated. */
const USAGE = ['Usage: PROCMon CustomerName NodeName ProcessName [SystemName] [/help] [/?]'];

export const procmonTool: Tool = {
  name: 'procmon',
  usage: USAGE,
  summary: 'monitor console of one process',
  complete({ environment, words }) {
    if (words.length === 1) return [environment.customer];
    const node = findNode(environment.world, words[1] ?? '');
    if (words.length === 2) return icmNodes(environment.world).map((one) => one.node);
    return words.length === 3 && node ? processesOf(node) : [];
  },
  run(call) {
    const { environment, state, words } = call;
    const [customer, nodeName, processName, system] = words;
    if (words.some(isHelp) || !customer || !nodeName || !processName || words.length > 4) {
      return say(...USAGE);
    }
    const mistaken = wrongCustomer('procmon', environment, customer);
    if (mistaken) return say(mistaken);
    const node = findNode(environment.world, nodeName);
    if (!node || (system !== undefined && system.toLowerCase() !== node.host)) {
      return say(`procmon: there is no node "${nodeName}"${system ? ` on ${system}` : ''}.`);
    }
    const process = `${node.node}-${processName.toLowerCase()}`;
    if (!environment.world.processes.has(process)) {
      const names = processesOf(node).join(' ');
      return say(`procmon: node ${node.node} has no process "${processName}": ${names}.`);
    }
    const program = ['procmon', node.node, processName.toLowerCase()];
    const found = monitored({ ...call, state: { ...state, program } });
    return found ? { lines: [], state: { program } } : say(noConnection(process));
  },
};

/** Short names of all processes of a node, its managers first. */
function processesOf({ node, processes }: IcmNode): string[] {
  return ['nm', 'nmm', ...processes.map(({ name }) => shortName(node, name))];
}

const noConnection = (process: string) => `procmon: no connection to the process ${process}.`;

function monitored({ environment: { world }, state }: ToolCall): ProcessState | undefined {
  const [, node, name] = state.program;
  const process = world.processes.get(`${node}-${name}`);
  return answers(process) && isReachable(world, state.host, process.host) ? process : undefined;
}

function withProcess(
  work: (call: ToolCall, process: ProcessState) => ToolAnswer,
): (call: ToolCall) => ToolAnswer {
  return (call) => {
    const process = monitored(call);
    if (process) return work(call, process);
    const [, node, name] = call.state.program;
    return say(noConnection(`${node}-${name}`));
  };
}

const COMMANDS: ProgramCommand[] = [
  {
    name: 'status',
    summary: 'since when the process runs, and what it knows of its work',
    source: CHOICE,
    run: withProcess((call, process) => ({ lines: status(call, process) })),
  },
  {
    name: 'sessions',
    summary: 'sessions of the process',
    source: CHOICE,
    run: withProcess((call, process) => ({ lines: sessions(call, process) })),
  },
  {
    name: 'trace',
    usage: '[group] [/on] [/off]',
    summary: 'trace groups; a name may hold *, such as: trace * /off',
    source: 'ICM-TOOL-16',
    complete: () => ['*', '/on', '/off'],
    run: withProcess((call, process) => trace(call, process)),
  },
  {
    name: 'ltrace',
    summary: 'all trace groups with their bits',
    source: 'ICM-TOOL-16',
    run: withProcess((_call, process) => showTrace(process)),
  },
  {
    name: 'debug',
    usage: '/on | /off',
    summary: 'all trace groups on or off',
    source: 'ICM-TOOL-16',
    complete: () => ['/on', '/off'],
    run: withProcess(({ words: [option = ''] }, process) => {
      const word = option.toLowerCase();
      if (word !== '/on' && word !== '/off') return say('debug: Error: Use /on or /off.');
      return setTrace(process, word === '/on' ? groupsNamed(process.kind, '*') : 0);
    }),
  },
  ...commonCommands(() => procmon, { help: 'ICM-TOOL-15', quit: 'ICM-TOOL-15' }),
];

export const procmon: Program = {
  name: 'procmon',
  prompt: '>>>',
  commands: COMMANDS,
  unknown: (command) => [`Unknown command: ${command}. Type help or ? for the commands.`],
};

function status({ environment }: ToolCall, process: ProcessState): string[] {
  return [
    `Process ${process.name} up ${moment(environment, process.startedUs)}`,
    `Starts: ${process.incarnation}   Trace mask: 0x${process.traceMask.toString(16)}`,
    ...(process.kind === 'mds' ? mdsStatus(process.state as MdsState) : []),
    ...(process.kind === 'clgr' ? configurationStatus(process) : []),
    ...(process.kind === 'hlgr' ? historyStatus(process) : []),
  ];
}

function mdsStatus(state: MdsState): string[] {
  const clients = [...state.clients].map(([name, { status: word, queue }]) => {
    const waiting = queue.length > 0 ? `, ${queue.length} inputs kept` : '';
    return `  ${name.padEnd(6)} ${word}${waiting}`;
  });
  const { devices } = state.config;
  const { devicesConnected } = state;
  const counted = devices.length > 0 ? ` of ${devices.length}` : '';
  return [
    `Synchronizer: ${state.state}${state.inService ? ', in service' : ', not in service'}`,
    `Next order: ${state.nextOrder}   Not acknowledged: ${state.unacknowledged.length}   ` +
      `Waiting: ${state.waiting.length}`,
    `Paths: ${devicesConnected.length}${counted} ${devicesConnected.join(' ')}`.trimEnd(),
    'Clients:',
    ...clients,
  ];
}

function configurationStatus({ state }: ProcessState): string[] {
  const { database, client } = state as ConfigurationLoggerState;
  return [
    `Phase: ${client.phase}`,
    `Configuration: ${database.objects.size} objects, revision ${database.revision}`,
  ];
}

function historyStatus({ state }: ProcessState): string[] {
  const { lastKey, client } = state as HistoricalLoggerState;
  return [`Phase: ${client.phase}`, `Last recovery key: ${lastKey}`];
}

function sessions({ environment: { world } }: ToolCall, { name }: ProcessState): string[] {
  const isOwn = ({ ends }: SessionState) => ends.some(({ process }) => process === name);
  const rows = [...world.sessions.values()].filter(isOwn).map((session) => {
    const other = session.ends.find(({ process }) => process !== name) ?? session.ends[1];
    const own = session.ends.find(({ process }) => process === name)!;
    const isOpen = session.ends[0].open && session.ends[1].open;
    const peer = `${other.process || other.host} port ${session.port}`;
    return (
      `  ${peer.padEnd(28)} ${session.network.padEnd(9)} ${session.priority.padEnd(5)} ` +
      `${isOpen ? 'open' : 'opening'}${own.unsentBytes > 0 ? `, ${own.unsentBytes} B unsent` : ''}`
    );
  });
  return rows.length > 0 ? rows : ['No session.'];
}
