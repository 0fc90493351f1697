import type { Message } from '../kernel/events.ts';
import type { Behaviour, Context } from '../kernel/process.ts';
import {
  connectLocalMds,
  type LocalMdsState,
  registerWithMds,
  retryLocalMds,
} from './local-mds.ts';
import type { MdsClientMessage, PublicMessage, Side, SynchronizerState } from './messages.ts';
import { CCAG_DEVICE_PORT } from './ports.ts';

type DevicePath = { readonly session: number; active: boolean };

type AgentState = LocalMdsState & {
  readonly devices: Map<string, DevicePath>;
  sideState: SynchronizerState;
  inService: boolean;
};

type AgentContext = Context<AgentState>;

/**
 * The Central Controller agent (ccag): the sessions of this side with the Peripheral Gateways. Both
 * routers produce each output; the side that holds a device's active path sends it.
 */
export const centralControllerAgent: Behaviour<AgentState> = {
  kind: 'ccag',
  create(config) {
    const { side } = config as { side: Side };
    return {
      side,
      mdsSession: 0,
      mdsOpen: false,
      devices: new Map(),
      sideState: 'Connecting',
      inService: false,
    };
  },
  onStart(context) {
    context.listen(CCAG_DEVICE_PORT[context.state.side]);
    connectLocalMds(context);
  },
  onTimer(context, name) {
    if (name === 'connect mds') connectLocalMds(context);
  },
  onOpened(context) {
    registerWithMds(context, 'ccag');
    reportPaths(context);
  },
  onClosed(context, session) {
    const { state } = context;
    if (session === state.mdsSession) {
      state.sideState = 'Isolated-Disabled';
      state.inService = false;
      announce(context);
      return retryLocalMds(context);
    }
    for (const [device, path] of state.devices) {
      if (path.session !== session) continue;
      state.devices.delete(device);
      context.log('warn', `Device: ${device}, disconnected.`);
      reportPaths(context);
    }
  },
  onMessage(context, delivery) {
    const { session, message } = delivery;
    if (session === context.state.mdsSession) return onMdsMessage(context, message);
    onDeviceMessage(context, session, message);
  },
};

function reportPaths(context: AgentContext): void {
  const { state } = context;
  if (!state.mdsOpen) return;
  context.send(state.mdsSession, { type: 'paths', devices: [...state.devices.keys()] });
}

function announce(context: AgentContext): void {
  const { devices, sideState, inService } = context.state;
  for (const { session } of devices.values()) {
    context.send(session, { type: 'side status', state: sideState, inService });
  }
}

function onMdsMessage(context: AgentContext, message: Message): void {
  const { state } = context;
  const typed = message as unknown as MdsClientMessage;
  if (typed.type === 'side status') {
    state.sideState = typed.state;
    state.inService = typed.inService;
    announce(context);
  } else if (typed.type === 'output') {
    const path = state.devices.get(typed.to);
    if (path?.active) {
      context.send(path.session, { type: 'device output', message: typed.message });
    }
  } else if (typed.type === 'test other side') {
    for (const { session } of state.devices.values()) {
      context.send(session, { type: 'test other side', round: typed.round, asking: state.side });
    }
  }
}

function onDeviceMessage(context: AgentContext, session: number, message: Message): void {
  const { state } = context;
  const typed = message as unknown as PublicMessage;
  switch (typed.type) {
    case 'device hello':
      state.devices.set(typed.device, { session, active: false });
      context.log('info', `Device: ${typed.device}, initializing message stream.`);
      reportPaths(context);
      return void context.send(session, {
        type: 'side status',
        state: state.sideState,
        inService: state.inService,
      });
    case 'path state': {
      const path = state.devices.get(typed.device);
      if (path) path.active = typed.active;
      const word = typed.active ? 'active' : 'idle';
      return context.log('info', `Device: ${typed.device}, path changing to ${word} state.`);
    }
    case 'device input':
      return void context.send(state.mdsSession, {
        type: 'input',
        input: { to: 'rtr', from: context.self, message: typed.message },
      });
    case 'who are you':
      return void context.send(session, {
        type: 'i am',
        round: typed.round,
        state: state.sideState,
      });
    case 'other side':
      return void context.send(state.mdsSession, message);
  }
}
