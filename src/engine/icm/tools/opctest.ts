import type { ProcessState } from '../../kernel/process.ts';
import { readRegistry } from '../../kernel/registry.ts';
import { TRACE, traceGroups } from '../ems/trace-groups.ts';
import { otherSide } from '../messages.ts';
import type { OpcState } from '../peripheral-gateway/opc.ts';
import type { PgAgentState } from '../peripheral-gateway/pg-agent.ts';
import { AGENT_STATE, agentStateName } from '../router/tables.ts';
import { commonCommands } from './program.ts';
import { moment } from './times.ts';
import {
  answers,
  findNode,
  icmNodes,
  isHelp,
  isReachable,
  type Program,
  type ProgramCommand,
  parseOptions,
  say,
  type Tool,
  type ToolAnswer,
  type ToolCall,
  type ToolEnvironment,
  wrongCustomer,
} from './tool.ts';
import { setTrace, showTrace } from './trace-command.ts';

const CHOICE = 'emulator choice';
/** ICM-TOOL-10, confirmed; `/f`, `/pipe`, `/debug` and `/stop` are not emulated. */
const USAGE = ['Usage: opctest [/cust Customer] [/node ICRNode] [/help] [/?]'];
const BANNER = 'OPCTEST Release 5.0 Service Release 8, Build 09894';

export const opctestTool: Tool = {
  name: 'opctest',
  usage: USAGE,
  summary: 'test interface of the OPC of a Peripheral Gateway',
  complete(call) {
    const before = call.words.at(-2)?.toLowerCase();
    if (before === '/cust') return [call.environment.customer];
    return before === '/node' ? gatewayNodes(call.environment) : ['/cust', '/node'];
  },
  run(call) {
    const { environment, state } = call;
    const { options, rest, wrong } = parseOptions(call.words, { cust: 'value', node: 'value' });
    const customer = options.get('cust');
    if (wrong || rest.length > 0 || customer === undefined || call.words.some(isHelp)) {
      return say(...USAGE);
    }
    const mistaken = wrongCustomer('opctest', environment, customer);
    if (mistaken) return say(mistaken);
    const asked = options.get('node') ?? state.host;
    const node = findNode(environment.world, asked)?.node ?? '';
    if (!gatewayNodes(environment).includes(node)) {
      return say(`opctest: there is no Peripheral Gateway node "${asked}".`);
    }
    const program = ['opctest', node];
    const opc = connectedOpc({ ...call, state: { ...state, program } });
    return opc ? { lines: [BANNER], state: { program } } : say(noConnection(node));
  },
};

function gatewayNodes({ world }: ToolEnvironment): string[] {
  return icmNodes(world)
    .map(({ node }) => node)
    .filter((node) => world.processes.has(`${node}-opc`));
}

const noConnection = (node: string) => `opctest: no connection to the OPC of node ${node}.`;
const nodeOf = ({ state }: ToolCall) => state.program[1] ?? '';

function connectedOpc(call: ToolCall): ProcessState | undefined {
  const { world } = call.environment;
  const opc = world.processes.get(`${nodeOf(call)}-opc`);
  return answers(opc) && isReachable(world, call.state.host, opc.host) ? opc : undefined;
}

function withOpc(
  work: (call: ToolCall, opc: ProcessState, state: OpcState) => ToolAnswer,
): (call: ToolCall) => ToolAnswer {
  return (call) => {
    const opc = connectedOpc(call);
    if (!opc) return say(noConnection(nodeOf(call)));
    return work(call, opc, opc.state as OpcState);
  };
}

/** Names of trace groups as `debug` takes them. */
const DEBUG_GROUPS = [...traceGroups('opc')].map(
  ([name, bit]) => [name.toLowerCase(), bit] as const,
);
/** What `debug /on` switches on: the documented default, as far as it is emulated. */
const DEBUG_DEFAULT = TRACE.opc.agent | TRACE.opc.routing | TRACE.opc.closedCalls;

const COMMANDS: ProgramCommand[] = [
  {
    name: 'status',
    summary: 'PG agents with their paths, PIMs and peripherals',
    source: 'ICM-TOOL-12',
    run: withOpc((call, _opc, state) => ({ lines: status(call, state) })),
  },
  {
    name: 'list_agents',
    aliases: ['la'],
    usage: 'PeripheralID [/agent Extension] [/logout]',
    summary: 'agents of a peripheral',
    source: 'ICM-TOOL-13',
    complete: () => ['/agent', '/logout'],
    run: withOpc(listAgents),
  },
  {
    name: 'list_calls',
    summary: 'route requests that wait for their label',
    source: CHOICE,
    run: withOpc((_call, _opc, { knowledge }) => {
      const waiting = [...knowledge.unanswered.values()];
      const lines = waiting.map(
        ({ dialog, peripheral, dialedNumber, ani }) =>
          `RouteCallKey=${dialog} Peripheral=${peripheral} DN=${dialedNumber} ANI=${ani}`,
      );
      return { lines: lines.length > 0 ? lines : ['No call waits.'] };
    }),
  },
  {
    name: 'debug',
    usage: '[/on] [/off] [/showtrace] [/agent] [/routing] [/peripheral] [/closedcalls]',
    summary: 'trace groups of the OPC; named groups are switched on beside those that are',
    source: 'ICM-TOOL-14',
    complete: () => ['/on', '/off', '/showtrace', ...DEBUG_GROUPS.map(([name]) => `/${name}`)],
    run: withOpc(debug),
  },
  {
    name: 'exit_opc',
    summary: 'ends the OPC process; its Node Manager starts it again',
    source: CHOICE,
    run: withOpc((_call, opc) => ({
      lines: ['The OPC has been told to exit.'],
      commands: [{ verb: 'exit-process', process: opc.name }],
    })),
  },
  ...commonCommands(() => opctest, { help: 'ICM-TOOL-11', quit: 'ICM-TOOL-11' }),
];

