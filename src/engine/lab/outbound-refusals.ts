import {
  CAMPAIGN_STATE,
  type CampaignAction,
  DIAL_MODE,
} from '../telephony/outbound/outbound-messages.ts';
import type { OutboundState } from '../telephony/outbound/outbound-state.ts';
import { recordOf } from '../telephony/outbound/previews.ts';
import type { LabCommand, LabError } from './commands.ts';
import type { Lab } from './lab.ts';

/** Why a campaign cannot be loaded, started or stopped just now, or a record not be handled. */

type OutboundCommand = Extract<LabCommand, { verb: 'run-campaign' | 'handle-record' }>;

const { terminated, loaded, started, unloading } = CAMPAIGN_STATE;

/** States in which each action makes sense. */
const STATES: Readonly<Record<CampaignAction, readonly number[]>> = {
  load: [terminated],
  start: [loaded],
  stop: [started],
  unload: [loaded, started],
  mode: [terminated, loaded, started],
};

const WORDS = new Map<number, string>([
  [terminated, 'not loaded'],
  [loaded, 'loaded'],
  [started, 'started'],
  [unloading, 'being unloaded'],
]);

export function outboundRefusal(lab: Lab, command: OutboundCommand): LabError | undefined {
  if (!lab.definition.outbound) {
    const remedy = 'Open a lab with campaigns, such as the shipped lab channels.';
    return refuse('no-outbound', 'This lab has no Outbound Contact Server.', remedy);
  }
  const state = lab.stateOf<OutboundState>('ocs');
  if (!state) {
    return refuse('process-not-running', 'The process ocs is not running.', 'Start ocs first.');
  }
  if (lab.simulation.process('ocs').hung) {
    const remedy = 'Release it: do release-process process=ocs';
    return refuse('process-hangs', 'The process ocs hangs: it obeys nobody.', remedy);
  }
  if (command.verb === 'run-campaign') return campaignRefusal(state, command);
  return recordRefusal(lab, state, command);
}

function campaignRefusal(
  state: OutboundState,
  { campaign: name, action, mode }: Extract<OutboundCommand, { verb: 'run-campaign' }>,
): LabError | undefined {
  const campaign = state.campaigns.get(name);
  if (!campaign) {
    const names = [...state.campaigns.keys()].join(', ');
    return refuse('unknown-campaign', `There is no campaign "${name}".`, `Use one of: ${names}.`);
  }
  if (!STATES[action].includes(campaign.state)) {
    const message = `Campaign ${name} is ${WORDS.get(campaign.state)}: it cannot ${action} now.`;
    const remedy = 'The order is load, start, stop, unload; campaigns lists the states.';
    return refuse('campaign-state', message, remedy);
  }
  if (action !== 'mode' || mode !== undefined) return undefined;
  return refuse('missing-mode', 'A dialing mode is needed.', 'Such as: mode progressive.');
}

function recordRefusal(
  lab: Lab,
  state: OutboundState,
  { extension, action }: Extract<OutboundCommand, { verb: 'handle-record' }>,
): LabError | undefined {
  const own = [...state.campaigns.values()].filter(({ config }) =>
    config.agents.includes(extension),
  );
  if (own.length === 0 || lab.stateOf('people') === undefined) {
    const agents = new Set([...state.campaigns.values()].flatMap(({ config }) => config.agents));
    return refuse(
      'no-campaign-agent',
      `Extension ${extension} works for no campaign.`,
      `Use one of: ${[...agents].join(', ')}.`,
    );
  }
  if (!state.agents.has(extension)) {
    const remedy = `Log in first, such as: phone ${extension} login CODE`;
    return refuse('no-agent', `Extension ${extension} has nobody logged in.`, remedy);
  }
  if (action === 'preview') {
    const { preview } = DIAL_MODE;
    if (own.some((one) => one.state === started && one.dialMode === preview)) return undefined;
    const message = `No campaign of extension ${extension} is started in preview mode.`;
    return refuse(
      'no-preview',
      message,
      'Load one and start it: campaign NAME load, campaign NAME start.',
    );
  }
  if (recordOf(state, extension)) return undefined;
  const message = `Extension ${extension} has no record before it.`;
  return refuse('no-record', message, `Ask for one: record ${extension} preview.`);
}

function refuse(code: string, message: string, remedy: string): LabError {
  return { code, message, remedy, effect: 'none' };
}
