import type { Message } from '../kernel/events.ts';
import type { Behaviour, Context } from '../kernel/process.ts';
import { raise } from './ems/raise.ts';
import { TRACE } from './ems/trace-groups.ts';
import {
  type AgentConfig,
  connectLocalMds,
  type LocalMdsState,
  listenOrExit,
  registerWithMds,
  retryLocalMds,
} from './local-mds.ts';
import type { MdsClientMessage, PublicMessage, Side, SideStatus } from './messages.ts';
import { CCAG_DEVICE_PORT } from './ports.ts';

type DevicePath = {
  readonly device: string;
  readonly gatewaySide: Side;
  active: boolean;
  lastHeardUs: number;
};

export type CentralControllerAgentState = LocalMdsState & {
  /** Session to the path that it is. */
  readonly paths: Map<number, DevicePath>;
  status: SideStatus;
  /** Paths that were there and are not, since when. */
  readonly lost: Map<string, number>;
};

type AgentContext = Context<CentralControllerAgentState>;

const MINUTE_US = 60_000_000;
const OUT_OF_SERVICE: SideStatus = {
  type: 'side status',
  state: 'Isolated-Disabled',
  inService: false,
  loggerInService: false,
};

/**
 * The Central Controller agent (ccag): the sessions of this side with the Peripheral Gateways. Both
 * routers produce each output; the side that holds a device's active path sends it.
 */
export const centralControllerAgent: Behaviour<CentralControllerAgentState> = {
  kind: 'ccag',
  create: (config) => ({
    config: config as AgentConfig,
    mdsSession: 0,
    mdsOpen: false,
    paths: new Map(),
    status: { ...OUT_OF_SERVICE, state: 'Connecting' },
    lost: new Map(),
  }),
  onStart(context) {
    const { side, settings } = context.state.config;
    if (!listenOrExit(context, CCAG_DEVICE_PORT[side])) return;
    connectLocalMds(context);
    context.setTimer('keepalive', settings.publicHeartbeat * settings.missedHeartbeats);
    context.setTimer('lost paths', MINUTE_US);
  },
  onTimer(context, name) {
    if (name === 'connect mds') connectLocalMds(context);
    else if (name === 'lost paths') tellLostPaths(context);
    else watchPaths(context);
  },
  onOpened(context) {
    registerWithMds(context, 'ccag');
    reportPaths(context);
  },
  onClosed(context, session) {
    const { state } = context;
    if (session === state.mdsSession) {
      state.status = OUT_OF_SERVICE;
      announce(context);
      return retryLocalMds(context);
    }
    losePath(context, session);
  },
  onMessage(context, { session, message }) {
    if (session === context.state.mdsSession) return onMdsMessage(context, message);
    onDeviceMessage(context, session, message);
  },
};

const pathName = ({ device, gatewaySide }: DevicePath) => `${device}${gatewaySide}`;

function connectedDevices({ state }: AgentContext): string[] {
  return [...new Set([...state.paths.values()].map(({ device }) => device))];
}

function losePath(context: AgentContext, session: number): void {
  const path = context.state.paths.get(session);
  if (!path) return;
  context.state.paths.delete(session);
  context.state.lost.set(pathName(path), context.nowUs);
  raise(context, 'deviceDisconnected', pathName(path));
  reportPaths(context);
}

/** A path that has been silent for five keepalives has failed (ICM-HB-02). */
function watchPaths(context: AgentContext): void {
  const { publicHeartbeat, missedHeartbeats } = context.state.config.settings;
  const silentUs = publicHeartbeat * missedHeartbeats;
  context.setTimer('keepalive', silentUs / 2);
  for (const [session, path] of [...context.state.paths]) {
    if (context.nowUs - path.lastHeardUs <= silentUs) continue;
    raise(context, 'pathReset', pathName(path));
    context.close(session);
    losePath(context, session);
  }
}

