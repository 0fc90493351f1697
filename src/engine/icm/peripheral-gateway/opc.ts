import type { Message } from '../../kernel/events.ts';
import { encodePlainData } from '../../kernel/plain-data.ts';
import { decodePlainData } from '../../kernel/plain-data-reader.ts';
import type { Behaviour, Context, RegistryValue } from '../../kernel/process.ts';
import { TRACE } from '../ems/trace-groups.ts';
import { listenOrExit } from '../local-mds.ts';
import {
  LABEL_TYPE,
  type OrderedInput,
  type RouteLabel,
  type RouterInput,
  type SideStatus,
} from '../messages.ts';
import { OPC_PORT } from '../ports.ts';
import { pimKey } from '../registry/keys.ts';
import { agentStateName } from '../router/tables.ts';
import type { StateSection } from '../state-section.ts';
import {
  type ClientConfig,
  type ClientState,
  createClientState,
  SynchronizedClient,
} from '../synchronized-client.ts';

type AgentReport = { readonly peripheral: string; readonly state: number };
type RouteRequest = Extract<RouterInput, { type: 'route request' }>;

/** What both sides' OPCs know alike. */
export type GatewayKnowledge = {
  /** Lab second at which this knowledge began: a later stream makes an earlier one void. */
  stream: number;
  /** Of the last message to the routers. */
  number: number;
  /** By extension. */
  readonly agents: Map<string, AgentReport>;
  readonly peripherals: Map<string, boolean>;
  /** Requests without a final label: asked again when a path becomes active (ICM-PATH-02). */
  readonly unanswered: Map<number, RouteRequest>;
};

export type OpcState = {
  readonly client: ClientState;
  readonly device: string;
  readonly customer: string;
  /** Such as PG1A: under that name its registry entries stand. */
  readonly component: string;
  knowledge: GatewayKnowledge;
  /** Peripheral name to the session of its PIM here. */
  readonly pims: Map<string, number>;
  /** This side of the Peripheral Gateway is the one whose PIMs work. */
  serves: boolean;
};

type OpcContext = Context<OpcState>;

const STATE_VERSION = 1;

function createKnowledge(stream: number): GatewayKnowledge {
  return { stream, number: 0, agents: new Map(), peripherals: new Map(), unanswered: new Map() };
}

const synchronized = new SynchronizedClient<OpcState>({
  name: 'opc',
  version: () => STATE_VERSION,
  objectCount: ({ knowledge }) =>
    knowledge.agents.size + knowledge.peripherals.size + knowledge.unanswered.size,
  snapshot: (context) => [
    section('opc', context.state.knowledge),
    section('pim registry', pimEntries(context)),
  ],
  recreate(context, sections) {
    const [knowledge, registry] = sections.map(({ bytes }) => decodePlainData(bytes));
    context.state.knowledge = knowledge as unknown as GatewayKnowledge;
    overwriteRegistry(context, registry as readonly [string, RegistryValue][]);
  },
  startAlone(context) {
    context.state.knowledge = createKnowledge(Math.floor(context.utcSeconds));
    synchronized.activate(context);
  },
  onOrdered,
  onOther(context, message) {
    if (message.type !== 'side status') return;
    const { state, inService } = message as unknown as SideStatus;
    context.state.serves = inService && state.endsWith('-Enabled');
    for (const pim of context.state.pims.values()) tellPim(context, pim);
  },
});

/** The Open Peripheral Controller (opc): the centre of a PG, between its PIMs and its agent. */
export const openPeripheralController: Behaviour<OpcState> = {
  kind: 'opc',
  create(config) {
    const typed = config as ClientConfig & { device: string; customer: string; component: string };
    return {
      client: createClientState(typed),
      device: typed.device,
      customer: typed.customer,
      component: typed.component,
      knowledge: createKnowledge(0),
      pims: new Map(),
      serves: false,
    };
  },
  onStart(context) {
    if (!listenOrExit(context, OPC_PORT)) return;
    synchronized.connect(context);
  },
  onTimer: (context, name) => void synchronized.onTimer(context, name),
  onOpened: (context, peer) => synchronized.onOpened(context, peer),
  onClosed(context, session, reason) {
    for (const [peripheral, pim] of context.state.pims) {
      if (pim !== session) continue;
      context.state.pims.delete(peripheral);
      if (context.state.serves)
        pimSays(context, { type: 'peripheral online', peripheral, online: false });
      return;
    }
    synchronized.onClosed(context, session, reason);
  },
  onMessage(context, delivery) {
    const { session, message } = delivery;
    if (message.type === 'pim hello') {
      context.state.pims.set(String(message['peripheral']), session);
      return tellPim(context, session);
    }
    if ([...context.state.pims.values()].includes(session)) return pimSays(context, message);
    synchronized.onMessage(context, delivery);
  },
};

function section(name: string, value: unknown): StateSection {
  return { name, numbers: [], bytes: encodePlainData(value) };
}

