import type { Behaviour, Context } from '../../kernel/process.ts';
import { SWITCH_CTI_PORT, type SwitchEvent } from '../../telephony/messages.ts';
import type { RouteLabel } from '../messages.ts';
import { OPC_PORT } from '../ports.ts';
import { AGENT_STATE } from '../router/tables.ts';

type PimState = {
  readonly peripheral: string;
  readonly device: string;
  readonly switchHost: string;
  opcSession: number;
  opcOpen: boolean;
  switchSession: number;
  switchOpen: boolean;
};

type PimContext = Context<PimState>;

const RETRY_US = 1_000_000;

/** A Peripheral Interface Manager (pim): speaks with one switch in its language. */
export const peripheralInterfaceManager: Behaviour<PimState> = {
  kind: 'pim',
  create(config) {
    const { peripheral, device, switchHost } = config as {
      peripheral: string;
      device: string;
      switchHost: string;
    };
    const links = { opcSession: 0, opcOpen: false, switchSession: 0, switchOpen: false };
    return { peripheral, device, switchHost, ...links };
  },
  onStart: connect,
  onTimer: connect,
  onOpened(context, { session }) {
    const { state } = context;
    if (session === state.opcSession) state.opcOpen = true;
    else {
      state.switchOpen = true;
      context.send(session, { type: 'attach', role: 'pim' });
    }
    if (state.opcOpen && state.switchOpen) tellOnline(context, true);
  },
  onClosed(context, session) {
    const { state } = context;
    if (session === state.opcSession) {
      state.opcSession = 0;
      state.opcOpen = false;
    } else if (session === state.switchSession) {
      state.switchSession = 0;
      if (state.switchOpen) tellOnline(context, false);
      state.switchOpen = false;
    }
    context.setTimer('connect', RETRY_US);
  },
  onMessage(context, { session, message }) {
    const { state } = context;
    if (session === state.switchSession) {
      fromSwitch(context, message as unknown as SwitchEvent);
    } else if (message.type === 'route label') {
      const { dialog, label } = message as unknown as RouteLabel;
      context.send(state.switchSession, { type: 'route', call: dialog, label });
    }
  },
};

function connect(context: PimContext): void {
  const { state } = context;
  if (state.opcSession === 0) {
    const port = OPC_PORT;
    state.opcSession = context.connect({ host: context.host, port, network: 'loopback' });
  }
  if (state.switchSession === 0) {
    const port = SWITCH_CTI_PORT;
    state.switchSession = context.connect({ host: state.switchHost, port, network: 'public' });
  }
}

function tellOnline(context: PimContext, online: boolean): void {
  const { opcSession, peripheral } = context.state;
  context.send(opcSession, { type: 'peripheral online', peripheral, online });
}

const AGENT_STATES: Partial<Record<SwitchEvent['event'], number>> = {
  agentLogin: AGENT_STATE.notReady,
  agentReady: AGENT_STATE.available,
  agentNotReady: AGENT_STATE.notReady,
  ringing: AGENT_STATE.reserved,
  established: AGENT_STATE.talking,
};

function fromSwitch(context: PimContext, event: SwitchEvent): void {
  const { opcSession, opcOpen, peripheral, device } = context.state;
  if (!opcOpen) return;
  if (event.event === 'routeRequest') {
    context.send(opcSession, {
      type: 'route request',
      dialog: event.call,
      peripheral,
      device,
      dialedNumber: event.dn,
      ani: event.ani,
    });
    return;
  }
  const state = AGENT_STATES[event.event];
  if (state === undefined) return;
  context.send(opcSession, { type: 'agent state', peripheral, extension: event.dn, state });
}
