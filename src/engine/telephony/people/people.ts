import type { Message } from '../../kernel/events.ts';
import type { Behaviour } from '../../kernel/process.ts';
import type { DesktopNotice, MediaName } from '../interaction-server/interaction-messages.ts';
import {
  type OutsideAction,
  type PhoneAction,
  SWITCH_CTI_PORT,
  type SwitchToPeople,
  T_SERVER_PORT,
  type UserData,
} from '../messages.ts';
import type { RecordAction } from '../outbound/outbound-messages.ts';
import { nextHost } from '../t-server-hosts.ts';
import { act, arriveAtWork, onTelephone, takeUpWork } from './agents.ts';
import {
  actOutside,
  answeredBy,
  answerOutside,
  arrive,
  forgetCall,
  forgetOutside,
  nextArrivalUs,
  onAccepted,
  onDigitsWanted,
  onOutsideMoved,
  onOutsideRings,
  placeCall,
} from './callers.ts';
import {
  actAtDesktop,
  actByItself,
  connectInteractions,
  INTERACTIONS,
  type MediaAct,
  onInteractionsOpened,
  onNotice,
  onSubmission,
  submit,
  takeUpMedia,
} from './media-desktop.ts';
import {
  askOutbound,
  onCampaignNews,
  onRecordDone,
  onRecordRings,
  watchCampaigns,
} from './outbound-desktop.ts';
import {
  isByHand,
  type PeopleContext,
  type PeopleState,
  switchOfExtension,
  type TrafficConfig,
} from './people-state.ts';
import { desktop, phone, say } from './speech.ts';

const RETRY_US = 2_000_000;
const DESKTOP = 'desktop ';

/** Callers and agents: the part of the contact centre that is not a computer. */
export const people: Behaviour<PeopleState> = {
  kind: 'people',
  create: (config) => ({
    config: config as TrafficConfig,
    sessions: new Map(),
    byHand: new Set(),
    plans: new Map(),
    records: new Map(),
    outside: new Map(),
    outsideByCall: new Map(),
  }),
  onStart(context) {
    for (const { name } of context.state.config.switches) {
      connect(context, name);
      connect(context, DESKTOP + name);
    }
    connectInteractions(context);
    if (context.state.config.callsPerHour.some((rate) => rate > 0)) {
      context.setTimer('arrival', nextArrivalUs(context));
    }
  },
  onTimer(context, name, data) {
    const at = name.indexOf(' ');
    const what = at < 0 ? name : name.slice(0, at);
    if (what === 'arrival') return arrive(context);
    if (what === 'connect') return connect(context, name.slice(at + 1));
    if (what === 'submission') return onSubmission(context, (data as { index: number }).index);
    if (what === 'media') return actByItself(context, data as MediaAct);
    const about = data as { at: string; extension: string; call: number; number: string };
    if (what === 'patience') {
      const { call, number } = about;
      return say(context, about.at, { type: 'caller hangs up', call, number });
    }
    if (what === 'digits') {
      const { call, number, digits } = data as { call: number; number: string; digits: string };
      return say(context, about.at, { type: 'outside presses', call, number, digits });
    }
    if (what === 'outside') {
      const { call, number } = about;
      return answerOutside(context, about.at, call, number, answeredBy(number));
    }
    act(context, what, about);
  },
  onOpened(context, { session }) {
    const name = nameOf(context, session);
    if (name === undefined) return;
    context.state.sessions.get(name)!.open = true;
    if (name === INTERACTIONS) return onInteractionsOpened(context);
    if (name.startsWith(DESKTOP)) return watchCampaigns(context, name.slice(DESKTOP.length));
    context.send(session, { type: 'attach', role: 'people' });
    arriveAtWork(context, name);
  },
  onClosed(context, session) {
    const name = nameOf(context, session);
    if (name === undefined) return;
    context.state.sessions.get(name)!.open = false;
    if (!name.startsWith(DESKTOP) && name !== INTERACTIONS) forgetSwitch(context, name);
    context.setTimer(`connect ${name}`, RETRY_US);
  },
  onCommand,
  onMessage(context, { session, message }) {
    const at = nameOf(context, session);
    if (at === undefined) return;
    if (at === INTERACTIONS) return onNotice(context, message as unknown as DesktopNotice);
    if (at.startsWith(DESKTOP)) return onCampaignNews(context, at.slice(DESKTOP.length), message);
    onSwitchMessage(context, at, message as unknown as SwitchToPeople);
  },
};

/** Nothing that was said at a switch holds when it has been away. */
function forgetSwitch({ state }: PeopleContext, at: string): void {
  for (const [number, known] of [...state.outside]) {
    if (known.at === at) forgetOutside(state, number);
  }
  for (const { extension, switch: home } of state.config.agents) {
    if (home === at) state.plans.delete(extension);
  }
}

