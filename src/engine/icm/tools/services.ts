import type { WorldState } from '../../kernel/world.ts';
import { imageName, shortName } from '../registry/catalogue.ts';
import { processNumber } from './network.ts';
import { type IcmNode, icmNodes, parseOptions, say, type Tool, type ToolCall } from './tool.ts';

/** Name of a node's Windows service (ICM-NM-01). */
const serviceName = ({ customer, component }: IcmNode) => `Cisco ICM ${customer} ${component}`;

const helpMessage = (number: number) => `More help is available by typing NET HELPMSG ${number}.`;

function nodesHere({ environment, state }: ToolCall): IcmNode[] {
  return icmNodes(environment.world).filter(({ host }) => host === state.host);
}

/** A service runs as long as one of its node's two managers does. */
function isStarted(world: WorldState, { node, manager }: IcmNode): boolean {
  const upper = world.processes.get(`${node}-nmm`)!;
  return manager.running || upper.running || upper.pendingStart !== 0;
}

const net: Tool = {
  name: 'net',
  usage: [
    'net start                  services that run',
    'net start "<service>"      such as: net start "Cisco ICM lab50 RouterA"',
    'net stop "<service>"       an operator\'s stop: nothing starts it again',
  ],
  summary: 'starts and stops the services of this host',
  complete(call) {
    if (call.words.length === 1) return ['start', 'stop'];
    return call.words.length === 2 ? nodesHere(call).map((node) => `"${serviceName(node)}"`) : [];
  },
  run(call) {
    const [verb, ...rest] = call.words;
    const action = verb?.toLowerCase();
    if (action !== 'start' && action !== 'stop') {
      return say('The syntax of this command is:', '', ...net.usage);
    }
    const { world } = call.environment;
    const nodes = nodesHere(call);
    if (rest.length === 0 && action === 'start') {
      const started = nodes.filter((node) => isStarted(world, node)).map(serviceName);
      const lines = started.map((name) => `   ${name}`);
      return say('These Windows services are started:', '', ...lines);
    }
    const wanted = rest.join(' ').toLowerCase();
    const node = nodes.find((one) => serviceName(one).toLowerCase() === wanted);
    if (!node) return say('The service name is invalid.', '', helpMessage(2185));
    return action === 'start' ? start(world, node) : stop(world, node);
  },
};

function start(world: WorldState, node: IcmNode) {
  const name = serviceName(node);
  if (isStarted(world, node)) {
    return say('The requested service has already been started.', '', helpMessage(2182));
  }
  return {
    lines: [`The ${name} service is starting.`, `The ${name} service was started successfully.`],
    commands: [{ verb: 'start-node', node: node.node } as const],
  };
}

function stop(world: WorldState, node: IcmNode) {
  const name = serviceName(node);
  if (!isStarted(world, node)) {
    return say(`The ${name} service is not started.`, '', helpMessage(3521));
  }
  return {
    lines: [`The ${name} service is stopping.`, `The ${name} service was stopped successfully.`],
    commands: [{ verb: 'stop-node', node: node.node } as const],
  };
}

const tasklist: Tool = {
  name: 'tasklist',
  usage: ['tasklist'],
  summary: 'processes of this host',
  run(call) {
    const { words, environment, state } = call;
    if (parseOptions(words, {}).wrong) return say('ERROR: Invalid argument/option.');
    const { world } = environment;
    const lines = ['Process        Image               PID  State        Up (s)  Starts'];
    const nodes = nodesHere(call);
    for (const process of world.processes.values()) {
      if (process.host !== state.host) continue;
      const { name, running, hung, incarnation, startedUs } = process;
      const node = nodes.find((one) => name.startsWith(`${one.node}-`))?.node ?? '';
      const ended = incarnation > 0 ? 'stopped' : 'not started';
      const word = hung ? 'hung' : running ? 'running' : ended;
      const up = running ? String(Math.floor((world.nowUs - startedUs) / 1e6)) : '';
      const number = running ? String(processNumber(world, name)) : '';
      const image = `${IMAGES[shortName(node, name)] ?? imageName(shortName(node, name))}.exe`;
      lines.push(
        `${name.padEnd(14)} ${image.padEnd(17)} ${number.padStart(5)}  ${word.padEnd(11)}` +
          `${up.padStart(8)}  ${String(incarnation).padStart(6)}`,
      );
    }
    return { lines };
  },
};

const IMAGES: Readonly<Record<string, string>> = { nm: 'nodeman', nmm: 'nmm' };

export const SERVICE_TOOLS: readonly Tool[] = [net, tasklist];
