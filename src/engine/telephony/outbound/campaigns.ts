import { SECOND_US } from '../../kernel/lab-time.ts';
import { T_SERVER_PORT } from '../messages.ts';
import { nextHost } from '../t-server-hosts.ts';
import { keepChain, queueChain, takeDue } from './calling-lists.ts';
import {
  CAMPAIGN_CAUSE,
  CAMPAIGN_STATE,
  type CampaignAction,
  CHAIN_CAUSE,
  CHAIN_STATE,
  DESKTOP_NEWS,
  DIAL_MODE,
  DIAL_MODE_NAMES,
  type DialModeName,
  GSW,
  RECORD_STATUS,
  RECORD_TYPE,
} from './outbound-messages.ts';
import type { Campaign, LoadedChain, OutboundContext } from './outbound-state.ts';
import {
  newGuid,
  nowSeconds,
  tellCampaign,
  tellChain,
  tellFields,
  tellMetric,
  tellMode,
} from './reports.ts';

/** Campaigns are loaded, dialed, stopped and unloaded; chains come from their lists and go back. */

/** Emulator choice: so many chains are held ready in memory, for each agent of the group. */
const BUFFERED_PER_AGENT = 2;
export const PACE_US = SECOND_US;

export function runCampaign(
  context: OutboundContext,
  campaign: Campaign,
  action: CampaignAction,
  mode: DialModeName | undefined,
  cause: number = CAMPAIGN_CAUSE.operator,
): void {
  switch (action) {
    case 'load':
      return load(context, campaign, cause);
    case 'start':
      return start(context, campaign, cause);
    case 'stop':
      return stop(context, campaign, cause);
    case 'unload':
      return unload(context, campaign, cause);
    case 'mode':
      if (mode) changeMode(context, campaign, DIAL_MODE[mode]);
  }
}

function enter(context: OutboundContext, campaign: Campaign, state: number, cause: number): void {
  const before = campaign.state;
  campaign.state = state;
  tellCampaign(context, campaign, before, cause);
}

function load(context: OutboundContext, campaign: Campaign, cause: number): void {
  if (campaign.state !== CAMPAIGN_STATE.terminated) return;
  campaign.sessionId = newGuid(context);
  campaign.sequence = 0;
  campaign.modeSinceSeconds = nowSeconds(context);
  enter(context, campaign, CAMPAIGN_STATE.loaded, cause);
  tellMetric(context, campaign, 'campaignActivated');
  fillBuffer(context, campaign);
}

function start(context: OutboundContext, campaign: Campaign, cause: number): void {
  if (campaign.state !== CAMPAIGN_STATE.loaded) return;
  enter(context, campaign, CAMPAIGN_STATE.started, cause);
  tellMetric(context, campaign, 'dialingStarted');
  tellDesktops(context, campaign, DESKTOP_NEWS.started);
  context.setTimer(`pace ${campaign.config.name}`, PACE_US);
}

function stop(context: OutboundContext, campaign: Campaign, cause: number): void {
  if (campaign.state !== CAMPAIGN_STATE.started) return;
  context.cancelTimer(`pace ${campaign.config.name}`);
  enter(context, campaign, CAMPAIGN_STATE.loaded, cause);
  tellMetric(context, campaign, 'dialingStopped');
  tellDesktops(context, campaign, DESKTOP_NEWS.stopped);
}

/** Chains that nobody works on go back; those in work end first: the session is unloading. */
function unload(context: OutboundContext, campaign: Campaign, cause: number): void {
  if (campaign.state === CAMPAIGN_STATE.started) stop(context, campaign, cause);
  if (campaign.state !== CAMPAIGN_STATE.loaded) return;
  enter(context, campaign, CAMPAIGN_STATE.unloading, cause);
  for (const loaded of chainsOf(context, campaign)) {
    if (!loaded.attempt) returnChain(context, loaded, CHAIN_CAUSE.returned);
  }
  endIfEmpty(context, campaign);
}

/** The last chain of a session that is unloading has gone. */
export function endIfEmpty(context: OutboundContext, campaign: Campaign): void {
  if (campaign.state !== CAMPAIGN_STATE.unloading) return;
  if (chainsOf(context, campaign).length > 0) return;
  enter(context, campaign, CAMPAIGN_STATE.terminated, CAMPAIGN_CAUSE.operator);
  tellMetric(context, campaign, 'campaignDeactivated');
  campaign.sessionId = '';
}

function changeMode(context: OutboundContext, campaign: Campaign, mode: number): void {
  const before = campaign.dialMode;
  if (before === mode) return;
  campaign.dialMode = mode;
  if (campaign.sessionId === '') return;
  tellMode(context, campaign, before);
  tellMetric(context, campaign, 'modeChanged', { value: mode });
  campaign.modeSinceSeconds = nowSeconds(context);
  if (campaign.state !== CAMPAIGN_STATE.started) return;
  tellDesktops(context, campaign, DESKTOP_NEWS.started);
}

