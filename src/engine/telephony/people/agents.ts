import type { SwitchToPeople } from '../messages.ts';
import { outsideNumber } from './callers.ts';
import { askOutbound, dialRecord } from './outbound-desktop.ts';
import { isByHand, type PeopleContext } from './people-state.ts';
import { desktop, later, phone } from './speech.ts';

/** Agents who act by themselves: they answer, talk, ask a colleague, and take breaks. */

const LOGIN_SPREAD_SECONDS = 45;
const BREAK_REASONS = ['Lunch', 'Meeting', 'Coffee', 'Training'] as const;
const RESULTS = ['Order', 'Complaint', 'Question', 'Return'] as const;

/** What an agent does at a time; the name of the timer says it. */
export function act(
  context: PeopleContext,
  what: string,
  data: { at: string; extension: string; call?: number },
): void {
  const { at, extension } = data;
  if (isByHand(context, extension)) return;
  const seat = `${at}/${extension}`;
  const plan = context.state.plans.get(extension);
  switch (what) {
    case 'login': {
      const { agents } = context.state.config;
      const { agentId } = agents.find((agent) => agent.extension === extension)!;
      phone(context, at, extension, { action: 'login', agentId });
      later(context, 'ready', seat, 2 + 8 * context.uniform('ready'), data);
      return scheduleOwn(context, at, extension);
    }
    case 'ready':
      return phone(context, at, extension, { action: 'ready' });
    case 'answer':
      return phone(context, at, extension, { action: 'answer' });
    case 'talk':
      return phone(context, at, extension, { action: 'hang up' });
    case 'hold':
      phone(context, at, extension, { action: 'hold' });
      return later(context, 'retrieve', seat, 5 + context.exponential('hold', 20), data);
    case 'retrieve':
      return phone(context, at, extension, { action: 'retrieve' });
    case 'ask':
      return ask(context, at, extension);
    case 'complete':
      if (plan) completeAsking(context, at, extension);
      return;
    case 'data':
      return attachData(context, at, extension, data.call ?? 0);
    case 'break':
      return takeBreak(context, at, extension);
    case 'record':
      return askOutbound(context, at, extension, 'preview', 0);
    case 'dial':
      return dialRecord(context, at, extension);
    case 'outbound':
      phone(context, at, extension, { action: 'dial', number: outsideNumber(context, 'outbound') });
      // Whoever does not answer is given up.
      later(context, 'talk', seat, 40, data);
      return scheduleOwn(context, at, extension);
  }
}

export function arriveAtWork(context: PeopleContext, at: string): void {
  for (const { extension, switch: home } of context.state.config.agents) {
    if (home !== at || isByHand(context, extension)) continue;
    const seconds = 1 + LOGIN_SPREAD_SECONDS * context.uniform('login');
    later(context, 'login', `${at}/${extension}`, seconds, { at, extension });
  }
}

/** A telephone that was used by hand is its agent's again: whatever it does is gone on with. */
export function takeUpWork(context: PeopleContext, at: string, extension: string): void {
  const seat = `${at}/${extension}`;
  const data = { at, extension };
  later(context, 'login', seat, 1, data);
  later(context, 'answer', seat, 2, data);
  later(context, 'talk', seat, 20, data);
}

function scheduleOwn(context: PeopleContext, at: string, extension: string): void {
  const { breaksPerHour, outboundCallsPerHour } = context.state.config;
  const seat = `${at}/${extension}`;
  const data = { at, extension };
  if (breaksPerHour > 0) {
    later(context, 'break', seat, context.exponential('break', 3600 / breaksPerHour), data);
  }
  if (outboundCallsPerHour > 0) {
    const wait = context.exponential('outbound', 3600 / outboundCallsPerHour);
    later(context, 'outbound', seat, wait, data);
  }
}

function takeBreak(context: PeopleContext, at: string, extension: string): void {
  const index = Math.floor(context.uniform('reason') * BREAK_REASONS.length);
  phone(context, at, extension, { action: 'not ready', reason: BREAK_REASONS[index] });
  const seat = `${at}/${extension}`;
  later(context, 'ready', seat, 60 + context.exponential('break length', 600), { at, extension });
  scheduleOwn(context, at, extension);
}

