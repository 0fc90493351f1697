import { isLost, LOOPBACK, type PathState } from '../../kernel/network.ts';
import { createRandomState, nextBelow, type RandomState } from '../../kernel/random.ts';
import type { SessionState } from '../../kernel/session-state.ts';
import { findPath, type WorldState } from '../../kernel/world.ts';
import { parseOptions, say, type Tool, type ToolAnswer, type ToolCall } from './tool.ts';

/**
 * Names and addresses of the hosts: a private name ends with p (ICM-PORT-17); the numbers are an
 * emulator choice. Every host has both adapters.
 */
const SUBNETS = { public: '10.10.0.', private: '192.168.10.' } as const;
type AdapterNetwork = keyof typeof SUBNETS;
const FIRST_ADDRESS = 10;
/** Port of the connecting end; the kernel keeps none, so the emulator derives one. */
const FIRST_CLIENT_PORT = 49_152;
const CLIENT_PORTS = 16_384;

function addressOf(world: WorldState, host: string, network: AdapterNetwork): string {
  return `${SUBNETS[network]}${FIRST_ADDRESS + [...world.hosts.keys()].indexOf(host)}`;
}

const nameOf = (host: string, network: AdapterNetwork) =>
  network === 'private' ? `${host}p` : host;

function findAdapter(
  world: WorldState,
  text: string,
): { host: string; network: AdapterNetwork } | undefined {
  const wanted = text.toLowerCase();
  for (const host of world.hosts.keys()) {
    for (const network of ['public', 'private'] as const) {
      const address = addressOf(world, host, network);
      if (wanted === nameOf(host, network) || wanted === address) return { host, network };
    }
  }
  return undefined;
}

/** Process number as Windows shows it: another one for each run (emulator choice). */
export function processNumber(world: WorldState, name: string): number {
  const process = world.processes.get(name);
  const index = [...world.processes.keys()].indexOf(name);
  return 1000 + index * 40 + ((process?.incarnation ?? 0) % 10) * 4;
}

const ipconfig: Tool = {
  name: 'ipconfig',
  usage: ['ipconfig'],
  summary: 'network adapters of this host',
  run({ environment: { world }, state: { host } }) {
    const adapters = (['public', 'private'] as const).flatMap((network) => [
      `Ethernet adapter ${network}:`,
      '',
      `   IP Address. . . . . . . . . . . . : ${addressOf(world, host, network)}`,
      '   Subnet Mask . . . . . . . . . . . : 255.255.255.0',
      `   Host Name . . . . . . . . . . . . : ${nameOf(host, network)}`,
      '',
    ]);
    return say('Windows IP Configuration', '', ...adapters.slice(0, -1));
  },
};

const PING_BYTES = 32;
const PING_TIMEOUT_US = 4_000_000;

/**
 * What a probe would meet at this moment: delay, jitter and loss of both directions. It takes no
 * lab time and draws from a stream of its own, so that looking changes nothing (emulator choice).
 */
const ping: Tool = {
  name: 'ping',
  usage: ['ping [-n count] <host or address>', '  a private address by its name: ping ccbp'],
  summary: 'asks a host whether it is there',
  complete: ({ environment: { world } }) =>
    [...world.hosts.keys()].flatMap((host) => [nameOf(host, 'public'), nameOf(host, 'private')]),
  run(call) {
    const { options, rest, wrong } = parseOptions(call.words, { n: 'value' });
    if (wrong) return say(`Bad option ${wrong}.`);
    const count = Number(options.get('n') ?? 4);
    if (!Number.isInteger(count) || count < 1 || count > 100) {
      return say('Bad value for option -n, valid range is from 1 to 100.');
    }
    if (rest.length === 0) return say('IP address must be specified.');
    const isSelf = /^(localhost|127\.0\.0\.1)$/i.test(rest[0]);
    const asked = isSelf ? call.state.host : rest[0];
    const target = findAdapter(call.environment.world, asked);
    if (!target) {
      return say(
        `Ping request could not find host ${rest[0]}. Please check the name and try again.`,
      );
    }
    return probe(call, rest[0], target, count);
  },
};

function probe(
  { environment: { world }, state }: ToolCall,
  typed: string,
  { host, network }: { host: string; network: AdapterNetwork },
  count: number,
): ToolAnswer {
  const address = addressOf(world, host, network);
  const random = createRandomState(world.seed, `ping ${state.host} ${typed} ${world.nowUs}`);
  const times: number[] = [];
  const lines = [`Pinging ${typed} [${address}] with ${PING_BYTES} bytes of data:`, ''];
  for (let number = 0; number < count; number++) {
    const us = roundTrip({ world, network, from: state.host, to: host }, random);
    if (us === undefined) lines.push('Request timed out.');
    else {
      const ms = Math.round(us / 1000);
      times.push(ms);
      const time = ms < 1 ? 'time<1ms' : `time=${ms}ms`;
      lines.push(`Reply from ${address}: bytes=${PING_BYTES} ${time} TTL=128`);
    }
  }
  const lost = count - times.length;
  lines.push(
    '',
    `Ping statistics for ${address}:`,
    `    Packets: Sent = ${count}, Received = ${times.length}, Lost = ${lost} ` +
      `(${Math.round((lost / count) * 100)}% loss),`,
  );
  if (times.length > 0) {
    const mean = Math.round(times.reduce((sum, ms) => sum + ms, 0) / times.length);
    const [least, most] = [Math.min(...times), Math.max(...times)];
    lines.push(
      'Approximate round trip times in milli-seconds:',
      `    Minimum = ${least}ms, Maximum = ${most}ms, Average = ${mean}ms`,
    );
  }
  return { lines };
}

