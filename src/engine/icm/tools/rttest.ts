import type { ProcessState } from '../../kernel/process.ts';
import { traceGroups } from '../ems/trace-groups.ts';
import type { CallRouterState } from '../router/call-router-state.ts';
import { readVariable, WATCH_FORMS, watchableVariables } from '../router/watches.ts';
import { commonCommands } from './program.ts';
import { ROUTER_VIEWS } from './router-views.ts';
import { rttestStatus } from './rttest-status.ts';
import {
  answers,
  findRouterNode,
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
import { trace } from './trace-command.ts';

const CHOICE = 'emulator choice';
/** ICM-TOOL-20, confirmed; `/f`, `/pipe`, `/debug` and `/stop` are not emulated. */
const USAGE = ['Usage: rttest [/cust Customer] [/node ICRNode] [/system SystemName] [/help] [/?]'];

/** A console command that starts the test interface of the CallRouter. */
export const rttestTool: Tool = {
  name: 'rttest',
  usage: USAGE,
  summary: 'test interface of the CallRouter',
  complete(call) {
    const before = call.words.at(-2)?.toLowerCase();
    if (before === '/cust') return [call.environment.customer];
    return before === '/node' ? ['ra', 'rb'] : ['/cust', '/node', '/system'];
  },
  run(call) {
    const { environment, state } = call;
    const asked = parseCall(call.words);
    if (asked === undefined) return say(...USAGE);
    const wrong = wrongCustomer('rttest', environment, asked.customer);
    if (wrong) return say(wrong);
    const host = asked.system === '' ? state.host : asked.system;
    const node = environment.world.hosts.has(host)
      ? findRouterNode(environment, asked.node, host)
      : undefined;
    if (!node) {
      return say(`rttest: there is no router node "${asked.node || asked.system}".`);
    }
    const program = ['rttest', node.node];
    const router = connectedRouter({ ...call, state: { ...state, program } });
    return router ? { lines: [], state: { program } } : say(noConnection(node.node));
  },
};

type Asked = { customer: string; node: string; system: string };

/** Also `/cust lab50/node ra` without a blank, as a guide prints it (ICM-RTT-02). */
function parseCall(words: readonly string[]): Asked | undefined {
  const text = words.join(' ').replace(/(\S)(?=\/(cust|node|system)\b)/gi, '$1 ');
  const asked: Asked = { customer: '', node: '', system: '' };
  const parts = text.split(/\s+/).filter(Boolean);
  if (parts.some(isHelp)) return undefined;
  for (let at = 0; at < parts.length; at += 2) {
    const name = parts[at].toLowerCase();
    const value = parts[at + 1];
    if (value === undefined || value.startsWith('/')) return undefined;
    if (name === '/cust') asked.customer = value;
    else if (name === '/node') asked.node = value.toLowerCase();
    else if (name === '/system') asked.system = value.toLowerCase();
    else return undefined;
  }
  return asked.customer === '' ? undefined : asked;
}

const noConnection = (node: string) => `rttest: no connection to the router of node ${node}.`;

const nodeOf = ({ state }: ToolCall) => state.program[1] ?? '';

/** The router, reached through the test synchronizer of its node (ICM-PROC-05, inferred). */
function connectedRouter(call: ToolCall): ProcessState | undefined {
  const { world } = call.environment;
  const node = nodeOf(call);
  const router = world.processes.get(`${node}-rtr`);
  const door = world.processes.get(`${node}-tsyr`);
  if (!answers(router) || !answers(door)) return undefined;
  return isReachable(world, call.state.host, router.host) ? router : undefined;
}

/** A command that needs the router; without a connection the tool says so. */
function withRouter(
  work: (call: ToolCall, state: CallRouterState, router: ProcessState) => ToolAnswer,
): (call: ToolCall) => ToolAnswer {
  return (call) => {
    const router = connectedRouter(call);
    if (!router) return say(noConnection(nodeOf(call)));
    return work(call, router.state as CallRouterState, router);
  };
}

const VIEWS: ProgramCommand[] = ROUTER_VIEWS.map(({ name, summary, show }) => ({
  name,
  summary,
  source: CHOICE,
  run: withRouter((_call, state) => ({ lines: show(state) })),
}));

const COMMANDS: ProgramCommand[] = [
  {
    name: 'status',
    summary: 'router version, times, state size, processes, gateways, peripherals',
    source: 'ICM-RTT-11 to 32',
    run: withRouter((call, _state, router) => ({
      lines: rttestStatus(call.environment, router),
    })),
  },
  {
    name: 'watch',
    usage: '[variable] [/off]',
    summary: 'logs a routing variable in the router log when it changes',
    source: 'ICM-RTT-03',
    complete: (call) => {
      const router = connectedRouter(call);
      return router ? watchableVariables((router.state as CallRouterState).router) : [];
    },
    run: withRouter(watch),
  },
  {
    name: 'trace',
    usage: '[group] [/on] [/off]',
    summary: 'trace groups of the router; a name may hold *',
    source: CHOICE,
    complete: () => [...traceGroups('rtr').keys(), '*', '/on', '/off'],
    run: withRouter((call, _state, router) => trace(call, router)),
  },
  ...VIEWS,
  {
    name: 'exit_router',
    summary: 'ends the router process; its Node Manager starts it again',
    source: CHOICE,
    run: withRouter((_call, _state, router) => ({
      lines: ['The router has been told to exit.'],
      commands: [{ verb: 'exit-process', process: router.name }],
    })),
  },
  ...commonCommands(() => rttest, { help: 'ICM-TOOL-21', quit: CHOICE }),
];

export const rttest: Program = {
  name: 'rttest',
  prompt: 'rttest: ',
  commands: COMMANDS,
  unknown: (command) => [`rttest: Unknown command: ${command}. Type help or ? for the commands.`],
};

function watch(call: ToolCall, state: CallRouterState): ToolAnswer {
  const [typed, option, surplus] = call.words;
  if (surplus !== undefined) return say(`watch: Error for ${surplus}: Unknown argument.`);
  if (typed === undefined) {
    const watched = [...state.watches].map(([name, value]) => `  ${name} is ${value}`);
    return say(
      ...(watched.length > 0 ? ['Watched:', ...watched] : ['Nothing is watched.']),
      `Variables: ${WATCH_FORMS.join(', ')}`,
    );
  }
  const isOff = option?.toLowerCase() === '/off';
  if (option !== undefined && !isOff) return say(`watch: Error for ${option}: Unknown argument.`);
  const variable = readVariable(state.router, typed);
  if (!variable) return say(`watch: Error for variable: There is no ${typed}.`);
  if (isOff && !state.watches.has(variable.name)) return say(`${variable.name} is not watched.`);
  const { side } = state.client.config;
  const { name, value } = variable;
  return {
    lines: [isOff ? `${name} is no longer watched.` : `${name} is watched; it is ${value} now.`],
    commands: [{ verb: 'watch-variable', side, variable: name, watched: !isOff }],
  };
}