/** What the switch says to a telephone. */
export function onTelephone(
  context: PeopleContext,
  at: string,
  message: Extract<SwitchToPeople, { extension: string }>,
): void {
  const { config, plans } = context.state;
  const { extension, call } = message;
  if (isByHand(context, extension)) return;
  const seat = `${at}/${extension}`;
  const data = { at, extension };
  switch (message.type) {
    case 'ringing': {
      const wait = 1 + context.exponential('answer', config.meanAnswerSeconds);
      return later(context, 'answer', seat, wait, data);
    }
    case 'connected':
      context.cancelTimer(`patience ${at}/${call}`);
      return talk(context, at, extension, call);
    case 'busy tone':
      return later(context, 'talk', seat, 3, data);
    case 'cleared':
      for (const what of ['answer', 'talk', 'hold', 'retrieve', 'ask', 'complete', 'data']) {
        context.cancelTimer(`${what} ${seat}`);
      }
      context.cancelTimer(`patience ${at}/${call}`);
      if (message.missed) {
        // Back at the desk after a while.
        return later(context, 'ready', seat, 30 + context.exponential('away', 60), data);
      }
      if (!message.work) return onLeft(context, at, extension);
      plans.delete(extension);
      return later(
        context,
        'ready',
        seat,
        2 + context.exponential('work', config.meanAfterCallSeconds),
        data,
      );
  }
}

/** One of two calls is over: what is left is taken back from hold. */
function onLeft(context: PeopleContext, at: string, extension: string): void {
  const had = context.state.plans.delete(extension);
  if (!had) return;
  const data = { at, extension };
  later(context, 'retrieve', `${at}/${extension}`, 2, data);
  later(context, 'talk', `${at}/${extension}`, 20, data);
}

function talk(context: PeopleContext, at: string, extension: string, call: number): void {
  const { config, plans } = context.state;
  const seat = `${at}/${extension}`;
  const data = { at, extension };
  const plan = plans.get(extension);
  if (plan?.step === 'consulting') {
    return later(context, 'complete', seat, 3 + context.exponential('consult', 20), data);
  }
  const seconds = 10 + context.exponential('talk', config.meanTalkSeconds);
  later(context, 'talk', seat, seconds, data);
  const { transferShare, conferenceShare, holdShare, attachedDataShare } = config;
  if (attachedDataShare > 0 && context.uniform('data share') < attachedDataShare) {
    later(context, 'data', seat, 3 + 5 * context.uniform('data'), { ...data, call });
  }
  const asks = transferShare + conferenceShare + holdShare;
  if (asks === 0) return;
  const pick = context.uniform('plan');
  const moment = 5 + (seconds - 8) * context.uniform('moment');
  if (pick < transferShare + conferenceShare) {
    const kind = pick < transferShare ? 'transfer' : 'conference';
    plans.set(extension, { kind, step: 'joined' });
    later(context, 'ask', seat, moment, data);
  } else if (pick < asks) later(context, 'hold', seat, moment, data);
}

/** Consults a colleague of the same switch. */
function ask(context: PeopleContext, at: string, extension: string): void {
  const { config, plans } = context.state;
  const plan = plans.get(extension);
  if (!plan) return;
  const colleagues = config.agents.filter(
    (agent) => agent.switch === at && agent.extension !== extension,
  );
  if (colleagues.length === 0) return void plans.delete(extension);
  const { extension: number } = colleagues[Math.floor(context.uniform('who') * colleagues.length)];
  context.cancelTimer(`talk ${at}/${extension}`);
  plan.step = 'consulting';
  phone(context, at, extension, { action: 'consult', number });
  // Somebody who does not answer is not waited for.
  later(context, 'talk', `${at}/${extension}`, 25, { at, extension });
}

function completeAsking(context: PeopleContext, at: string, extension: string): void {
  const plan = context.state.plans.get(extension)!;
  plan.step = 'joined';
  const seat = `${at}/${extension}`;
  context.cancelTimer(`talk ${seat}`);
  if (plan.kind === 'transfer') {
    context.state.plans.delete(extension);
    return phone(context, at, extension, { action: 'complete transfer' });
  }
  phone(context, at, extension, { action: 'complete conference' });
  const seconds = 10 + context.exponential('conference', 60);
  later(context, 'talk', seat, seconds, { at, extension });
}

function attachData(context: PeopleContext, at: string, extension: string, call: number): void {
  const result = RESULTS[Math.floor(context.uniform('result') * RESULTS.length)];
  const customer = `C${10_000 + Math.floor(context.uniform('customer') * 90_000)}`;
  desktop(context, at, {
    type: 'RequestUpdateUserData',
    CallID: call,
    ThisDN: extension,
    UserData: new Map([
      ['CUSTOMER_ID', customer],
      ['G_BUSINESS_RESULT', result],
    ]),
  });
}
