import type { Message } from '../../kernel/events.ts';
import type { UserData } from '../messages.ts';
import { CALL_STATE } from '../t-library.ts';
import { keepChain } from './calling-lists.ts';
import { enterChain, tellDesktop, watchTServer } from './campaigns.ts';
import { finishAttempt } from './dialing.ts';
import {
  CAMPAIGN_STATE,
  CHAIN_CAUSE,
  CHAIN_STATE,
  DESKTOP_NEWS,
  GSW,
} from './outbound-messages.ts';
import type { LoadedChain, OutboundContext } from './outbound-state.ts';
import { onDesktopRequest } from './previews.ts';
import { newGuid, tellCall, tellField } from './reports.ts';

/** What T-Server says of the agents of the campaigns, and of the calls that OCS waits for. */

export function onTEvent(context: OutboundContext, tServer: string, event: Message): void {
  if (event.type === 'EventLinkDisconnected') return loseTServer(context, tServer);
  if (event.type === 'EventLinkConnected') return watchTServer(context, tServer);
  if (event.type === 'EventCallDeleted') return onCallDeleted(context, event);
  if (event.type.startsWith('EventCall')) return;
  const dn = String(event['ThisDN'] ?? '');
  if (event.type === 'EventUserEvent') return onDesktopRequest(context, dn, event);
  followAgent(context, dn, event);
  const connId = String(event['ConnID'] ?? '');
  if (connId === '') return;
  const loaded = chainOf(context, dn, connId, event);
  if (loaded?.attempt) followCall(context, loaded, dn, event);
}

function followAgent(context: OutboundContext, dn: string, event: Message): void {
  const { agents } = context.state;
  if (event.type === 'EventRegistered') return onRegistered(context, dn, event);
  if (event.type === 'EventAgentLogin') {
    // One more queue, or a login of its own.
    if (agents.has(dn)) return;
    agents.set(dn, { ready: false, calls: new Set() });
    return welcome(context, dn);
  }
  const agent = agents.get(dn);
  if (!agent) return;
  const connId = String(event['ConnID'] ?? '');
  switch (event.type) {
    case 'EventAgentLogout':
      agents.delete(dn);
      return giveBack(context, dn);
    case 'EventAgentReady':
      agent.ready = true;
      return;
    case 'EventAgentNotReady':
      agent.ready = false;
      return;
    case 'EventRinging':
    case 'EventDialing':
    case 'EventEstablished':
      agent.calls.add(connId);
      return;
    case 'EventPartyChanged':
      agent.calls.delete(String(event['PreviousConnID'] ?? ''));
      agent.calls.add(connId);
      return;
    case 'EventReleased':
    case 'EventAbandoned':
      agent.calls.delete(connId);
  }
}

/** Whoever leaves looks at no record any more. */
function giveBack({ state }: OutboundContext, dn: string): void {
  for (const loaded of state.chains.values()) {
    if (loaded.previewedBy === dn && !loaded.attempt) loaded.previewedBy = '';
  }
}

/** An agent who comes while a campaign is started learns of it. */
function welcome(context: OutboundContext, dn: string): void {
  for (const campaign of context.state.campaigns.values()) {
    const isStarted = campaign.state === CAMPAIGN_STATE.started;
    if (!isStarted || !campaign.config.agents.includes(dn)) continue;
    tellDesktop(context, campaign, dn, DESKTOP_NEWS.started);
  }
}

/** Who is at a DN when OCS registers, and on which calls. */
function onRegistered(context: OutboundContext, dn: string, event: Message): void {
  const { state } = context;
  if (event['AgentID'] === undefined) return void state.agents.delete(dn);
  const isNew = !state.agents.has(dn);
  const extensions = event['Extensions'] as ReadonlyMap<string, string | number> | undefined;
  const calls = [...(extensions ?? [])].filter(([key]) => key.startsWith('conn-'));
  state.agents.set(dn, {
    ready: event['AgentState'] === 'ready',
    calls: new Set(calls.map(([, connId]) => String(connId))),
  });
  if (isNew) welcome(context, dn);
}