type Way = {
  readonly world: WorldState;
  readonly network: AdapterNetwork;
  readonly from: string;
  readonly to: string;
};

/** Microseconds there and back; undefined when nothing comes back. */
function roundTrip(way: Way, random: RandomState): number | undefined {
  const { world, from, to } = way;
  if (!world.hosts.get(to)?.up) return undefined;
  if (from === to) return 2 * LOOPBACK.delayUs;
  const there = oneWay(way, random);
  const back = oneWay({ ...way, from: to, to: from }, random);
  if (there === undefined || back === undefined) return undefined;
  return there + back > PING_TIMEOUT_US ? undefined : there + back;
}

function oneWay({ world, network, from, to }: Way, random: RandomState): number | undefined {
  const path = findPath(world, network, from, to);
  const normal = world.networks.get(network)!;
  const values = { ...normal, cut: false, ...path } as PathState;
  if (values.cut || isLost(values, random)) return undefined;
  const waitUs = Math.max(0, (path?.busyHighUntilUs ?? 0) - world.nowUs);
  return waitUs + values.delayUs + (values.jitterUs > 0 ? nextBelow(random, values.jitterUs) : 0);
}

const netstat: Tool = {
  name: 'netstat',
  usage: [
    'netstat [-a] [-n] [-o] [-b]   (also together: -ano)',
    '  -a listening ports too   -n addresses as numbers',
    '  -o number of the process   -b its name',
  ],
  summary: 'sessions and listening ports of this host',
  run({ environment: { world }, state: { host }, words }) {
    const flags = words.map((word) => word.replace(/^[-/]/, '').toLowerCase()).join('');
    if (/[^anob]/.test(flags) || words.some((word) => !/^[-/]/.test(word))) {
      return say(...netstat.usage);
    }
    const has = (flag: string) => flags.includes(flag);
    const rows = connections(world, host, has('n')).filter(
      ({ state }) => state !== 'LISTENING' || has('a'),
    );
    const columns = (cells: readonly string[]) => {
      const [proto, local, foreign, state, ...owner] = cells;
      const head = `  ${proto.padEnd(6)} ${local.padEnd(22)} ${foreign.padEnd(22)}`;
      return `${head} ${state.padEnd(12)} ${owner.join(' ')}`.trimEnd();
    };
    const owner = (process: string) => [
      ...(has('o') ? [String(processNumber(world, process)).padEnd(6)] : []),
      ...(has('b') ? [process] : []),
    ];
    const titles = [...(has('o') ? ['PID   '] : []), ...(has('b') ? ['Process'] : [])];
    return say(
      'Active Connections',
      '',
      columns(['Proto', 'Local Address', 'Foreign Address', 'State', ...titles]),
      ...rows.map(({ local, foreign, state, process }) =>
        columns(['TCP', local, foreign, state, ...owner(process)]),
      ),
    );
  },
};

type Connection = {
  readonly port: number;
  readonly local: string;
  readonly foreign: string;
  readonly state: string;
  readonly process: string;
};

function connections(world: WorldState, host: string, numeric: boolean): Connection[] {
  const rows: Connection[] = [];
  for (const [port, process] of world.hosts.get(host)!.listeners) {
    const local = `${numeric ? '0.0.0.0' : host}:${port}`;
    rows.push({ port, local, foreign: '0.0.0.0:0', state: 'LISTENING', process });
  }
  for (const session of world.sessions.values()) {
    for (const index of [0, 1] as const) {
      const end = session.ends[index];
      if (end.host !== host || end.process === '') continue;
      const state = session.ends[0].open && session.ends[1].open ? 'ESTABLISHED' : 'SYN_SENT';
      const local = endAddress(world, session, index, numeric);
      const foreign = endAddress(world, session, 1 - index, numeric);
      rows.push({ port: portOf(session, index), local, foreign, state, process: end.process });
    }
  }
  return rows.sort((a, b) => a.port - b.port || (a.foreign < b.foreign ? -1 : 1));
}

function portOf({ id, port }: SessionState, index: number): number {
  return index === 1 ? port : FIRST_CLIENT_PORT + (id % CLIENT_PORTS);
}

function endAddress(
  world: WorldState,
  session: SessionState,
  index: number,
  numeric: boolean,
): string {
  const { host } = session.ends[index];
  const network = session.network === 'private' ? 'private' : 'public';
  const loopback = session.network === 'loopback';
  const address = loopback ? '127.0.0.1' : addressOf(world, host, network);
  return `${numeric ? address : nameOf(host, network)}:${portOf(session, index)}`;
}

export const NETWORK_TOOLS: readonly Tool[] = [ipconfig, netstat, ping];
