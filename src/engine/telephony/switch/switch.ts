import type { Behaviour } from '../../kernel/process.ts';
import { type LinkCommand, type PeopleMessage, SWITCH_CTI_PORT } from '../messages.ts';
import { CALL_STATE } from '../t-library.ts';
import {
  acceptCall,
  callerHangsUp,
  handOver,
  onNoAnswer,
  outsideIsBusy,
  overflow,
  routeCall,
} from './arrivals.ts';
import { actAtPhone } from './phone.ts';
import { callForNobody, giveUp, outsideAnswers } from './predictive-calls.ts';
import { partyState, reportTo } from './reports.ts';
import {
  createExtension,
  ROUTE_TIMEOUT_US,
  routingPointOf,
  type SwitchContext,
  type SwitchState,
} from './switch-state.ts';
import { endTreatment, press, treat } from './treatments.ts';

const MAX_CALLS_PER_SECOND = 1000;
const { sitInvalidNumber } = CALL_STATE;

type SwitchConfig = {
  readonly name: string;
  readonly extensions: readonly string[];
  readonly queues: readonly {
    readonly dn: string;
    readonly members: readonly string[];
    readonly overflow: { readonly to: string; readonly afterSeconds: number } | null;
  }[];
  readonly routingPoints: readonly string[];
  readonly defaultQueue: string;
  readonly elsewhere: readonly (readonly [string, { host: string; location: string }])[];
};

/** A PBX: extensions, ACD queues and routing points, and the CTI links that watch them. */
export const telephoneSwitch: Behaviour<SwitchState> = {
  kind: 'switch',
  create(config) {
    const { name, extensions, queues, routingPoints, defaultQueue, elsewhere } =
      config as unknown as SwitchConfig;
    return {
      name,
      routingPoints: new Set(routingPoints),
      extensions: new Map(extensions.map((dn) => [dn, createExtension()])),
      queues: new Map(
        queues.map(({ dn, members, overflow }) => [dn, { members, calls: [], overflow }]),
      ),
      defaultQueue,
      elsewhere: new Map(elsewhere),
      calls: new Map(),
      links: new Map(),
      tServer: '',
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
    const words = name.split(' ');
    if (words[0] === 'give') {
      const call = context.state.calls.get(Number(words[2]));
      if (call) giveUp(context, call, CALL_STATE.noAnswer);
      return;
    }
    if (words[0] === 'no') {
      const call = context.state.calls.get(Number(words[2]));
      if (call) onNoAnswer(context, call, words[3]);
      return;
    }
    const call = context.state.calls.get(Number(words[1]));
    if (call && words[0] === 'overflow') return overflow(context, call, words[2]);
    if (words[0] === 'treatment') return void (call && endTreatment(context, call));
    if (call) routeCall(context, call, context.state.defaultQueue, false);
  },
  onClosed(context, session) {
    const { state } = context;
    const role = state.links.get(session);
    state.links.delete(session);
    state.leaving.delete(session);
    if (role !== 'pim' || [...state.links.values()].includes('pim')) return;
    // Nobody is there to say more about the calls that wait.
    for (const call of state.calls.values()) {
      if (routingPointOf(call)) context.setTimer(`route ${call.id}`, ROUTE_TIMEOUT_US);
    }
  },
  onOpened: handOver,
  onMessage(context, { session, message }) {
    onMessage(context, session, message as unknown as PeopleMessage | LinkCommand);
  },
};

function onMessage(
  context: SwitchContext,
  session: number,
  message: PeopleMessage | LinkCommand,
): void {
  const { state } = context;
  const call = 'call' in message ? state.calls.get(message.call) : undefined;
  switch (message.type) {
    case 'attach':
      return attach(context, session, message);
    case 'call arrives':
      return acceptCall(context, message);
    case 'caller hangs up':
      return void (call && callerHangsUp(context, call, message.number));
    case 'outside answers':
      return void (call && outsideAnswers(context, call, message.number, message.by));
    case 'outside presses':
      return void (call && press(context, call, message.number, message.digits));
    case 'outside is busy':
      return void (call && outsideIsBusy(context, call, message.number));
    case 'outside is unknown':
      return void (call && outsideIsBusy(context, call, message.number, sitInvalidNumber));
    case 'predictive call':
      return callForNobody(context, message);
    case 'phone':
      return actAtPhone(context, message.extension, message);
    case 'route':
      return void (call && routeCall(context, call, message.label, true));
    case 'treat':
      return void (call && treat(context, call, message.treatment));
    case 'call data':
      if (call) call.userData = message.userData;
      return;
  }
}

function attach(
  context: SwitchContext,
  session: number,
  message: Extract<PeopleMessage, { type: 'attach' }>,
): void {
  const { state } = context;
  if (message.role === 't-server') {
    const isHeld = [...state.links.values()].includes('t-server');
    if (isHeld && state.tServer !== message.name) return context.close(session);
    state.tServer = message.name;
  }
  state.links.set(session, message.role);
  if (message.role === 'pim') tellPim(context, session);
  else if (message.role === 't-server') tellTServer(context, session);
}

/** A PIM that has just attached learns who works here and which calls wait for a label. */
function tellPim(context: SwitchContext, session: number): void {
  const { extensions, calls } = context.state;
  for (const [dn, { state, agentId, calls: own }] of extensions) {
    if (state === 'logged out') continue;
    const ready = state === 'ready' ? 'agentReady' : 'agentNotReady';
    const event = own.length > 0 ? 'established' : ready;
    context.send(session, { type: 'cti', event, call: 0, dn, agentId });
  }
  for (const call of calls.values()) {
    const dn = routingPointOf(call);
    if (dn) reportTo(context, session, 'routeRequest', call, dn);
  }
}

/** A T-Server learns who is logged in, and which calls there are. */
function tellTServer(context: SwitchContext, session: number): void {
  const { extensions, calls } = context.state;
  for (const [dn, { state, agentId, workMode, inService }] of extensions) {
    if (!inService) context.send(session, { type: 'cti', event: 'dnOutOfService', call: 0, dn });
    if (state === 'logged out') continue;
    const named = { type: 'cti', call: 0, dn, agentId };
    context.send(session, { ...named, event: 'agentLogin' });
    if (state === 'ready') context.send(session, { ...named, event: 'agentReady' });
    else context.send(session, { ...named, event: 'agentNotReady', workMode });
  }
  for (const call of calls.values()) {
    for (const party of call.parties) {
      const state = partyState(party);
      const more = { effect: 'added', state, role: party.role } as const;
      reportTo(context, session, 'party', call, party.dn, more);
    }
  }
  context.send(session, { type: 'cti', event: 'snapshot', call: 0, dn: '' });
}