export function chainsOf({ state }: OutboundContext, { config }: Campaign): LoadedChain[] {
  return [...state.chains.values()].filter(({ campaign }) => campaign === config.name);
}

/** Chains that are held ready and not with anybody; what was promised comes first. */
export function readyChains(context: OutboundContext, campaign: Campaign): LoadedChain[] {
  const ready = chainsOf(context, campaign).filter(
    ({ attempt, previewedBy }) => attempt === null && previewedBy === '',
  );
  const isPromised = ({ chain }: LoadedChain) => chain.type === RECORD_TYPE.personalCallback;
  return [...ready.filter(isPromised), ...ready.filter((one) => !isPromised(one))];
}

export function fillBuffer(context: OutboundContext, campaign: Campaign): void {
  const wanted = campaign.config.agents.length * BUFFERED_PER_AGENT;
  for (let held = readyChains(context, campaign).length; held < wanted; held++) {
    const chain = takeDue(campaign, nowSeconds(context));
    if (!chain) return;
    const { state } = context;
    chain.status = RECORD_STATUS.retrieved;
    keepChain(context, campaign.config.name, chain);
    const loaded: LoadedChain = {
      guid: newGuid(context),
      campaign: campaign.config.name,
      chain,
      state: CHAIN_STATE.scheduled,
      sequence: 0,
      records: chain.phones.map((phone) => ({ handle: state.nextHandle++, phone, attempts: 0 })),
      at: 0,
      attempt: null,
      previewedBy: '',
      callbackSeconds: 0,
      fieldsSince: new Map(),
      loadedSeconds: nowSeconds(context),
    };
    state.chains.set(loaded.guid, loaded);
    tellChain(context, loaded, CHAIN_STATE.null, CHAIN_CAUSE.loaded);
    tellFields(context, loaded);
  }
}

export function enterChain(
  context: OutboundContext,
  loaded: LoadedChain,
  state: number,
  cause: number,
): void {
  const before = loaded.state;
  loaded.state = state;
  tellChain(context, loaded, before, cause);
}

/** Out of memory, back to the list: to be called again, or never more. */
export function returnChain(
  context: OutboundContext,
  loaded: LoadedChain,
  cause: number,
  status: number = RECORD_STATUS.ready,
): void {
  const { state } = context;
  const campaign = state.campaigns.get(loaded.campaign)!;
  loaded.chain.status = status;
  if (status === RECORD_STATUS.ready) queueChain(campaign, loaded.chain);
  keepChain(context, loaded.campaign, loaded.chain);
  enterChain(context, loaded, CHAIN_STATE.null, cause);
  state.chains.delete(loaded.guid);
  endIfEmpty(context, campaign);
}

/** Desktops of the group learn whether there is something to do, and in which mode. */
export function tellDesktops(context: OutboundContext, campaign: Campaign, news: string): void {
  for (const dn of campaign.config.agents) {
    if (context.state.agents.has(dn)) tellDesktop(context, campaign, dn, news);
  }
}

export function tellDesktop(
  context: OutboundContext,
  { config, dialMode }: Campaign,
  dn: string,
  news: string,
  more: readonly (readonly [string, string | number])[] = [],
): void {
  const mode = DIAL_MODE_NAMES.find((name) => DIAL_MODE[name] === dialMode)!;
  const named = [
    [GSW.answer, news],
    [GSW.campaign, config.name],
    [GSW.mode, mode],
  ] as const;
  const UserData = new Map<string, string | number>([...named, ...more]);
  ask(context, config.tServer, { type: 'RequestSendUserEvent', ThisDN: dn, UserData });
}

/** A request to a T-Server; false while there is no session with it. */
export function ask(
  context: OutboundContext,
  tServer: string,
  request: Parameters<OutboundContext['send']>[1],
): boolean {
  const link = context.state.links.get(tServer);
  return link?.open === true && context.send(link.session, request);
}

/** OCS hears of its queues and agents, and of the end of every call. */
export function watchTServer(context: OutboundContext, name: string): void {
  const dns = new Set<string>();
  for (const { config } of context.state.campaigns.values()) {
    if (config.tServer === name) for (const dn of [config.origin, ...config.agents]) dns.add(dn);
  }
  if (dns.size === 0) return;
  ask(context, name, { type: 'RequestStartCallMonitoring' });
  for (const dn of dns) ask(context, name, { type: 'RequestRegisterAddress', ThisDN: dn });
}

export function connectTServer(context: OutboundContext, name: string): void {
  const { config, links } = context.state;
  const { hosts } = config.tServers.find((one) => one.name === name)!;
  const host = nextHost(hosts, links.get(name)?.host);
  const session = context.connect({ host, port: T_SERVER_PORT, network: 'public' });
  links.set(name, { host, session, open: false });
}
