import { readRegistry } from '../../kernel/registry.ts';
import { refuseRegistryValue } from '../registry/catalogue.ts';
import { STATE_SIZE_THRESHOLD, stateTransferKey } from '../registry/keys.ts';
import {
  findRouterNode,
  isHelp,
  isReachable,
  parseOptions,
  say,
  type Tool,
  wrongCustomer,
} from './tool.ts';

/**
 * `rtsetting` raises the alarm limit of the state size (ICM-RTT-08, confirmed). The real one is a
 * window; its form on a command line is an emulator choice.
 */
export const rtsetting: Tool = {
  name: 'rtsetting',
  usage: [
    'rtsetting /cust <customer> [/node ra | rb] [/statesize <MB>]   (form: emulator choice)',
    '  shows or sets the alarm limit of the router state size',
  ],
  summary: 'alarm limit of the router state size',
  complete: () => ['/cust', '/node', '/statesize'],
  run(call) {
    const { environment, state, words } = call;
    const known = { cust: 'value', node: 'value', statesize: 'value' } as const;
    const { options, rest, wrong } = parseOptions(words, known);
    const customer = options.get('cust');
    if (wrong || rest.length > 0 || customer === undefined || words.some(isHelp)) {
      return say(...rtsetting.usage);
    }
    const { world } = environment;
    const mistaken = wrongCustomer('rtsetting', environment, customer);
    if (mistaken) return say(mistaken);
    const node = findRouterNode(environment, options.get('node') ?? '', state.host);
    if (!node) return say(`rtsetting: there is no router node "${options.get('node')}".`);
    if (!isReachable(world, state.host, node.host)) {
      return say(`rtsetting: no connection to ${node.host}.`);
    }
    const side = node.component.endsWith('B') ? 'B' : 'A';
    const path = `${stateTransferKey(environment.customer, side)}\\${STATE_SIZE_THRESHOLD}`;
    const text = options.get('statesize');
    if (text === undefined) {
      const value = readRegistry(world.hosts.get(node.host)!.registry, path);
      const told = value === undefined ? 'is not set; 30 MB count' : `${value} MB`;
      return say(`${node.component}: state size alarm limit ${told}.`);
    }
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    const entry = environment.registryEntries(node.host).get(path.toLowerCase());
    const refused = Number.isNaN(value)
      ? `"${text}" is no number of megabytes`
      : refuseRegistryValue(entry, value);
    if (refused) return say(`rtsetting: ${refused}.`);
    return {
      lines: [`${node.component}: state size alarm limit is ${value} MB now.`],
      commands: [{ verb: 'set-registry', host: node.host, path, value }],
    };
  },
};
