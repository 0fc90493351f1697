import type { Message } from '../../kernel/events.ts';
import type { Behaviour, Context } from '../../kernel/process.ts';
import { raise } from '../ems/raise.ts';
import { TRACE } from '../ems/trace-groups.ts';
import {
  type AgentConfig,
  connectLocalMds,
  type LocalMdsState,
  listenOrExit,
  registerWithMds,
  retryLocalMds,
} from '../local-mds.ts';
import {
  type GatewayTestMessage,
  type MdsClientMessage,
  otherSide,
  type PublicMessage,
  type Side,
  type SideStatus,
} from '../messages.ts';
import { CCAG_DEVICE_PORT, GATEWAY_TEST_PORT } from '../ports.ts';

type SidePath = {
  session: number;
  open: boolean;
  inService: boolean;
  openedUs: number;
  lastHeardUs: number;
};

const noPath = (): SidePath => ({
  session: 0,
  open: false,
  inService: false,
  openedUs: 0,
  lastHeardUs: 0,
});

type PgAgentConfig = AgentConfig & {
  readonly device: string;
  readonly hosts: Readonly<Record<Side, string>>;
  readonly peerHost: string;
};

export type PgAgentState = LocalMdsState & {
  readonly config: PgAgentConfig;
  readonly paths: Record<Side, SidePath>;
  /** Side of the Central Controller that this agent's active path leads to. */
  active: Side | null;
  /** What this side of the Peripheral Gateway is. */
  gateway: SideStatus;
  /** To the other side's agent, for Test-Other-Side. */
  testSession: number;
};

type PgAgentContext = Context<PgAgentState>;

const RETRY_US = 1_000_000;
const SIDES: readonly Side[] = ['A', 'B'];
const OUT_OF_SERVICE: SideStatus = {
  type: 'side status',
  state: 'Connecting',
  inService: false,
  loggerInService: false,
};

/**
 * The PG agent (pgag): a path to each side of the Central Controller, one of them active while this
 * side of the Peripheral Gateway is the one that serves.
 */
export const pgAgent: Behaviour<PgAgentState> = {
  kind: 'pgag',
  create(config) {
    return {
      config: config as PgAgentConfig,
      mdsSession: 0,
      mdsOpen: false,
      paths: { A: noPath(), B: noPath() },
      active: null,
      gateway: OUT_OF_SERVICE,
      testSession: 0,
    };
  },
  onStart(context) {
    const { side, settings } = context.state.config;
    if (side === 'B' && !listenOrExit(context, GATEWAY_TEST_PORT)) return;
    if (side === 'A') connectTest(context);
    connectLocalMds(context);
    for (const which of SIDES) connectSide(context, which);
    context.setTimer('keepalive', settings.publicHeartbeat);
  },
  onTimer(context, name) {
    if (name === 'connect mds') return connectLocalMds(context);
    if (name === 'connect test') return connectTest(context);
    if (name === 'keepalive') return keepAlive(context);
    for (const side of SIDES) if (name === `connect ${side}`) connectSide(context, side);
  },
  onAccepted(context, { session }) {
    context.state.testSession = session;
  },
  onOpened(context, { session }) {
    const { state } = context;
    if (session === state.mdsSession) {
      registerWithMds(context, 'pgag');
      return reportPaths(context);
    }
    const side = sideOf(context, session);
    if (!side) return;
    state.paths[side].open = true;
    state.paths[side].openedUs = context.nowUs;
    state.paths[side].lastHeardUs = context.nowUs;
    const { device, side: gatewaySide } = state.config;
    context.send(session, { type: 'device hello', device, gatewaySide });
    reportPaths(context);
  },
  onClosed(context, session) {
    const { state } = context;
    if (session === state.mdsSession) {
      state.gateway = OUT_OF_SERVICE;
      chooseActivePath(context);
      return retryLocalMds(context);
    }
    if (session === state.testSession) {
      state.testSession = 0;
      if (state.config.side === 'A') context.setTimer('connect test', RETRY_US);
      return;
    }
    const side = sideOf(context, session);
    if (side) losePath(context, side);
  },
  onMessage(context, { session, message }) {
    const { state } = context;
    if (session === state.mdsSession) return fromMds(context, message);
    if (session === state.testSession) return fromOtherGateway(context, message);
    const side = sideOf(context, session);
    if (side) fromCentralController(context, side, message);
  },
};

function losePath(context: PgAgentContext, side: Side): void {
  const { state } = context;
  state.paths[side] = noPath();
  context.setTimer(`connect ${side}`, RETRY_US);
  chooseActivePath(context);
  reportPaths(context);
}

function connectSide(context: PgAgentContext, side: Side): void {
  const { config, paths } = context.state;
  const port = CCAG_DEVICE_PORT[side];
  paths[side].session = context.connect({ host: config.hosts[side], port, network: 'public' });
}

function connectTest(context: PgAgentContext): void {
  const { peerHost: host } = context.state.config;
  const port = GATEWAY_TEST_PORT;
  context.state.testSession = context.connect({ host, port, network: 'public' });
}

