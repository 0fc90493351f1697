import { civilDate } from '../../kernel/lab-time.ts';
import type { ProcessState } from '../../kernel/process.ts';
import type { WorldState } from '../../kernel/world.ts';
import type { MdsState } from '../mds/mds-state.ts';
import type { Side } from '../messages.ts';
import type { CallRouterState } from '../router/call-router-state.ts';
import { RouterTable, stateBytes } from '../router/router-state.ts';
import { ROUTER_VIEWS } from './router-views.ts';

export type RttestEnvironment = {
  readonly world: WorldState;
  readonly customer: string;
  readonly utcOffsetSeconds: number;
};

/** Release that the emulator imitates: the one of the source document's Figure 2. */
const RELEASE = 'Release 5.0 Service Release 8, Build 09894';
const RELEASE_DATE = '09/23/2004 14:47:03';
const HELP = [
  'RTTEST commands:',
  '  status   router version, times, state size, processes, peripherals',
  '  skillgroups, queue, scripts, calltypes   real-time views (emulator choice)',
  '  help     this list (emulator choice; the real list is not public)',
  '  quit     leave rttest',
];

/** One line typed at the `RTTEST` prompt, answered from the router of a side. */
export function runRttest(environment: RttestEnvironment, side: Side, line: string): string[] {
  const [command] = line.trim().toLowerCase().split(/\s+/);
  if (command === '' || command === undefined) return [];
  if (command === 'help' || command === '?') return HELP;
  if (command === 'status') return status(environment, side);
  const view = ROUTER_VIEWS[command];
  const router = connectedRouter(environment, side);
  if (view) return router ? view(router.state as CallRouterState) : noConnection(side);
  return [`RTTEST: unknown command "${command}". Type help for the list.`];
}

function status(environment: RttestEnvironment, side: Side): string[] {
  const router = connectedRouter(environment, side);
  if (!router) return noConnection(side);
  return [
    ...header(environment, router),
    '',
    ...processBlock(environment, side),
    '',
    ...peripheralBlock(router.state as CallRouterState),
  ];
}

/** The router, reached through the test synchronizer of its side. */
function connectedRouter({ world }: RttestEnvironment, side: Side): ProcessState | undefined {
  const node = `r${side.toLowerCase()}`;
  const router = world.processes.get(`${node}-rtr`);
  const answers = (process: ProcessState | undefined) => process?.running && !process.hung;
  return answers(router) && answers(world.processes.get(`${node}-tsyr`)) ? router : undefined;
}

const noConnection = (side: Side) => [`RTTEST: no connection to the router of side ${side}.`];

/** The block of Figure 2, column for column. */
function header(environment: RttestEnvironment, router: ProcessState): string[] {
  const { world, utcOffsetSeconds } = environment;
  const state = router.state as CallRouterState;
  const clock = (atUs: number) => stamp(environment, atUs);
  const { lastTransfer } = state.client;
  const local = stampSeconds(world.epochSeconds + world.nowUs / 1e6 + utcOffsetSeconds);
  const sync = lastTransfer
    ? `${clock(lastTransfer.atUs)} (${age(world.nowUs - lastTransfer.atUs)}) ` +
      `(${lastTransfer.from}->${lastTransfer.to})`
    : '';
  return [
    `Router version:      ${RELEASE}`,
    `Release Date:       ${RELEASE_DATE}`,
    '',
    `Current Time:       ${clock(world.nowUs)}`,
    `Local Time:         ${local} (${(utcOffsetSeconds / 3600).toFixed(1)} hr)`,
    `Router Up:          ${clock(router.startedUs)} (${age(world.nowUs - router.startedUs)})`,
    `Router Sync:        ${sync}`.trimEnd(),
    `State size now:     ${stateBytes(state.router).toLocaleString('en-US')} bytes`,
    `State size max:     ${state.router.maxBytes.toLocaleString('en-US')}`,
  ];
}

