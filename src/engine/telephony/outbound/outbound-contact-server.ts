import { createKeptFile } from '../../kernel/kept-map.ts';
import { SECOND_US } from '../../kernel/lab-time.ts';
import type { Behaviour } from '../../kernel/process.ts';
import { createUuidPrefix } from '../identifiers.ts';
import { openCallingLists } from './calling-lists.ts';
import { connectTServer, runCampaign, watchTServer } from './campaigns.ts';
import { onLostAttempt, pace } from './dialing.ts';
import {
  CAMPAIGN_CAUSE,
  CAMPAIGN_STATE,
  type CampaignAction,
  type DialModeName,
  OUTBOUND_PORT,
} from './outbound-messages.ts';
import type { OutboundConfig, OutboundContext, OutboundState } from './outbound-state.ts';
import { tellAll } from './reports.ts';
import { loseTServer, onTEvent } from './t-events.ts';

const RETRY_US = 2 * SECOND_US;

/** The Outbound Contact Server: has the numbers of its calling lists called. */
export const outboundContactServer: Behaviour<OutboundState> = {
  kind: 'outbound-contact-server',
  create(given) {
    const config = given as OutboundConfig;
    const fresh = () => ({ sessionId: '', sequence: 0, modeSinceSeconds: 0 });
    return {
      config,
      campaigns: new Map(
        config.campaigns.map((one) => [
          one.name,
          {
            config: one,
            state: CAMPAIGN_STATE.terminated,
            dialMode: one.dialMode,
            ...fresh(),
            list: new Map(),
            file: createKeptFile(),
            fresh: [],
            later: [],
            recent: [],
          },
        ]),
      ),
      chains: new Map(),
      calls: new Map(),
      agents: new Map(),
      links: new Map(),
      clients: new Set(),
      uuidPrefix: '',
      nextUuid: 1,
      nextHandle: 1,
    };
  },
  onStart(context) {
    const { state } = context;
    state.uuidPrefix = createUuidPrefix(() => context.uniform('uuid'));
    openCallingLists(context);
    context.listen(OUTBOUND_PORT);
    for (const { name } of state.config.tServers) connectTServer(context, name);
    for (const { config } of state.campaigns.values()) {
      if (config.startSeconds > 0) {
        const wait = config.startSeconds * SECOND_US - context.nowUs;
        context.setTimer(`start ${config.name}`, Math.max(SECOND_US, wait));
      }
    }
  },
  onTimer(context, name) {
    const at = name.indexOf(' ');
    const [what, subject] = [name.slice(0, at), name.slice(at + 1)];
    if (what === 'connect') return connectTServer(context, subject);
    if (what === 'attempt') return onLostAttempt(context, subject);
    const campaign = context.state.campaigns.get(subject)!;
    if (what === 'pace') return pace(context, campaign);
    for (const action of ['load', 'start'] as const) {
      runCampaign(context, campaign, action, undefined, CAMPAIGN_CAUSE.schedule);
    }
  },
  onAccepted(context, { session }) {
    context.state.clients.add(session);
    tellAll(context, session);
  },
  onOpened(context, { session }) {
    const name = tServerOf(context, session);
    if (name === undefined) return;
    context.state.links.get(name)!.open = true;
    watchTServer(context, name);
  },
  onClosed(context, session) {
    const { state } = context;
    if (state.clients.delete(session)) return;
    const name = tServerOf(context, session);
    if (name === undefined) return;
    state.links.get(name)!.open = false;
    loseTServer(context, name);
    context.setTimer(`connect ${name}`, RETRY_US);
  },
  onMessage(context, { session, message }) {
    const name = tServerOf(context, session);
    if (name !== undefined) onTEvent(context, name, message);
  },
  onCommand(context, command) {
    const { campaign, action, mode } = command as unknown as {
      campaign: string;
      action: CampaignAction;
      mode?: DialModeName;
    };
    runCampaign(context, context.state.campaigns.get(campaign)!, action, mode);
  },
};

function tServerOf({ state }: OutboundContext, session: number): string | undefined {
  for (const [name, link] of state.links) if (link.session === session) return name;
  return undefined;
}
