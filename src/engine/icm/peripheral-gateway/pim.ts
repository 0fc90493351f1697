import type { Behaviour, Context } from '../../kernel/process.ts';
import { SWITCH_CTI_PORT, type SwitchEvent } from '../../telephony/messages.ts';
import { TRACE } from '../ems/trace-groups.ts';
import { LABEL_TYPE, type RouteLabel } from '../messages.ts';
import { OPC_PORT } from '../ports.ts';
import { pimKey, registryNumber } from '../registry/keys.ts';
import { AGENT_STATE } from '../router/tables.ts';

type PimConfig = {
  /** Such as `pim1`: the name of its registry entries. */
  readonly name: string;
  readonly customer: string;
  /** Such as PG1A. */
  readonly component: string;
  readonly device: string;
  readonly switchHost: string;
};

type PimState = {
  readonly config: PimConfig;
  peripheral: string;
  opcSession: number;
  opcOpen: boolean;
  /** Told by the OPC: the PIMs of the side that serves speak with their switches. */
  active: boolean;
  switchSession: number;
  switchOpen: boolean;
  /** Calls that the switch asked about over this session and that still wait for their label. */
  readonly waiting: Set<number>;
};

type PimContext = Context<PimState>;

const RETRY_US = 1_000_000;

/** A Peripheral Interface Manager (pim): speaks with one switch in its language. */
export const peripheralInterfaceManager: Behaviour<PimState> = {
  kind: 'pim',
  create: (config) => ({
    config: config as PimConfig,
    peripheral: '',
    opcSession: 0,
    opcOpen: false,
    active: false,
    switchSession: 0,
    switchOpen: false,
    waiting: new Set(),
  }),
  onStart(context) {
    const { customer, component, name } = context.state.config;
    const key = `${pimKey(customer, component)}\\${name}`;
    if (registryNumber(context, `${key}\\Enabled`, 1) === 0) {
      return context.log('warn', 'This PIM is not enabled.');
    }
    context.state.peripheral = String(context.readRegistry(`${key}\\PeripheralName`) ?? '');
    connectOpc(context);
  },
  onTimer(context, name) {
    if (name === 'connect opc') connectOpc(context);
    else connectSwitch(context);
  },
  onOpened(context, { session }) {
    const { state } = context;
    if (session === state.opcSession) {
      state.opcOpen = true;
      context.send(session, { type: 'pim hello', peripheral: state.peripheral });
    } else if (session === state.switchSession) {
      state.switchOpen = true;
      state.waiting.clear();
      tellOnline(context, true);
      context.send(session, { type: 'attach', role: 'pim' });
    }
  },
  onClosed(context, session) {
    const { state } = context;
    if (session === state.opcSession) {
      state.opcSession = 0;
      state.opcOpen = false;
      setActive(context, false);
      context.setTimer('connect opc', RETRY_US);
    } else if (session === state.switchSession) {
      if (state.switchOpen) tellOnline(context, false);
      state.switchSession = 0;
      state.switchOpen = false;
      if (state.active) context.setTimer('connect switch', RETRY_US);
    }
  },
  onMessage(context, { session, message }) {
    const { state } = context;
    if (session === state.switchSession) fromSwitch(context, message as unknown as SwitchEvent);
    else if (message.type === 'route label') route(context, message as unknown as RouteLabel);
    else setActive(context, message.type === 'activate');
  },
};

/**
 * Only a call that waits at its routing point is answered. A gateway side that was hung may have
 * ordered its copy of the request late, when the call has long been routed.
 */
function route(context: PimContext, label: RouteLabel): void {
  const { state } = context;
  if (!state.switchOpen || !state.waiting.has(label.dialog)) return;
  const waits = label.labelType === LABEL_TYPE.furtherProcessing;
  if (context.traces(TRACE.pim.routing)) {
    context.log('trace', `Call ${label.dialog}: ${waits ? 'treatment' : `to ${label.label}`}`);
  }
  if (!waits) state.waiting.delete(label.dialog);
  const message = waits
    ? { type: 'treat', call: label.dialog, ...(label.treatment && { treatment: label.treatment }) }
    : { type: 'route', call: label.dialog, label: label.label };
  context.send(state.switchSession, message);
}

function setActive(context: PimContext, active: boolean): void {
  const { state } = context;
  if (state.active === active) return;
  state.active = active;
  if (active) return connectSwitch(context);
  context.cancelTimer('connect switch');
  if (state.switchSession) context.close(state.switchSession);
  state.switchSession = 0;
  state.switchOpen = false;
}

function connectOpc(context: PimContext): void {
  const port = OPC_PORT;
  context.state.opcSession = context.connect({ host: context.host, port, network: 'loopback' });
}

function connectSwitch(context: PimContext): void {
  const { state } = context;
  const port = SWITCH_CTI_PORT;
  const { switchHost: host } = state.config;
  state.switchSession = context.connect({ host, port, network: 'public' });
}

function tellOnline(context: PimContext, online: boolean): void {
  const { opcSession, opcOpen, peripheral } = context.state;
  if (opcOpen) context.send(opcSession, { type: 'peripheral online', peripheral, online });
}

const AGENT_STATES: Partial<Record<SwitchEvent['event'], number>> = {
  agentLogin: AGENT_STATE.notReady,
  agentReady: AGENT_STATE.available,
  agentNotReady: AGENT_STATE.notReady,
  dialing: AGENT_STATE.talking,
  ringing: AGENT_STATE.reserved,
  established: AGENT_STATE.talking,
};

function fromSwitch(context: PimContext, event: SwitchEvent): void {
  const { opcSession, opcOpen, peripheral, config } = context.state;
  if (context.traces(TRACE.pim.switch)) {
    context.log('trace', `Switch: ${event.event} call ${event.call} at ${event.dn}`);
  }
  if (!opcOpen) return;
  const { device } = config;
  if (event.event === 'routeRequest') {
    context.state.waiting.add(event.call);
    const { call: dialog, dn: dialedNumber, ani = '' } = event;
    const request = { type: 'route request', dialog, peripheral, device, dialedNumber, ani };
    return void context.send(opcSession, request);
  }
  if (event.event === 'treatmentEnd') {
    const { call: dialog, digits = '', treatmentNumber: number } = event;
    const ended = { type: 'treatment ended', dialog, peripheral, device, number, digits };
    return void context.send(opcSession, ended);
  }
  if (event.last || event.event === 'diverted') {
    // Not final: the call has left its routing point, with the router's label or without.
    const { call: dialog, last: final = false } = event;
    context.state.waiting.delete(dialog);
    context.send(opcSession, { type: 'call ended', dialog, peripheral, device, final });
  }
  const state = AGENT_STATES[event.event];
  if (state === undefined) return;
  context.send(opcSession, { type: 'agent state', peripheral, extension: event.dn, state });
}
