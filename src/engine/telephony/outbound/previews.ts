import type { Message } from '../../kernel/events.ts';
import type { UserData } from '../messages.ts';
import { CALL_STATE } from '../t-library.ts';
import { fillBuffer, readyChains, tellDesktop } from './campaigns.ts';
import { callData, processChain, reschedule } from './dialing.ts';
import {
  CAMPAIGN_STATE,
  DESKTOP_NEWS,
  DIAL_MODE,
  GSW,
  RECORD_REQUESTS,
  RECORD_STATUS,
  RECORD_TYPE,
} from './outbound-messages.ts';
import type { Campaign, LoadedChain, OutboundContext, OutboundState } from './outbound-state.ts';
import { nowSeconds, tellMetric } from './reports.ts';

/** What desktops ask of OCS: a record to look at, and what shall become of it. */

export function onDesktopRequest(context: OutboundContext, dn: string, event: Message): void {
  const data = event['UserData'] as UserData | undefined;
  const request = data?.get(GSW.request);
  if (request === undefined) return;
  const loaded = recordOf(context.state, dn);
  const campaign = campaignOf(context, dn, loaded);
  if (!campaign) return;
  if (request === RECORD_REQUESTS.preview) return preview(context, campaign, dn);
  if (!loaded) return tellDesktop(context, campaign, dn, DESKTOP_NEWS.noRecord);
  const isInCall = loaded.attempt !== null;
  switch (request) {
    case RECORD_REQUESTS.reject:
      if (!isInCall) loaded.previewedBy = '';
      break;
    case RECORD_REQUESTS.reschedule:
      putOff(context, campaign, loaded, Number(data?.get(GSW.moment)));
      break;
    case RECORD_REQUESTS.cancel:
      setResult(context, loaded, CALL_STATE.cancel, RECORD_STATUS.cancelled);
      break;
    case RECORD_REQUESTS['do not call']:
      setResult(context, loaded, CALL_STATE.doNotCall, RECORD_STATUS.updated);
  }
  tellDesktop(context, campaign, dn, DESKTOP_NEWS.done);
}

/** The campaign of the agent's record; without one, a campaign that offers previews. */
function campaignOf(
  { state }: OutboundContext,
  dn: string,
  loaded: LoadedChain | undefined,
): Campaign | undefined {
  if (loaded) return state.campaigns.get(loaded.campaign);
  const own = [...state.campaigns.values()].filter(({ config }) => config.agents.includes(dn));
  return own.find(offersPreviews) ?? own[0];
}

function offersPreviews({ state, dialMode }: Campaign): boolean {
  return state === CAMPAIGN_STATE.started && dialMode === DIAL_MODE.preview;
}

/** The record that an agent looks at or talks about. */
export function recordOf({ chains }: OutboundState, dn: string): LoadedChain | undefined {
  for (const loaded of chains.values()) {
    if (loaded.previewedBy === dn || loaded.attempt?.dn === dn) return loaded;
  }
  return undefined;
}

/** An agent gets one record at a time; who asks again sees the same. */
function preview(context: OutboundContext, campaign: Campaign, dn: string): void {
  if (!offersPreviews(campaign)) {
    return tellDesktop(context, campaign, dn, DESKTOP_NEWS.noRecord);
  }
  if (!context.state.agents.has(dn)) return;
  fillBuffer(context, campaign);
  const loaded = recordOf(context.state, dn) ?? readyChains(context, campaign)[0];
  if (!loaded) return tellDesktop(context, campaign, dn, DESKTOP_NEWS.noRecord);
  loaded.previewedBy = dn;
  tellDesktop(context, campaign, dn, DESKTOP_NEWS.record, callData(campaign, loaded));
}

/** A callback: now if nobody talks, else when the call is over its record is put off. */
function putOff(
  context: OutboundContext,
  campaign: Campaign,
  loaded: LoadedChain,
  dueSeconds: number,
): void {
  const due = Number.isFinite(dueSeconds) ? dueSeconds : nowSeconds(context);
  tellMetric(context, campaign, 'callbackScheduled', { chain: loaded, value: due });
  loaded.callbackSeconds = due;
  if (loaded.attempt) {
    // The last word counts: what was said of the result before is taken back.
    loaded.attempt.result = 0;
    return;
  }
  loaded.previewedBy = '';
  reschedule(context, loaded, due, RECORD_TYPE.personalCallback);
}

function setResult(
  context: OutboundContext,
  loaded: LoadedChain,
  result: number,
  status: number,
): void {
  loaded.callbackSeconds = 0;
  if (loaded.attempt) {
    loaded.attempt.result = result;
    return;
  }
  loaded.previewedBy = '';
  loaded.chain.result = result;
  processChain(context, loaded, status);
}
