import type { PlainData } from '../../kernel/plain-data.ts';
import { formatUuid } from '../identifiers.ts';
import { CAMPAIGN_STATE, CHAIN_STATE, METRIC, type OutboundEvent } from './outbound-messages.ts';
import type { Campaign, LoadedChain, OutboundContext } from './outbound-state.ts';

/** What ICON hears of campaigns and chains. */

type Attributes = Readonly<Record<string, PlainData>>;

export function newGuid({ state }: OutboundContext): string {
  return formatUuid(state.uuidPrefix, state.nextUuid++);
}

export function nowSeconds(context: OutboundContext): number {
  return Math.floor(context.utcSeconds);
}

function tell(context: OutboundContext, type: OutboundEvent['type'], body: Attributes): void {
  for (const session of context.state.clients) tellOne(context, session, type, body);
}

function tellOne(
  context: OutboundContext,
  session: number,
  type: OutboundEvent['type'],
  body: Attributes,
): void {
  const Server = context.state.config.name;
  context.send(session, { type, TimeinSecs: nowSeconds(context), Server, ...body });
}

/** The session of a campaign goes on to another state. */
export function tellCampaign(
  context: OutboundContext,
  campaign: Campaign,
  previousState: number,
  cause: number,
): void {
  const PreviousState = previousState;
  tell(context, 'OutboundCampaign', { ...campaignBody(campaign), PreviousState, Cause: cause });
}

function campaignBody(campaign: Campaign): Attributes {
  const { config, sessionId, state, dialMode } = campaign;
  return {
    SessionID: sessionId,
    CampaignID: config.dbid,
    GroupID: config.groupDbid,
    State: state,
    Sequence: ++campaign.sequence,
    DialMode: dialMode,
    OptimizationMode: config.optimization,
    OptimizationValue: config.goal,
  };
}

/** Another dialing mode, and since when there was the one before. */
export function tellMode(context: OutboundContext, campaign: Campaign, previous: number): void {
  const { config, sessionId, dialMode, modeSinceSeconds } = campaign;
  tell(context, 'OutboundCampaignProperties', {
    SessionID: sessionId,
    Sequence: ++campaign.sequence,
    DialMode: dialMode,
    PreviousDialMode: previous,
    PreviousSince: modeSinceSeconds,
    OptimizationMode: config.optimization,
    OptimizationValue: config.goal,
  });
}

export function tellChain(
  context: OutboundContext,
  loaded: LoadedChain,
  previousState: number,
  cause: number,
): void {
  const body = { PreviousState: previousState, Cause: cause };
  tell(context, 'OutboundChain', { ...chainBody(context, loaded), ...body });
}

function chainBody(context: OutboundContext, loaded: LoadedChain): Attributes {
  const { config, sessionId } = context.state.campaigns.get(loaded.campaign)!;
  const { chain, records, at, attempt, guid, state } = loaded;
  return {
    SessionID: sessionId,
    CampaignID: config.dbid,
    GroupID: config.groupDbid,
    ListID: config.listDbid,
    ChainGUID: guid,
    ChainID: chain.id,
    RecordHandle: records[Math.min(at, records.length - 1)].handle,
    RecordType: chain.type,
    State: state,
    Sequence: ++loaded.sequence,
    ...(attempt && { CallAttemptID: attempt.guid }),
    ...(state !== CHAIN_STATE.scheduled && chain.result > 0 && { CallResult: chain.result }),
  };
}

/** The values of a chain's fields when it is loaded, for each of its records. */
export function tellFields(context: OutboundContext, loaded: LoadedChain): void {
  const { config } = context.state.campaigns.get(loaded.campaign)!;
  for (const { handle } of loaded.records) {
    for (const { name, dbid } of config.fields) {
      const value = loaded.chain.fields[name];
      if (value === undefined) continue;
      tell(context, 'OutboundField', {
        ChainGUID: loaded.guid,
        RecordHandle: handle,
        FieldID: dbid,
        Value: value,
        Sequence: loaded.sequence,
      });
    }
  }
}

export function tellField(
  context: OutboundContext,
  loaded: LoadedChain,
  field: { readonly name: string; readonly dbid: number },
  before: string | undefined,
): void {
  const since = loaded.fieldsSince.get(field.name) ?? loaded.loadedSeconds;
  loaded.fieldsSince.set(field.name, nowSeconds(context));
  tell(context, 'OutboundField', {
    ChainGUID: loaded.guid,
    RecordHandle: loaded.records[loaded.at].handle,
    FieldID: field.dbid,
    Value: loaded.chain.fields[field.name],
    ...(before !== undefined && { OldValue: before }),
    PreviousSince: since,
    Sequence: ++loaded.sequence,
  });
}

export function tellCall(context: OutboundContext, loaded: LoadedChain, callUuid: string): void {
  tell(context, 'OutboundCall', {
    ChainGUID: loaded.guid,
    CallAttemptID: loaded.attempt!.guid,
    CallUUID: callUuid,
  });
}

/** What came of the number that was called last. */
export function tellRecord(
  context: OutboundContext,
  loaded: LoadedChain,
  result: number,
  status: number,
): void {
  const { handle, phone, attempts } = loaded.records[loaded.at];
  tell(context, 'OutboundRecord', {
    ChainGUID: loaded.guid,
    RecordHandle: handle,
    Phone: phone,
    RecordStatus: status,
    CallResult: result,
    Attempts: attempts,
  });
}

export function tellMetric(
  context: OutboundContext,
  campaign: Campaign,
  metric: keyof typeof METRIC,
  more: { readonly chain?: LoadedChain; readonly value?: number } = {},
): void {
  const { chain, value = 1 } = more;
  tell(context, 'OutboundMetric', {
    SessionID: campaign.sessionId,
    ...(chain && { ChainGUID: chain.guid }),
    ...(chain?.attempt && { CallAttemptID: chain.attempt.guid }),
    MetricID: METRIC[metric],
    Value: value,
  });
}

/** Who connects learns what there is: campaigns that are loaded, and chains in work. */
export function tellAll(context: OutboundContext, session: number): void {
  const { campaigns, chains } = context.state;
  const Snapshot = true;
  for (const campaign of campaigns.values()) {
    if (campaign.sessionId === '') continue;
    const body = { ...campaignBody(campaign), Snapshot };
    tellOne(context, session, 'OutboundCampaign', body);
    const isStarted = campaign.state === CAMPAIGN_STATE.started;
    tellOne(context, session, 'OutboundMetric', {
      SessionID: campaign.sessionId,
      MetricID: isStarted ? METRIC.dialingStarted : METRIC.campaignActivated,
      Value: 1,
      Snapshot,
    });
  }
  for (const loaded of chains.values()) {
    tellOne(context, session, 'OutboundChain', { ...chainBody(context, loaded), Snapshot });
  }
  tellOne(context, session, 'OutboundSnapshotEnd', {});
}
