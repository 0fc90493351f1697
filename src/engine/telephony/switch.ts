import type { Message } from '../kernel/events.ts';
import type { Behaviour, Context, SessionPeer } from '../kernel/process.ts';
import {
  type PeopleMessage,
  type RouteCommand,
  SWITCH_CTI_PORT,
  type SwitchEvent,
  type SwitchToPeople,
} from './messages.ts';

type Extension = {
  agentId: string;
  state: 'logged out' | 'not ready' | 'ready' | 'busy';
  call: number;
  /** Order in which extensions became ready: the queue serves the longest waiting agent. */
  readySince: number;
};

type Queue = { readonly members: readonly string[]; readonly calls: number[] };

type Call = {
  readonly id: number;
  readonly ani: string;
  readonly dnis: string;
  readonly routingPoint: string;
  stage: 'routing' | 'queued' | 'ringing' | 'talking';
  extension: string;
  queue: string;
};

type SwitchState = {
  readonly routingPoints: ReadonlySet<string>;
  readonly extensions: Map<string, Extension>;
  readonly queues: Map<string, Queue>;
  /** Queue DN that takes calls the router does not answer for. */
  readonly defaultQueue: string;
  /** Numbers of other switches, to the host of each. */
  readonly elsewhere: ReadonlyMap<string, string>;
  readonly calls: Map<number, Call>;
  readonly links: Map<number, 'people' | 't-server' | 'pim'>;
  /** Calls on their way to another switch, by the session that takes them there. */
  readonly leaving: Map<number, { readonly dialedNumber: string; readonly ani: string }>;
  nextCall: number;
  nextReady: number;
};

type SwitchContext = Context<SwitchState>;

const MAX_CALLS_PER_SECOND = 100;
/** Emulator choice: how long the switch waits for a label before it routes by default. */
const ROUTE_TIMEOUT_US = 5_000_000;

/** A PBX: extensions, ACD queues and routing points, and the CTI links that watch them. */
export const telephoneSwitch: Behaviour<SwitchState> = {
  kind: 'switch',
  create(config) {
    const { extensions, queues, routingPoints, defaultQueue, elsewhere } = config as {
      extensions: readonly string[];
      queues: readonly { dn: string; members: readonly string[] }[];
      routingPoints: readonly string[];
      defaultQueue: string;
      elsewhere: readonly (readonly [string, string])[];
    };
    const idle = (): Extension => ({ agentId: '', state: 'logged out', call: 0, readySince: 0 });
    return {
      routingPoints: new Set(routingPoints),
      extensions: new Map(extensions.map((dn) => [dn, idle()])),
      queues: new Map(queues.map(({ dn, members }) => [dn, { members, calls: [] }])),
      defaultQueue,
      elsewhere: new Map(elsewhere),
      calls: new Map(),
      links: new Map(),
      leaving: new Map(),
      nextCall: 1,
      nextReady: 1,
    };
  },
  onStart(context) {
    // Call ids of a run before this one must not come again.
    context.state.nextCall = Math.floor(context.nowUs / 1e6) * MAX_CALLS_PER_SECOND + 1;
    context.listen(SWITCH_CTI_PORT);
  },
  onTimer(context, name) {
    const call = context.state.calls.get(Number(name.split(' ')[1]));
    if (call?.stage === 'routing') routeCall(context, call, context.state.defaultQueue);
  },
  onClosed(context, session) {
    const { state } = context;
    const role = state.links.get(session);
    state.links.delete(session);
    if (role !== 'pim' || [...state.links.values()].includes('pim')) return;
    // Nobody is there to say more about the calls that wait.
    for (const call of state.calls.values()) {
      if (call.stage === 'routing') context.setTimer(`route ${call.id}`, ROUTE_TIMEOUT_US);
    }
  },
  onOpened: handOver,
  onMessage(context, { session, message }) {
    const typed = message as unknown as PeopleMessage | RouteCommand;
    switch (typed.type) {
      case 'attach':
        context.state.links.set(session, typed.role);
        if (typed.role === 'pim') tellPim(context, session);
        return;
      case 'call arrives':
        return acceptCall(context, typed.key, typed.dialedNumber, typed.ani);
      case 'caller hangs up':
        return abandon(context, typed.call);
      case 'login':
        return login(context, typed.extension, typed.agentId);
      case 'ready':
        return becomeReady(context, typed.extension);
      case 'answer':
        return answer(context, typed.extension);
      case 'hang up':
        return hangUp(context, typed.extension);
      case 'route': {
        const call = context.state.calls.get(typed.call);
        if (call?.stage === 'routing') routeCall(context, call, typed.label);
        return;
      }
      case 'treat':
        // The router keeps the call in its queue: it hears music here.
        return context.cancelTimer(`route ${typed.call}`);
    }
  },
};