/** Also over idle paths, which device majority counts; silence ends a path (ICM-HB-02, 10). */
function keepAlive(context: PgAgentContext): void {
  const { paths, config } = context.state;
  const { publicHeartbeat, missedHeartbeats } = config.settings;
  context.setTimer('keepalive', publicHeartbeat);
  for (const side of SIDES) {
    if (!paths[side].open) continue;
    if (context.nowUs - paths[side].lastHeardUs > publicHeartbeat * missedHeartbeats) {
      context.log('warn', `Side ${side} of the Central Controller is silent: path closed.`);
      context.close(paths[side].session);
      losePath(context, side);
    } else context.send(paths[side].session, { type: 'keepalive' });
  }
}

function reportPaths(context: PgAgentContext): void {
  const { paths, mdsOpen, mdsSession } = context.state;
  const devices = SIDES.filter((side) => paths[side].open);
  if (context.traces(TRACE.pgag.paths)) {
    context.log('trace', `Paths to the Central Controller: ${devices.join(' ') || 'none'}.`);
  }
  if (mdsOpen) context.send(mdsSession, { type: 'paths', devices });
}

function sideOf(context: PgAgentContext, session: number): Side | undefined {
  return SIDES.find((side) => context.state.paths[side].session === session);
}

/** Keeps a path that works, but leaves one to a side that went out of service (ICM-PATH-04). */
function chooseActivePath(context: PgAgentContext): void {
  const { state } = context;
  const { config } = state;
  const serves = state.gateway.inService && state.gateway.state.endsWith('-Enabled');
  const usable = (side: Side) => serves && state.paths[side].open && state.paths[side].inService;
  if (state.active && usable(state.active)) return;
  const next = SIDES.find(usable) ?? null;
  if (next === state.active) return;
  for (const side of SIDES) {
    if (!state.paths[side].open || (side !== next && side !== state.active)) continue;
    context.send(state.paths[side].session, { type: 'path state', active: side === next });
  }
  if (next) context.log('info', `Path to side ${next} is active.`);
  else if (serves) raise(context, 'pathRealignmentFailed', `${config.device}${config.side}`);
  else context.log('info', 'Path is idle.');
  state.active = next;
  if (next) inputForOpc(context, { type: 'path active' });
}

function inputForOpc(context: PgAgentContext, message: Message): void {
  const input = { to: 'opc', from: context.self, message };
  context.send(context.state.mdsSession, { type: 'input', input });
}

function fromMds(context: PgAgentContext, message: Message): void {
  const { state } = context;
  const typed = message as unknown as MdsClientMessage;
  if (typed.type === 'side status') {
    state.gateway = typed;
    chooseActivePath(context);
  } else if (typed.type === 'output') {
    const { active, paths } = state;
    if (!active) return;
    if (context.traces(TRACE.pgag.input)) {
      context.log('trace', `To side ${active}: ${typed.message.type}`);
    }
    context.send(paths[active].session, { type: 'device input', message: typed.message });
  } else if (typed.type === 'test other side' && state.testSession) {
    context.send(state.testSession, {
      ...ownReport(context),
      type: 'who are you',
      round: typed.round,
    });
  }
}

/** Emulator choice: the weight of a side is the number of its paths to the Central Controller. */
function ownReport({ state }: PgAgentContext) {
  const weight = SIDES.filter((side) => state.paths[side].open).length;
  return { state: state.gateway.state, weight };
}

function fromOtherGateway(context: PgAgentContext, message: Message): void {
  const { state } = context;
  const typed = message as unknown as GatewayTestMessage;
  const { round, state: found, weight } = typed;
  const asked = typed.type === 'who are you';
  if (asked) context.send(state.testSession, { ...ownReport(context), type: 'i am', round });
  const device = otherSide(state.config.side);
  const report = { type: 'other side', round: asked ? 0 : round, device, state: found, weight };
  if (state.mdsOpen) context.send(state.mdsSession, report);
}

function fromCentralController(context: PgAgentContext, side: Side, message: Message): void {
  const { state } = context;
  const typed = message as unknown as PublicMessage;
  const other = state.paths[otherSide(side)];
  state.paths[side].lastHeardUs = context.nowUs;
  switch (typed.type) {
    case 'side status':
      state.paths[side].inService = typed.inService;
      return chooseActivePath(context);
    case 'device output':
      if (context.traces(TRACE.pgag.output)) {
        context.log('trace', `From side ${side}: ${typed.message.type}`);
      }
      return inputForOpc(context, { type: 'from router', message: typed.message });
    case 'test other side': {
      const { round, state: asking } = typed;
      if (context.traces(TRACE.pgag.testOtherSide)) {
        context.log('trace', `Test Other Side, round ${round}: side ${side} asks, ${asking}.`);
      }
      if (other.open) context.send(other.session, { type: 'who are you', round, state: asking });
      return;
    }
    case 'i am': {
      const { round, state: found } = typed;
      const { device } = state.config;
      if (context.traces(TRACE.pgag.testOtherSide)) {
        context.log('trace', `Test Other Side, round ${round}: side ${side} is ${found}.`);
      }
      const report = { type: 'other side', round, device, state: found, weight: 0 };
      if (other.open) context.send(other.session, report);
    }
  }
}