function pimPrefix({ customer, component }: OpcState): string {
  return pimKey(customer, component);
}

/** Values below the PIMS key, by their paths from there: the two sides' keys differ before that. */
function pimEntries(context: OpcContext): (readonly [string, RegistryValue])[] {
  const prefix = `${pimPrefix(context.state)}\\`;
  return context
    .registryUnder(prefix)
    .map(([path, value]) => [path.slice(prefix.length), value] as const);
}

/** The sender's entries win, whatever stood here (source: troubleshooting of a joining PG side). */
function overwriteRegistry(
  context: OpcContext,
  entries: readonly (readonly [string, RegistryValue])[],
): void {
  const root = pimPrefix(context.state);
  for (const [path, value] of entries) {
    const full = `${root}\\${path}`;
    const before = context.readRegistry(full);
    if (before === value) continue;
    context.writeRegistry(full, value);
    context.log('warn', `Registry PIMS\\${path} was ${before}, is ${value} as on the sender.`);
  }
}

function tellPim(context: OpcContext, pim: number): void {
  context.send(pim, { type: context.state.serves ? 'activate' : 'deactivate' });
}

/** What a PIM says goes through the order first, so that both OPCs know it alike. */
function pimSays(context: OpcContext, message: Message): void {
  const input = { to: 'opc', from: context.self, message };
  context.send(context.state.client.mdsSession, { type: 'input', input });
}

function onOrdered(context: OpcContext, input: OrderedInput): void {
  const { knowledge } = context.state;
  const { message } = input;
  if (message.type === 'path active') return tellEverything(context);
  if (message.type === 'from router') {
    return answer(context, message['message'] as unknown as RouteLabel);
  }
  const typed = message as unknown as RouterInput;
  traceInput(context, typed);
  switch (typed.type) {
    case 'agent state': {
      const { peripheral, extension, state } = typed;
      knowledge.agents.set(extension, { peripheral, state });
      return toRouters(context, { type: 'agent state', peripheral, extension, state });
    }
    case 'peripheral online': {
      const { peripheral, online } = typed;
      knowledge.peripherals.set(peripheral, online);
      return toRouters(context, { type: 'peripheral online', peripheral, online });
    }
    case 'route request':
      knowledge.unanswered.set(typed.dialog, typed);
      return toAgent(context, message);
    case 'treatment ended':
      if (knowledge.unanswered.has(typed.dialog)) toAgent(context, message);
      return;
    case 'call ended':
      if (knowledge.unanswered.delete(typed.dialog) || typed.final) toAgent(context, message);
  }
}

function traceInput(context: OpcContext, input: RouterInput): void {
  const { agent, peripheral, routing, closedCalls } = TRACE.opc;
  if (input.type === 'agent state' && context.traces(agent)) {
    context.log('trace', `Agent at ${input.extension}: ${agentStateName(input.state)}.`);
  } else if (input.type === 'peripheral online' && context.traces(peripheral)) {
    context.log('trace', `Peripheral ${input.peripheral}: ${input.online ? 'on' : 'off'}-line.`);
  } else if (input.type === 'route request' && context.traces(routing)) {
    context.log('trace', `Route request: dialog ${input.dialog} DN ${input.dialedNumber}.`);
  } else if (input.type === 'call ended' && context.traces(closedCalls)) {
    context.log('trace', `Call of dialog ${input.dialog} ${input.final ? 'ended' : 'moved on'}.`);
  }
}

/** A label that was already given, by whichever side, is dropped here. */
function answer(context: OpcContext, label: RouteLabel): void {
  const { knowledge, pims } = context.state;
  if (!knowledge.unanswered.has(label.dialog)) return;
  if (context.traces(TRACE.opc.routing)) {
    context.log('trace', `Route response: dialog ${label.dialog} label ${label.label || 'none'}.`);
  }
  if (label.labelType === LABEL_TYPE.normal) knowledge.unanswered.delete(label.dialog);
  const pim = pims.get(label.peripheral);
  if (pim) context.send(pim, label as unknown as Message);
}

/** A router that has just come into service knows nothing of the peripherals. */
function tellEverything(context: OpcContext): void {
  const { knowledge } = context.state;
  for (const [peripheral, online] of knowledge.peripherals) {
    toRouters(context, { type: 'peripheral online', peripheral, online });
  }
  for (const [extension, { peripheral, state }] of knowledge.agents) {
    toRouters(context, { type: 'agent state', peripheral, extension, state });
  }
  for (const request of knowledge.unanswered.values()) toAgent(context, request as Message);
}

/** Numbered, so that a report overtaken by a later one is not believed. */
function toRouters(context: OpcContext, message: Message): void {
  const { knowledge, device: gateway } = context.state;
  const { stream } = knowledge;
  toAgent(context, { ...message, gateway, stream, number: ++knowledge.number });
}

function toAgent(context: OpcContext, message: Message): void {
  const { mdsSession } = context.state.client;
  context.send(mdsSession, { type: 'output', to: 'pgag', message });
}
