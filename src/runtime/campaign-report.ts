import type { Lab } from '../engine/lab/lab.ts';
import {
  CAMPAIGN_STATE,
  DIAL_MODE,
  DIAL_MODE_NAMES,
  RECORD_STATUS,
} from '../engine/telephony/outbound/outbound-messages.ts';
import type { Campaign, OutboundState } from '../engine/telephony/outbound/outbound-state.ts';

/** The console's word `campaigns`: how far each campaign is, and what waits in its list. */
export function reportCampaigns(lab: Lab): string[] {
  if (!lab.definition.outbound) return ['This lab has no campaigns.'];
  const state = lab.stateOf<OutboundState>('ocs');
  if (!state) return ['The process ocs is not running.'];
  return [...state.campaigns.values()].flatMap((campaign) => [
    reportCampaign(state, campaign),
    ...reportWork(state, campaign),
  ]);
}

const WORDS = new Map<number, string>([
  [CAMPAIGN_STATE.terminated, 'not loaded'],
  [CAMPAIGN_STATE.loaded, 'loaded'],
  [CAMPAIGN_STATE.started, 'started'],
  [CAMPAIGN_STATE.unloading, 'unloading'],
]);

function reportCampaign({ chains }: OutboundState, campaign: Campaign): string {
  const { config, list, dialMode, state } = campaign;
  const mode = DIAL_MODE_NAMES.find((name) => DIAL_MODE[name] === dialMode);
  const statuses = [...list.values()].map(({ status }) => status);
  const count = (status: number) => statuses.filter((one) => one === status).length;
  const held = [...chains.values()].filter((one) => one.campaign === config.name);
  const calls = held.filter(({ attempt }) => attempt !== null).length;
  const [ready, { length: all }] = [count(RECORD_STATUS.ready), statuses];
  const done = all - ready - held.length;
  const words = `${all} contacts: ${ready} ready, ${held.length} held, ${done} done`;
  const told = calls === 1 ? '1 call' : `${calls} calls`;
  return `${config.name} ${WORDS.get(state)}, ${mode}; ${words}; ${told}`;
}

/** Numbers that are called now, or that an agent looks at. */
function reportWork({ chains }: OutboundState, { config }: Campaign): string[] {
  return [...chains.values()]
    .filter(({ campaign }) => campaign === config.name)
    .flatMap(({ records, at, attempt, previewedBy, chain }) => {
      const who = `  ${records[at].phone} of contact ${chain.id}`;
      if (attempt) return [`${who}: ${attempt.phase}${attempt.dn && `, agent at ${attempt.dn}`}`];
      return previewedBy === '' ? [] : [`${who}: shown to the agent at ${previewedBy}`];
    });
}