function acceptCall(context: SwitchContext, key: number, dnis: string, ani: string): void {
  const { state } = context;
  if (!state.routingPoints.has(dnis)) return;
  const call: Call = {
    id: state.nextCall++,
    ani,
    dnis,
    routingPoint: dnis,
    stage: 'routing',
    extension: '',
    queue: '',
  };
  state.calls.set(call.id, call);
  tellPeople(context, { type: 'call accepted', key, call: call.id });
  report(context, 'routeRequest', call, { dn: dnis });
  context.setTimer(`route ${call.id}`, ROUTE_TIMEOUT_US);
}

function routeCall(context: SwitchContext, call: Call, label: string): void {
  const { state } = context;
  context.cancelTimer(`route ${call.id}`);
  const extension = state.extensions.get(label);
  const other = state.elsewhere.get(label);
  if (other) return leave(context, call, label, other);
  const reachable = extension ? extension.state === 'ready' : state.queues.has(label);
  // A label that cannot be reached (the agent was taken meanwhile) ends in the default queue.
  const target = reachable ? label : state.defaultQueue;
  report(context, 'routeUsed', call, { dn: call.routingPoint, thirdPartyDn: target });
  report(context, 'diverted', call, { dn: call.routingPoint, thirdPartyDn: target });
  if (state.extensions.has(target)) ring(context, call, target);
  else enqueue(context, call, target);
}

/** The call goes to another switch; what happens to it there is that switch's business. */
function leave(context: SwitchContext, call: Call, dn: string, host: string): void {
  const { state } = context;
  report(context, 'routeUsed', call, { dn: call.routingPoint, thirdPartyDn: dn });
  report(context, 'diverted', call, { dn: call.routingPoint, thirdPartyDn: dn, last: true });
  state.calls.delete(call.id);
  tellPeople(context, { type: 'call left', call: call.id });
  const port = SWITCH_CTI_PORT;
  const session = context.connect({ host, port, network: 'public' });
  state.leaving.set(session, { dialedNumber: dn, ani: call.ani });
}

/** The trunk to the other switch is there: it takes the call over. */
function handOver(context: SwitchContext, { session }: SessionPeer): void {
  const call = context.state.leaving.get(session);
  if (!call) return;
  context.state.leaving.delete(session);
  context.send(session, { type: 'call arrives', key: 0, ...call });
  context.close(session);
}

/** A PIM that has just attached learns who works here and which calls wait for a label. */
function tellPim(context: SwitchContext, session: number): void {
  const { extensions, calls } = context.state;
  for (const [dn, { state, agentId }] of extensions) {
    const event = PIM_EVENTS[state];
    if (event) reportTo(context, [session], event, undefined, { dn, agentId });
  }
  for (const call of calls.values()) {
    if (call.stage !== 'routing') continue;
    reportTo(context, [session], 'routeRequest', call, { dn: call.routingPoint });
  }
}

const PIM_EVENTS: Readonly<Record<Extension['state'], SwitchEvent['event'] | undefined>> = {
  'logged out': undefined,
  'not ready': 'agentNotReady',
  ready: 'agentReady',
  busy: 'established',
};

function enqueue(context: SwitchContext, call: Call, dn: string): void {
  const queue = context.state.queues.get(dn);
  if (!queue) throw new Error(`${context.self}: no queue ${dn}`);
  call.stage = 'queued';
  call.queue = dn;
  queue.calls.push(call.id);
  report(context, 'queued', call, { dn });
  serveQueue(context, dn);
}

function serveQueue(context: SwitchContext, dn: string): void {
  const { state } = context;
  const queue = state.queues.get(dn)!;
  const free = queue.members
    .filter((member) => state.extensions.get(member)?.state === 'ready')
    .sort((a, b) => state.extensions.get(a)!.readySince - state.extensions.get(b)!.readySince);
  while (queue.calls.length > 0 && free.length > 0) {
    const call = state.calls.get(queue.calls.shift()!)!;
    const extension = free.shift()!;
    report(context, 'diverted', call, { dn, thirdPartyDn: extension });
    ring(context, call, extension);
  }
}