/** Emulator choice: told after the first whole minute, then every ten. */
function tellLostPaths(context: AgentContext): void {
  context.setTimer('lost paths', MINUTE_US);
  for (const [name, sinceUs] of context.state.lost) {
    const minutes = Math.floor((context.nowUs - sinceUs) / MINUTE_US);
    if (minutes === 1 || (minutes > 0 && minutes % 10 === 0)) {
      raise(context, 'gatewayPathDown', minutes, name);
    }
  }
}

/** To the synchronizer for device majority, and in order to the routers. */
function reportPaths(context: AgentContext): void {
  const { state } = context;
  if (!state.mdsOpen) return;
  const devices = connectedDevices(context);
  if (context.traces(TRACE.ccag.paths)) {
    context.log('trace', `Devices with a path: ${devices.join(' ') || 'none'}.`);
  }
  context.send(state.mdsSession, { type: 'paths', devices });
  if (!state.status.inService) return;
  const message = { type: 'gateway paths', side: state.config.side, gateways: devices };
  const input = { to: 'rtr', from: context.self, message };
  context.send(state.mdsSession, { type: 'input', input });
}

function announce(context: AgentContext): void {
  for (const session of context.state.paths.keys()) context.send(session, context.state.status);
}

function onMdsMessage(context: AgentContext, message: Message): void {
  const { state } = context;
  const typed = message as unknown as MdsClientMessage;
  if (typed.type === 'side status') {
    const cameIntoService = typed.inService && !state.status.inService;
    state.status = typed;
    announce(context);
    if (cameIntoService) reportPaths(context);
  } else if (typed.type === 'output') {
    if (context.traces(TRACE.ccag.output)) {
      context.log('trace', `Output for ${typed.to}: ${typed.message.type}`);
    }
    for (const [session, { device, active }] of state.paths) {
      if (device !== typed.to || !active) continue;
      context.send(session, { type: 'device output', message: typed.message });
    }
  } else if (typed.type === 'test other side') {
    const { round } = typed;
    const { state: own } = state.status;
    for (const session of state.paths.keys()) {
      context.send(session, { type: 'test other side', round, state: own });
    }
  }
}

function onDeviceMessage(context: AgentContext, session: number, message: Message): void {
  const { state } = context;
  const typed = message as unknown as PublicMessage;
  const path = state.paths.get(session);
  if (path) path.lastHeardUs = context.nowUs;
  if (typed.type === 'device hello') {
    const { device, gatewaySide } = typed;
    const fresh = { device, gatewaySide, active: false, lastHeardUs: context.nowUs };
    state.paths.set(session, fresh);
    state.lost.delete(pathName(fresh));
    raise(context, 'streamInitializing', pathName(fresh));
    reportPaths(context);
    return void context.send(session, state.status);
  }
  if (!path) return;
  switch (typed.type) {
    case 'keepalive':
      return void context.send(session, message);
    case 'path state':
      path.active = typed.active;
      return raise(context, typed.active ? 'pathActive' : 'pathIdle', pathName(path));
    case 'device input':
      if (context.traces(TRACE.ccag.input)) {
        context.log('trace', `Input from ${pathName(path)}: ${typed.message.type}`);
      }
      return void context.send(state.mdsSession, {
        type: 'input',
        input: { to: 'rtr', from: context.self, message: typed.message },
      });
    case 'who are you': {
      if (context.traces(TRACE.ccag.testOtherSide)) {
        context.log('trace', `Test Other Side: asked by way of ${path.device}, ${typed.state}.`);
      }
      // The question says what the asking side is; this side's synchronizer may want to know.
      const { device } = path;
      const found = { type: 'other side', round: 0, device, state: typed.state, weight: 0 };
      if (state.mdsOpen) context.send(state.mdsSession, found);
      const { state: own } = state.status;
      return void context.send(session, { type: 'i am', round: typed.round, state: own });
    }
    case 'other side':
      return void context.send(state.mdsSession, message);
  }
}