function onSwitchMessage(context: PeopleContext, at: string, message: SwitchToPeople): void {
  switch (message.type) {
    case 'call accepted':
      return onAccepted(context, at, message.ani, message.call);
    case 'digits wanted':
      return onDigitsWanted(context, at, message.number, message.call);
    case 'call left':
      return forgetCall(context, at, message.call);
    case 'outside moved':
      return onOutsideMoved(context, at, message);
    case 'outside rings':
      onRecordRings(context, at, message.number);
      return onOutsideRings(context, at, message.number, message.call);
    case 'cleared':
      onRecordDone(context, at, message.extension);
      return onTelephone(context, at, message);
    default:
      return onTelephone(context, at, message);
  }
}

/** What the user of the lab has somebody do; an extension that is used by hand stays so. */
function onCommand(context: PeopleContext, command: Message): void {
  const { state } = context;
  if (command.type === 'place call') {
    const dialedNumber = String(command['dialedNumber']);
    const { dialedNumbers } = state.config;
    const home = dialedNumbers.find(({ dn }) => dn === dialedNumber)?.switch;
    const at = home ?? switchOfExtension(context, dialedNumber);
    if (at !== '') placeCall(context, at, dialedNumber, String(command['ani']));
    return;
  }
  if (command.type === 'act outside') {
    const { number, action, digits = '' } = command as unknown as OutsideCommand;
    return actOutside(context, number, action, digits);
  }
  if (command.type === 'submit interaction') {
    const { media, queue, properties = {} } = command as unknown as Submission;
    return submit(context, media, queue, properties);
  }
  const extension = String(command['extension']);
  if (command.type === 'use media') {
    if (!isByHand(context, extension)) state.byHand.add(extension);
    return actAtDesktop(context, command as unknown as MediaAct);
  }
  const at = switchOfExtension(context, extension);
  if (at === '') return;
  if (command.type === 'attach data') return onDesktop(context, at, extension, command);
  if (command.type === 'handle record') {
    const { action, minutes = 0 } = command as unknown as { action: RecordAction; minutes: number };
    return askOutbound(context, at, extension, action, minutes);
  }
  const given = command as unknown as PhoneAction | { action: 'by itself' };
  if (given.action === 'by itself') {
    state.byHand.delete(extension);
    state.plans.delete(extension);
    takeUpMedia(context, extension);
    return takeUpWork(context, at, extension);
  }
  if (!isByHand(context, extension)) state.byHand.add(extension);
  const { action, number, agentId, queue, reason, workMode } = command as Message;
  const record = action === 'dial' ? state.records.get(extension) : undefined;
  const userData = record?.number === number ? record?.data : undefined;
  const rest = { number, agentId, queue, reason, workMode, userData };
  const named = Object.entries(rest).filter(([, value]) => value !== undefined);
  phone(context, at, extension, { action, ...Object.fromEntries(named) } as PhoneAction);
}

type OutsideCommand = {
  readonly number: string;
  readonly action: OutsideAction;
  readonly digits?: string;
};

type Submission = {
  readonly media: MediaName;
  readonly queue: string;
  readonly properties?: Readonly<Record<string, string>>;
};

/** Data that a desktop attaches, deletes, or sends as an event of its own. */
function onDesktop(context: PeopleContext, at: string, extension: string, command: Message): void {
  const { how, key, value } = command as unknown as Record<string, string>;
  const UserData: UserData = new Map([[key, value]]);
  const ThisDN = extension;
  if (how === 'delete') desktop(context, at, { type: 'RequestDeletePair', ThisDN, Key: key });
  else if (how === 'event')
    desktop(context, at, { type: 'RequestSendUserEvent', ThisDN, UserData });
  else desktop(context, at, { type: 'RequestUpdateUserData', ThisDN, UserData });
}

function connect(context: PeopleContext, name: string): void {
  if (name === INTERACTIONS) return connectInteractions(context);
  const { config, sessions } = context.state;
  const isDesktop = name.startsWith(DESKTOP);
  const home = isDesktop ? name.slice(DESKTOP.length) : name;
  const known = config.switches.find((candidate) => candidate.name === home)!;
  const last = sessions.get(name)?.host;
  const host = isDesktop ? nextHost(known.tServerHosts, last) : known.host;
  const port = isDesktop ? T_SERVER_PORT : SWITCH_CTI_PORT;
  const session = context.connect({ host, port, network: 'public' });
  sessions.set(name, { host, session, open: false });
}

function nameOf(context: PeopleContext, session: number): string | undefined {
  for (const [name, link] of context.state.sessions) if (link.session === session) return name;
  return undefined;
}