export const opctest: Program = {
  name: 'opctest',
  prompt: 'opctest: ',
  commands: COMMANDS,
  unknown: (command) => [`opctest: Unknown command: ${command}. Type help or ? for the commands.`],
};

function debug({ words }: ToolCall, opc: ProcessState): ToolAnswer {
  if (words.length === 0) return showTrace(opc);
  let mask = opc.traceMask;
  for (const word of words) {
    const name = word.toLowerCase().replace(/^\//, '');
    const bit = DEBUG_GROUPS.find(([group]) => group === name)?.[1];
    if (name === 'showtrace') return showTrace(opc);
    if (name === 'on') mask = DEBUG_DEFAULT;
    else if (name === 'off') mask = 0;
    else if (bit !== undefined) mask |= bit;
    else return say(`debug: Error for ${word}: Unknown argument.`);
  }
  return setTrace(opc, mask);
}

/** The block of the PG agents has a documented form, what follows is an emulator choice. */
function status({ environment }: ToolCall, state: OpcState): string[] {
  const { world } = environment;
  const { side } = state.client.config;
  const { knowledge, pims, device } = state;
  const head =
    'PGAgent     LastStateChangeTime        ConnectATime             Status     ' +
    'ConnectBTime             Status';
  const agents = [side, otherSide(side)].sort().map((which) => {
    const node = `${device}${which}`.toLowerCase();
    return agentLine(environment, which, world.processes.get(`${node}-pgag`));
  });
  const peripherals = [...knowledge.peripherals].map(([name, online]) => {
    const pim = pims.has(name) ? 'connected' : 'not connected';
    return `  ${name.padEnd(16)} ${(online ? 'on-line' : 'off-line').padEnd(10)} ${pim}`;
  });
  return [
    `OPC of ${device} side ${side}: ${state.client.phase}, ` +
      `${state.serves ? 'this side serves' : 'the other side serves, or none'}`,
    '',
    head,
    ...agents,
    '',
    '  Peripheral       State      PIM of this side  (layout: emulator choice)',
    ...peripherals,
    '',
    `  Agents known: ${knowledge.agents.size}   Calls waiting for a label: ` +
      `${knowledge.unanswered.size}   Reports to the routers: ${knowledge.number}`,
  ];
}

function agentLine(
  environment: ToolEnvironment,
  side: string,
  agent: ProcessState | undefined,
): string {
  const title = `Side${side}`.padEnd(7);
  if (!answers(agent)) return `${title} ---`;
  const { paths, active, mdsOpen } = agent.state as PgAgentState;
  const flags = `P${mdsOpen ? 'I' : '-'}${active ? 'A' : '-'}`;
  const cell = (which: 'A' | 'B') => {
    const { open, openedUs } = paths[which];
    const since = open ? moment(environment, openedUs) : '';
    const word = !open ? 'NOT CONNECTED' : active === which ? 'CONNECTED' : 'IDLE';
    return `${since.padEnd(24)} ${word.padEnd(13)}`;
  };
  const since = moment(environment, agent.startedUs).padEnd(26);
  return `${title} ${flags} ${since} ${cell('A')} ${cell('B')}`.trimEnd();
}

function listAgents({ words, environment, state }: ToolCall, opc: ProcessState): ToolAnswer {
  const { options, rest, wrong } = parseOptions(words, { agent: 'value', logout: 'flag' });
  if (wrong) return say(`list_agents: Error for ${wrong}: Unknown argument.`);
  const [id, surplus] = rest;
  if (surplus !== undefined) return say(`list_agents: Error for ${surplus}: Unknown argument.`);
  if (id === undefined) return say('list_agents: Error for PeripheralID: Missing argument.');
  const name = peripheralNamed(environment, state.program[1], id);
  if (!name) return say(`list_agents: Error for PeripheralID: There is no peripheral ${id}.`);
  const { knowledge } = opc.state as OpcState;
  const wanted = options.get('agent');
  const lines = [...knowledge.agents]
    .filter(([extension, { peripheral, state: word }]) => {
      if (peripheral !== name || (wanted !== undefined && extension !== wanted)) return false;
      return options.has('logout') || word !== AGENT_STATE.loggedOut;
    })
    .map(([extension, agent]) => {
      return `Extension= ${extension.padEnd(8)} State= ${agentStateName(agent.state)}`;
    });
  return { lines: lines.length > 0 ? lines : ['No agent.'] };
}

/** The peripheral's name for its number, from the registry of the gateway's PIMs. */
function peripheralNamed({ world }: ToolEnvironment, node: string, id: string): string | undefined {
  const opc = world.processes.get(`${node}-opc`);
  const registry = world.hosts.get(opc?.host ?? '')?.registry ?? new Map();
  for (const [path, value] of registry) {
    if (!/\\PeripheralID$/i.test(path) || String(value) !== id) continue;
    const named = path.replace(/PeripheralID$/i, 'PeripheralName');
    return String(readRegistry(registry, named) ?? '');
  }
  return undefined;
}
