import type { Behaviour, Context } from '../kernel/process.ts';
import {
  type PeopleMessage,
  type PhoneAction,
  SWITCH_CTI_PORT,
  type SwitchToPeople,
} from './messages.ts';

/** Calls an hour for each hour of the day, 24 values, and who they go to. */
export type TrafficConfig = {
  readonly utcOffsetSeconds: number;
  readonly callsPerHour: readonly number[];
  readonly dialedNumbers: readonly { dn: string; switch: string; share: number }[];
  readonly agents: readonly { extension: string; agentId: string; switch: string }[];
  readonly meanAnswerSeconds: number;
  readonly meanTalkSeconds: number;
  readonly meanAfterCallSeconds: number;
  readonly meanPatienceSeconds: number;
  readonly switches: readonly { name: string; host: string }[];
};

type PeopleState = {
  readonly config: TrafficConfig;
  readonly sessions: Map<string, { session: number; open: boolean }>;
  nextKey: number;
};

type PeopleContext = Context<PeopleState>;

const RETRY_US = 2_000_000;
const SECOND = 1_000_000;
const LOGIN_SPREAD_SECONDS = 45;

/** Callers and agents: the part of the contact centre that is not a computer. */
export const people: Behaviour<PeopleState> = {
  kind: 'people',
  create: (config) => ({ config: config as TrafficConfig, sessions: new Map(), nextKey: 1 }),

  onStart(context) {
    for (const { name } of context.state.config.switches) connectSwitch(context, name);
    context.setTimer('arrival', nextArrivalUs(context));
  },

  onTimer(context, name, data) {
    const { config } = context.state;
    const [what, key] = name.split(' ');
    if (what === 'arrival') return arrive(context);
    if (what === 'connect') return connectSwitch(context, key);
    const { at, extension, call } = data as { at: string; extension: string; call: number };
    const phone = (act: PhoneAction) => say(context, at, { type: 'phone', extension, ...act });
    if (what === 'login') {
      const agentId = config.agents.find((agent) => agent.extension === extension)!.agentId;
      phone({ action: 'login', agentId });
      later(context, 'ready', key, 2 + 8 * context.uniform('ready'), data);
    } else if (what === 'ready') phone({ action: 'ready' });
    else if (what === 'answer') phone({ action: 'answer' });
    else if (what === 'talk') phone({ action: 'hang up' });
    else if (what === 'patience') say(context, at, { type: 'caller hangs up', call });
  },

  onOpened(context, { session }) {
    const { config } = context.state;
    const at = switchOf(context, session);
    if (!at) return;
    context.state.sessions.get(at)!.open = true;
    context.send(session, { type: 'attach', role: 'people' });
    for (const { extension, switch: home } of config.agents) {
      if (home !== at) continue;
      const seconds = 1 + LOGIN_SPREAD_SECONDS * context.uniform('login');
      later(context, 'login', `${at}/${extension}`, seconds, { at, extension });
    }
  },

  onClosed(context, session) {
    const at = switchOf(context, session);
    if (!at) return;
    context.state.sessions.get(at)!.open = false;
    context.setTimer(`connect ${at}`, RETRY_US);
  },

  /** A call that the user of the lab places. */
  onCommand(context, command) {
    const dialedNumber = String(command['dialedNumber']);
    const { dialedNumbers } = context.state.config;
    const home = dialedNumbers.find(({ dn }) => dn === dialedNumber)?.switch;
    if (home) placeCall(context, home, dialedNumber, String(command['ani']));
  },

  onMessage(context, { session, message }) {
    const at = switchOf(context, session);
    if (!at) return;
    onSwitchMessage(context, at, message as unknown as SwitchToPeople);
  },
};

function onSwitchMessage(context: PeopleContext, at: string, message: SwitchToPeople): void {
  const { config } = context.state;
  const seconds = (purpose: string, mean: number) => context.exponential(purpose, mean);
  if (message.type === 'call accepted') {
    const wait = 5 + seconds('patience', config.meanPatienceSeconds);
    later(context, 'patience', `${at}/${message.call}`, wait, { at, call: message.call });
    return;
  }
  if (message.type === 'call left') return context.cancelTimer(`patience ${at}/${message.call}`);
  if (message.type === 'outside rings') return;
  const { extension, call } = message;
  const seat = `${at}/${extension}`;
  if (message.type === 'ringing') {
    const wait = 1 + seconds('answer', config.meanAnswerSeconds);
    later(context, 'answer', seat, wait, { at, extension });
  } else if (message.type === 'connected') {
    context.cancelTimer(`patience ${at}/${call}`);
    const talk = 10 + seconds('talk', config.meanTalkSeconds);
    later(context, 'talk', seat, talk, { at, extension });
  } else if (message.type === 'cleared') {
    context.cancelTimer(`answer ${seat}`);
    context.cancelTimer(`talk ${seat}`);
    context.cancelTimer(`patience ${at}/${call}`);
    if (!message.work) return;
    const work = 2 + seconds('work', config.meanAfterCallSeconds);
    later(context, 'ready', seat, work, { at, extension });
  }
}

/** Thinning: candidate moments at the day's highest rate, kept by the rate of the hour. */
function nextArrivalUs(context: PeopleContext): number {
  const highest = Math.max(...context.state.config.callsPerHour);
  return context.exponential('arrival', 3600 / highest) * SECOND;
}

function arrive(context: PeopleContext): void {
  const { config } = context.state;
  context.setTimer('arrival', nextArrivalUs(context));
  const localSeconds = context.utcSeconds + config.utcOffsetSeconds;
  const hour = Math.floor(localSeconds / 3600) % 24;
  const highest = Math.max(...config.callsPerHour);
  if (context.uniform('thinning') * highest >= config.callsPerHour[hour]) return;
  const total = config.dialedNumbers.reduce((sum, { share }) => sum + share, 0);
  let pick = context.uniform('dialed number') * total;
  const chosen =
    config.dialedNumbers.find(({ share }) => {
      pick -= share;
      return pick < 0;
    }) ?? config.dialedNumbers[0];
  const subscriber = String(Math.floor(context.uniform('ani') * 1e7)).padStart(7, '0');
  placeCall(context, chosen.switch, chosen.dn, `555${subscriber}`);
}

function placeCall(context: PeopleContext, at: string, dialedNumber: string, ani: string): void {
  const key = context.state.nextKey++;
  say(context, at, { type: 'call arrives', key, dialedNumber, ani });
}

function later(
  context: PeopleContext,
  what: string,
  key: string,
  seconds: number,
  data: Parameters<PeopleContext['setTimer']>[2],
): void {
  context.setTimer(`${what} ${key}`, seconds * SECOND, data);
}

function say(context: PeopleContext, at: string, message: PeopleMessage): void {
  const link = context.state.sessions.get(at);
  if (link?.open) context.send(link.session, message);
}

function connectSwitch(context: PeopleContext, name: string): void {
  const { config, sessions } = context.state;
  const { host } = config.switches.find((candidate) => candidate.name === name)!;
  const session = context.connect({ host, port: SWITCH_CTI_PORT, network: 'public' });
  sessions.set(name, { session, open: false });
}

function switchOf(context: PeopleContext, session: number): string | undefined {
  for (const [name, link] of context.state.sessions) if (link.session === session) return name;
  return undefined;
}