/** Processes that `status` lists, and the flags they carry (docs/fidelity/icm.md §2.3). */
const LISTED = [
  { name: 'ccag', prefix: 'r', flags: 'M ' },
  { name: 'cic', prefix: 'r', flags: 'MH' },
  { name: 'clgr', prefix: 'l', flags: 'MH' },
  { name: 'dba', prefix: 'r', flags: 'M ' },
  { name: 'hlgr', prefix: 'l', flags: 'MH' },
  { name: 'rcv', prefix: 'l', flags: '  ' },
  { name: 'rtr', prefix: 'r', flags: 'MH' },
  { name: 'rts', prefix: 'r', flags: 'M ' },
  { name: 'tsyr', prefix: 'r', flags: '  ' },
] as const;

function processBlock(environment: RttestEnvironment, side: Side): string[] {
  const { world } = environment;
  const lines = ['  Process:       LastStateChange:             LastHeartBeat:'];
  for (const which of ['A', 'B'] as const) {
    for (const { name, prefix, flags } of LISTED) {
      const process = world.processes.get(`${prefix}${which.toLowerCase()}-${name}`);
      const visible = which === side || isPaired(world, side);
      if (!process || !visible || process.incarnation === 0) continue;
      lines.push(processLine(environment, which, name, flags, process));
    }
  }
  return lines;
}

function processLine(
  environment: RttestEnvironment,
  side: Side,
  name: string,
  flags: string,
  process: ProcessState,
): string {
  const { world } = environment;
  const isUp = process.running && !process.hung;
  const head = `${side} ${name.padEnd(6)} ${isUp ? 'OK' : '  '} ${isUp ? flags : '  '}`;
  const moment = (us: number) => `${stamp(environment, us)} (${age(world.nowUs - us)})`;
  const since = moment(process.running ? process.startedUs : process.endedUs);
  const client = (process.state as { client?: { lastHeartbeatUs: number } } | undefined)?.client;
  const beat = flags.includes('H') && isUp && client ? moment(client.lastHeartbeatUs) : '';
  return `${head}  ${since.padEnd(32)} ${beat}`.trimEnd();
}

function peripheralBlock(state: CallRouterState): string[] {
  const peripherals = new RouterTable(state.router, 'peripheral');
  const gateways = new RouterTable(state.router, 'peripheralGateway');
  const lines = ['  Controllers and peripherals (layout: emulator choice):'];
  for (const handle of peripherals.handles()) {
    const gateway = peripherals.get(handle, 'peripheralGateway');
    const device = gateway ? gateways.text(gateway, 'enterpriseName') : '';
    const paths = gateway ? gateways.get(gateway, 'pathA') + gateways.get(gateway, 'pathB') : 0;
    const path = paths > 0 ? 'on-line' : 'off-line';
    // What is behind a gateway that is off-line is not known to be on-line.
    const word = paths > 0 && peripherals.get(handle, 'online') ? 'on-line' : 'off-line';
    const name = peripherals.text(handle, 'enterpriseName');
    lines.push(`  ${device.padEnd(5)} ${path.padEnd(9)} ${name.padEnd(12)} ${word}`);
  }
  return lines;
}

function isPaired(world: WorldState, side: Side): boolean {
  const mds = world.processes.get(`r${side.toLowerCase()}-mds`)?.state as MdsState | undefined;
  return mds?.state.startsWith('Paired') === true;
}

/** `MM/DD      HH:MM:SS` in UTC, as Figure 2 prints its times. */
function stamp({ world }: RttestEnvironment, atUs: number): string {
  return stampSeconds(world.epochSeconds + atUs / 1e6);
}

function stampSeconds(seconds: number): string {
  const whole = Math.floor(seconds);
  const { month, day } = civilDate(Math.floor(whole / 86_400));
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60];
  return `${two(month)}/${two(day)}      ${clock.map(two).join(':')}`;
}

/** Ages as the tool prints them: whole seconds, else one decimal (ICM-RTT-16; `min` inferred). */
export function age(us: number): string {
  const seconds = Math.floor(us / 1e6);
  if (seconds < 60) return `${seconds} sec`;
  if (seconds < 3600) return `${(seconds / 60).toFixed(1)} min`;
  if (seconds < 86_400 * 2) return `${(seconds / 3600).toFixed(1)} hr`;
  return `${(seconds / 86_400).toFixed(1)} day`;
}