/** The chain whose call it is; a call announces itself with the data that OCS gave it. */
function chainOf(
  context: OutboundContext,
  dn: string,
  connId: string,
  event: Message,
): LoadedChain | undefined {
  const { chains, calls } = context.state;
  const known = calls.get(connId);
  if (known !== undefined) return chains.get(known);
  if (event.type !== 'EventDialing') return undefined;
  const data = event['UserData'] as UserData | undefined;
  const loaded = chains.get(String(data?.get(GSW.chain) ?? ''));
  if (!loaded) return undefined;
  const attempt = data?.get(GSW.attempt);
  if (attempt !== undefined) {
    // A consultation carries the data of its call too.
    if (loaded.attempt?.guid !== attempt || loaded.attempt.connId !== '') return undefined;
    loaded.attempt.connId = connId;
  } else if (loaded.previewedBy === dn && loaded.attempt === null) {
    loaded.records[loaded.at].attempts++;
    loaded.attempt = { guid: newGuid(context), connId, phase: 'dialing', dn, result: 0 };
    enterChain(context, loaded, CHAIN_STATE.processing, CHAIN_CAUSE.dialed);
  } else return undefined;
  calls.set(connId, loaded.guid);
  tellCall(context, loaded, String(event['CallUUID']));
  return loaded;
}

function followCall(
  context: OutboundContext,
  loaded: LoadedChain,
  dn: string,
  event: Message,
): void {
  const attempt = loaded.attempt!;
  const { config } = context.state.campaigns.get(loaded.campaign)!;
  const isAgent = config.agents.includes(dn);
  switch (event.type) {
    case 'EventQueued':
      if (attempt.phase !== 'connected') attempt.phase = 'queued';
      return;
    case 'EventRinging':
      if (isAgent && attempt.phase !== 'connected') attempt.phase = 'ringing';
      return;
    case 'EventEstablished':
      if (!isAgent || attempt.phase === 'connected') return;
      attempt.phase = 'connected';
      attempt.dn = dn;
      return;
    case 'EventDestinationBusy':
      attempt.result = CALL_STATE.busy;
      return;
    case 'EventAttachedDataChanged':
      return onData(context, loaded, event['UserData'] as UserData | undefined);
    case 'EventAbandoned':
      return finishAttempt(context, loaded, CALL_STATE.abandoned);
    case 'EventReleased':
      onReleased(context, loaded, dn, Number(event['CallState'] ?? 0));
  }
}

function onReleased(
  context: OutboundContext,
  loaded: LoadedChain,
  dn: string,
  callState: number,
): void {
  const attempt = loaded.attempt!;
  if (attempt.phase === 'connected') {
    if (attempt.dn !== dn) return;
    return finishAttempt(context, loaded, attempt.result || CALL_STATE.answer);
  }
  // A telephone that did not answer: the call is back in its queue.
  if (attempt.phase !== 'dialing') return;
  finishAttempt(context, loaded, attempt.result || callState || CALL_STATE.noAnswer);
}

/** A call is over, however it ended and wherever it had gone. */
function onCallDeleted(context: OutboundContext, event: Message): void {
  const { agents, calls, chains } = context.state;
  const connId = String(event['ConnID'] ?? '');
  for (const agent of agents.values()) agent.calls.delete(connId);
  const loaded = chains.get(calls.get(connId) ?? '');
  if (!loaded?.attempt) return void calls.delete(connId);
  const { phase, result } = loaded.attempt;
  const isAnswered = phase === 'connected';
  const otherwise = isAnswered ? CALL_STATE.answer : CALL_STATE.dropped;
  finishAttempt(context, loaded, result || otherwise);
}

/** Desktops change fields, and the result, by the data of the call. */
function onData(context: OutboundContext, loaded: LoadedChain, data: UserData | undefined): void {
  if (!data) return;
  const { config } = context.state.campaigns.get(loaded.campaign)!;
  const result = Number(data.get(GSW.result) ?? 0);
  if (Number.isInteger(result) && result > 0) loaded.attempt!.result = result;
  for (const field of config.fields) {
    const value = data.get(field.name);
    const before = loaded.chain.fields[field.name];
    if (value === undefined || String(value) === before) continue;
    loaded.chain.fields = { ...loaded.chain.fields, [field.name]: String(value) };
    keepChain(context, loaded.campaign, loaded.chain);
    tellField(context, loaded, field, before);
  }
}

/** A T-Server is gone: nobody tells any more what comes of its calls. */
export function loseTServer(context: OutboundContext, tServer: string): void {
  const { campaigns, chains, agents } = context.state;
  for (const loaded of [...chains.values()]) {
    const { config } = campaigns.get(loaded.campaign)!;
    if (config.tServer !== tServer || !loaded.attempt) continue;
    const isAnswered = loaded.attempt.phase === 'connected';
    finishAttempt(context, loaded, isAnswered ? CALL_STATE.answer : CALL_STATE.systemError);
  }
  for (const { config } of campaigns.values()) {
    if (config.tServer !== tServer) continue;
    for (const dn of config.agents) {
      agents.delete(dn);
      giveBack(context, dn);
    }
  }
}
