import type { ProcessState } from '../../kernel/process.ts';
import type { WorldState } from '../../kernel/world.ts';
import type { MdsState } from '../mds/mds-state.ts';
import type { Side } from '../messages.ts';
import type { CallRouterState } from '../router/call-router-state.ts';
import { RouterTable, stateBytes } from '../router/router-state.ts';
import { hours, moment, stamp, stampSeconds } from './times.ts';
import { answers, type ToolEnvironment } from './tool.ts';

/** Release that the emulator imitates: the one of the source document's Figure 2. */
const RELEASE = 'Release 5.0 Service Release 8, Build 09894';
const RELEASE_DATE = '09/23/2004 14:47:03';
/** Figure 2 sets its times apart from its dates by so much. */
const GAP = '      ';

/** Everything that `status` prints, as the router of a side sees it. */
export function rttestStatus(environment: ToolEnvironment, router: ProcessState): string[] {
  const { router: tables, client } = router.state as CallRouterState;
  const { side } = client.config;
  return [
    ...rttestHeader(environment, router),
    '',
    ...processBlock(environment, side),
    '',
    ...controllerBlock(tables),
    '',
    ...peripheralBlock(tables),
  ];
}

/** The block of Figure 2, column for column (ICM-RTT-11, confirmed). */
export function rttestHeader(environment: ToolEnvironment, router: ProcessState): string[] {
  const { world, utcOffsetSeconds } = environment;
  const state = router.state as CallRouterState;
  const { lastTransfer } = state.client;
  const local = stampSeconds(world.epochSeconds + world.nowUs / 1e6 + utcOffsetSeconds, GAP);
  const sync = lastTransfer
    ? `${moment(environment, lastTransfer.atUs, GAP)} (${lastTransfer.from}->${lastTransfer.to})`
    : '';
  return [
    `Router version:      ${RELEASE}`,
    `Release Date:       ${RELEASE_DATE}`,
    '',
    `Current Time:       ${stamp(environment, world.nowUs, GAP)}`,
    `Local Time:         ${local} (${hours(utcOffsetSeconds)} hr)`,
    `Router Up:          ${moment(environment, router.startedUs, GAP)}`,
    `Router Sync:        ${sync}`.trimEnd(),
    `State size now:     ${stateBytes(state.router).toLocaleString('en-US')} bytes`,
    `State size max:     ${state.router.maxBytes.toLocaleString('en-US')}`,
  ];
}

/** Processes that `status` lists, and the flags they carry (ICM-RTT-21 to 28). */
const LISTED = [
  { name: 'ccag', prefix: 'r', flags: 'M-' },
  { name: 'cic', prefix: 'r', flags: 'MH' },
  { name: 'clgr', prefix: 'l', flags: 'MH' },
  { name: 'dba', prefix: 'r', flags: 'M-' },
  { name: 'hlgr', prefix: 'l', flags: 'MH' },
  { name: 'rcv', prefix: 'l', flags: '  ' },
  { name: 'rtr', prefix: 'r', flags: 'MH' },
  { name: 'rts', prefix: 'r', flags: 'M-' },
  { name: 'tsyr', prefix: 'r', flags: '  ' },
] as const;

function processBlock(environment: ToolEnvironment, side: Side): string[] {
  const { world } = environment;
  const lines = ['  Process:       LastStateChange:            LastHeartBeat:'];
  for (const which of ['A', 'B'] as const) {
    const isSeen = which === side || isPaired(world, side);
    for (const { name, prefix, flags } of LISTED) {
      const process = world.processes.get(`${prefix}${which.toLowerCase()}-${name}`);
      if (!process) continue;
      // A process that this side does not see, or that never ran, keeps an empty row (ICM-TOOL-23).
      const isKnown = isSeen && process.incarnation > 0;
      lines.push(
        isKnown ? processLine(environment, which, name, flags, process) : `${which} ${name}`,
      );
    }
  }
  return lines;
}

function processLine(
  environment: ToolEnvironment,
  side: Side,
  name: string,
  flags: string,
  process: ProcessState,
): string {
  const isUp = answers(process);
  const head = `${side} ${name.padEnd(6)} ${isUp ? 'OK' : '  '} ${isUp ? flags : '  '}`;
  const since = moment(environment, process.running ? process.startedUs : process.endedUs);
  const client = (process.state as { client?: { lastHeartbeatUs: number } } | undefined)?.client;
  const hasBeat = flags.includes('H') && isUp && client && client.lastHeartbeatUs > 0;
  const beat = hasBeat ? moment(environment, client.lastHeartbeatUs) : '';
  return `${head}  ${since.padEnd(27)} ${beat}`.trimEnd();
}

function isPaired(world: WorldState, side: Side): boolean {
  const mds = world.processes.get(`r${side.toLowerCase()}-mds`)?.state as MdsState | undefined;
  return mds?.state.startsWith('Paired') === true;
}

/** Physical controllers with a path to each side; the layout is an emulator choice (ICM-RTT-30). */
function controllerBlock(tables: CallRouterState['router']): string[] {
  const gateways = new RouterTable(tables, 'peripheralGateway');
  const lines = ['  Controller:    ID:    Side A:  Side B:  (layout: emulator choice)'];
  for (const handle of gateways.handles()) {
    const path = (field: string) => (gateways.get(handle, field) > 0 ? 'OK' : '');
    const name = gateways.text(handle, 'enterpriseName').padEnd(14);
    const id = String(gateways.get(handle, 'dbid')).padEnd(6);
    lines.push(`  ${name} ${id} ${path('pathA').padEnd(8)} ${path('pathB')}`.trimEnd());
  }
  return lines;
}

function peripheralBlock(tables: CallRouterState['router']): string[] {
  const peripherals = new RouterTable(tables, 'peripheral');
  const gateways = new RouterTable(tables, 'peripheralGateway');
  const lines = ['  Peripheral:    ID:    Controller:  State:  (layout: emulator choice)'];
  for (const handle of peripherals.handles()) {
    const gateway = peripherals.get(handle, 'peripheralGateway');
    const device = gateway ? gateways.text(gateway, 'enterpriseName') : '';
    const paths = gateway ? gateways.get(gateway, 'pathA') + gateways.get(gateway, 'pathB') : 0;
    // What is behind a gateway that is off-line is not known to be on-line.
    const word = paths > 0 && peripherals.get(handle, 'online') ? 'on-line' : 'off-line';
    const name = peripherals.text(handle, 'enterpriseName').padEnd(14);
    const id = String(peripherals.get(handle, 'dbid')).padEnd(6);
    lines.push(`  ${name} ${id} ${device.padEnd(12)} ${word}`);
  }
  return lines;
}