function ring(context: SwitchContext, call: Call, dn: string): void {
  const extension = context.state.extensions.get(dn)!;
  call.stage = 'ringing';
  call.extension = dn;
  extension.state = 'busy';
  extension.call = call.id;
  report(context, 'ringing', call, { dn, queue: call.queue });
  tellPeople(context, { type: 'ringing', extension: dn, call: call.id });
}

function answer(context: SwitchContext, dn: string): void {
  const call = callAt(context, dn);
  if (call?.stage !== 'ringing') return;
  call.stage = 'talking';
  report(context, 'established', call, { dn, queue: call.queue });
  tellPeople(context, { type: 'connected', extension: dn, call: call.id });
}

function hangUp(context: SwitchContext, dn: string): void {
  const call = callAt(context, dn);
  if (call?.stage === 'talking') clear(context, call, 'released');
}

function abandon(context: SwitchContext, id: number): void {
  const { state } = context;
  const call = state.calls.get(id);
  if (!call) return;
  if (call.stage === 'talking') return clear(context, call, 'released');
  if (call.stage === 'ringing') return clear(context, call, 'abandoned');
  context.cancelTimer(`route ${id}`);
  const waiting = state.queues.get(call.queue)?.calls;
  if (waiting?.includes(id)) waiting.splice(waiting.indexOf(id), 1);
  state.calls.delete(id);
  const dn = call.stage === 'queued' ? call.queue : call.routingPoint;
  report(context, 'abandoned', call, { dn, last: true });
}

/** The end of a call that had reached an agent. */
function clear(context: SwitchContext, call: Call, event: 'released' | 'abandoned'): void {
  const { state } = context;
  const extension = state.extensions.get(call.extension)!;
  state.calls.delete(call.id);
  extension.call = 0;
  extension.state = 'not ready';
  report(context, event, call, { dn: call.extension, queue: call.queue, last: true });
  const { agentId } = extension;
  report(context, 'agentNotReady', undefined, { dn: call.extension, agentId });
  tellPeople(context, { type: 'cleared', extension: call.extension, call: call.id });
}

function login(context: SwitchContext, dn: string, agentId: string): void {
  const extension = context.state.extensions.get(dn);
  if (extension?.state !== 'logged out') return;
  extension.agentId = agentId;
  extension.state = 'not ready';
  report(context, 'agentLogin', undefined, { dn, agentId });
}

function becomeReady(context: SwitchContext, dn: string): void {
  const { state } = context;
  const extension = state.extensions.get(dn);
  if (extension?.state !== 'not ready') return;
  extension.state = 'ready';
  extension.readySince = state.nextReady++;
  report(context, 'agentReady', undefined, { dn, agentId: extension.agentId });
  for (const [queue, { members }] of state.queues) {
    if (members.includes(dn) && extension.state === 'ready') serveQueue(context, queue);
  }
}

function callAt(context: SwitchContext, dn: string): Call | undefined {
  return context.state.calls.get(context.state.extensions.get(dn)?.call ?? 0);
}

function report(
  context: SwitchContext,
  event: SwitchEvent['event'],
  call: Call | undefined,
  more: Partial<SwitchEvent>,
): void {
  const sessions = [...context.state.links].filter(([, role]) => role !== 'people');
  reportTo(
    context,
    sessions.map(([session]) => session),
    event,
    call,
    more,
  );
}

function reportTo(
  context: SwitchContext,
  sessions: readonly number[],
  event: SwitchEvent['event'],
  call: Call | undefined,
  more: Partial<SwitchEvent>,
): void {
  const agentId = context.state.extensions.get(more.dn ?? '')?.agentId ?? '';
  const message: SwitchEvent = {
    type: 'cti',
    event,
    call: call?.id ?? 0,
    dn: '',
    ani: call?.ani ?? '',
    dnis: call?.dnis ?? '',
    thirdPartyDn: '',
    queue: '',
    agentId,
    last: false,
    ...more,
  };
  for (const session of sessions) context.send(session, message);
}

function tellPeople(context: SwitchContext, message: SwitchToPeople): void {
  for (const [session, role] of context.state.links) {
    if (role === 'people') context.send(session, message as Message);
  }
}
