import { SECOND_US } from '../../kernel/lab-time.ts';
import { CALL_STATE } from '../t-library.ts';
import {
  ask,
  chainsOf,
  enterChain,
  fillBuffer,
  PACE_US,
  readyChains,
  returnChain,
} from './campaigns.ts';
import {
  CAMPAIGN_STATE,
  CHAIN_CAUSE,
  CHAIN_STATE,
  DIAL_MODE,
  GSW,
  OPTIMIZATION,
  RECORD_STATUS,
  RECORD_TYPE,
} from './outbound-messages.ts';
import { type Campaign, isFree, type LoadedChain, type OutboundContext } from './outbound-state.ts';
import { newGuid, nowSeconds, tellMetric, tellRecord } from './reports.ts';

/** Calls that OCS has made, how many at a time, and what comes of them. */

/** Emulator choice: attempts that the predictive pace looks back on, and its bounds. */
const RECENT_ATTEMPTS = 60;
const MAX_OVERDIAL = 3;
/** What T-Server does not answer after the time that a number may ring is lost. */
const LOST_AFTER_US = 15 * SECOND_US;

/** Once a second while a campaign is started: as many calls as there are agents to take them. */
export function pace(context: OutboundContext, campaign: Campaign): void {
  if (campaign.state !== CAMPAIGN_STATE.started) return;
  context.setTimer(`pace ${campaign.config.name}`, PACE_US);
  fillBuffer(context, campaign);
  if (campaign.dialMode === DIAL_MODE.preview) return;
  const { agents } = context.state;
  const free = campaign.config.agents.filter((dn) => isFree(agents.get(dn))).length;
  const inTheAir = chainsOf(context, campaign).filter(
    ({ attempt }) => attempt?.phase === 'dialing' || attempt?.phase === 'queued',
  ).length;
  const wanted = Math.floor(free * overdial(context, campaign)) - inTheAir;
  for (const loaded of readyChains(context, campaign).slice(0, Math.max(0, wanted))) {
    dial(context, campaign, loaded);
  }
}

/** Calls for each free agent: one, or more in predictive mode while few are answered. */
function overdial(context: OutboundContext, campaign: Campaign): number {
  const { recent, config, dialMode } = campaign;
  if (dialMode !== DIAL_MODE.predictive || recent.length < 10) return 1;
  const answered = recent.filter((result) => result === CALL_STATE.answer).length;
  const abandoned = recent.filter((result) => result === CALL_STATE.abandoned).length;
  const people = answered + abandoned;
  if (config.optimization === OPTIMIZATION.overdialRate) {
    if (people > 0 && (100 * abandoned) / people > config.goal) return 1;
  } else {
    const logged = config.agents.filter((dn) => context.state.agents.has(dn));
    const busy = logged.filter((dn) => context.state.agents.get(dn)!.calls.size > 0);
    if (logged.length > 0 && (100 * busy.length) / logged.length > config.goal) return 1;
  }
  return Math.min(MAX_OVERDIAL, people > 0 ? recent.length / people : MAX_OVERDIAL);
}

/** Predictive and progressive: T-Server makes the call, and an agent gets it when answered. */
function dial(context: OutboundContext, campaign: Campaign, loaded: LoadedChain): void {
  const { config } = campaign;
  const record = loaded.records[loaded.at];
  const guid = newGuid(context);
  const UserData = new Map<string, string | number>([
    ...callData(campaign, loaded),
    [GSW.attempt, guid],
  ]);
  const asked = ask(context, config.tServer, {
    type: 'RequestMakePredictiveCall',
    ThisDN: config.origin,
    OtherDN: record.phone,
    Timeout: config.answerSeconds,
    UserData,
  });
  if (!asked) return;
  loaded.attempt = { guid, connId: '', phase: 'dialing', dn: '', result: 0 };
  record.attempts++;
  enterChain(context, loaded, CHAIN_STATE.processing, CHAIN_CAUSE.dialed);
  const wait = config.answerSeconds * SECOND_US + LOST_AFTER_US;
  context.setTimer(`attempt ${loaded.guid}`, wait);
}

/** What a call of a campaign carries, and the fields of the record that is called. */
export function callData(
  { config }: Campaign,
  { chain, records, at, guid }: LoadedChain,
): readonly (readonly [string, string | number])[] {
  return [
    [GSW.campaign, config.name],
    [GSW.chain, guid],
    [GSW.handle, records[at].handle],
    [GSW.phone, records[at].phone],
    ...Object.entries(chain.fields),
  ];
}

/** Nothing was heard of a call that T-Server was asked for. */
export function onLostAttempt(context: OutboundContext, guid: string): void {
  const loaded = context.state.chains.get(guid);
  if (loaded?.attempt?.phase === 'dialing') {
    finishAttempt(context, loaded, CALL_STATE.dialError);
  }
}

const { answer, wrongParty, wrongNumber, doNotCall, cancel } = CALL_STATE;
/** Results after which a contact is called again only if that was promised, or never. */
const FINAL: readonly number[] = [answer, wrongParty, wrongNumber];
const NEVER_AGAIN: readonly number[] = [doNotCall, cancel];

/** The call is over. What follows depends on its result. */
export function finishAttempt(context: OutboundContext, loaded: LoadedChain, result: number): void {
  const { state } = context;
  const campaign = state.campaigns.get(loaded.campaign)!;
  const { recent } = campaign;
  context.cancelTimer(`attempt ${loaded.guid}`);
  state.calls.delete(loaded.attempt!.connId);
  loaded.chain.result = result;
  recent.push(result);
  if (recent.length > RECENT_ATTEMPTS) recent.shift();
  const next = whatFollows(campaign, loaded, result);
  tellMetric(context, campaign, 'callCompleted', { chain: loaded, value: result });
  tellRecord(context, loaded, result, next === 'nothing' ? updated : ready);
  loaded.previewedBy = '';
  if (loaded.chain.type === RECORD_TYPE.personalCallback && result === CALL_STATE.answer) {
    tellMetric(context, campaign, 'callbackCompleted', { chain: loaded });
  }
  if (next === 'nothing') return processChain(context, loaded);
  if (next === 'callback') {
    return reschedule(context, loaded, loaded.callbackSeconds, RECORD_TYPE.personalCallback);
  }
  if (next === 'another number') return tryNextNumber(context, campaign, loaded);
  loaded.chain.attempts++;
  const dueSeconds = nowSeconds(context) + campaign.config.retrySeconds;
  tellMetric(context, campaign, 'recordScheduled', { chain: loaded, value: dueSeconds });
  reschedule(context, loaded, dueSeconds);
}

const { updated, ready } = RECORD_STATUS;

type Outcome = 'nothing' | 'callback' | 'another number' | 'another attempt';

/** Who shall not be called, or has cancelled, is not called back either. */
function whatFollows({ config }: Campaign, loaded: LoadedChain, result: number): Outcome {
  if (NEVER_AGAIN.includes(result)) return 'nothing';
  if (loaded.callbackSeconds > 0) return 'callback';
  if (FINAL.includes(result)) return 'nothing';
  if (loaded.at + 1 < loaded.records.length) return 'another number';
  const isHopeless = result === CALL_STATE.sitInvalidNumber;
  const isLast = loaded.chain.attempts + 1 >= config.attempts;
  return isHopeless || isLast ? 'nothing' : 'another attempt';
}

function tryNextNumber(context: OutboundContext, campaign: Campaign, loaded: LoadedChain): void {
  loaded.attempt = null;
  loaded.at++;
  enterChain(context, loaded, CHAIN_STATE.scheduled, CHAIN_CAUSE.result);
  if (campaign.state === CAMPAIGN_STATE.unloading) {
    returnChain(context, loaded, CHAIN_CAUSE.returned);
  }
}

/** Called again later, as another attempt of the chain with a GUID of its own. */
export function reschedule(
  context: OutboundContext,
  loaded: LoadedChain,
  dueSeconds: number,
  type: number = RECORD_TYPE.campaignRescheduled,
): void {
  loaded.chain.type = type;
  loaded.chain.dueSeconds = dueSeconds;
  loaded.attempt = null;
  returnChain(context, loaded, CHAIN_CAUSE.rescheduled);
}

/** Nobody calls this contact again. */
export function processChain(
  context: OutboundContext,
  loaded: LoadedChain,
  status: number = RECORD_STATUS.updated,
): void {
  const campaign = context.state.campaigns.get(loaded.campaign)!;
  loaded.chain.status = status;
  if (loaded.chain.result === CALL_STATE.doNotCall) loaded.chain.type = RECORD_TYPE.noCall;
  enterChain(context, loaded, CHAIN_STATE.processed, CHAIN_CAUSE.result);
  tellMetric(context, campaign, 'leadProcessed', { chain: loaded });
  loaded.attempt = null;
  returnChain(context, loaded, CHAIN_CAUSE.result, status);
}
