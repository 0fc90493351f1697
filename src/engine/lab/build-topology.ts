import type { NetworkState } from '../kernel/network.ts';
import type { Topology } from '../kernel/world.ts';
import type { InteractionServerConfig } from '../telephony/interaction-server/interaction-server-state.ts';
import type { CampaignConfig, OutboundConfig } from '../telephony/outbound/outbound-state.ts';
import type { MediaConfig } from '../telephony/people/people-state.ts';
import { iconSections, type ObjectBuilder, placeNameOf } from './build-objects.ts';
import { campaignNumbers } from './build-outbound.ts';
import type { LabDefinition, NetworkDefinition, SiteDefinition } from './definition.ts';
import { type IconPlace, iconPlaces } from './icons.ts';
import {
  backupTServerProcess,
  buildNodes,
  CENTRAL_CONTROLLER_HOST,
  nodeProcesses,
  switchProcess,
  tServerHosts,
  tServerProcess,
} from './nodes.ts';
import { registryEntries } from './registry.ts';

type ProcessDefinition = Topology['processes'][number];

/** Hosts, networks and processes of a lab. The name of a host is that of its main process. */
export function buildTopology(lab: LabDefinition, builder: ObjectBuilder): Topology {
  const [first, ...others] = iconPlaces(lab);
  const processes: ProcessDefinition[] = [
    ...buildNodes(lab, builder).flatMap((node) => nodeProcesses(lab, node)),
    ...lab.sites.flatMap((site) => siteProcesses(lab, builder, site)),
    ...networkIcmProcesses(lab),
    configurationProcess(builder),
    ...iconProcesses(lab, builder, first),
    ...outboundProcesses(lab, builder),
    ...multimediaProcesses(lab),
    peopleProcess(lab),
    agentProcess(first),
    ...others.flatMap((place) => [...iconProcesses(lab, builder, place), agentProcess(place)]),
    ...lab.sites.flatMap((site) => backupProcesses(builder, site)),
  ];
  const hosts = [...new Set(processes.map(({ host }) => host))];
  const registry = registryEntries(lab, builder);
  return {
    seed: lab.seed,
    epochSeconds: lab.epochSeconds,
    hosts: hosts.map((name) => ({
      name,
      diskSyncUs: lab.diskSyncUs,
      registry: registry.get(name)?.map(({ path, value }) => [path, value] as const),
    })),
    networks: [network('private', lab.networks.private), network('public', lab.networks.public)],
    processes,
  };
}

function network(name: string, definition: NetworkDefinition): NetworkState {
  return { name, ...definition };
}

function siteProcesses(
  lab: LabDefinition,
  builder: ObjectBuilder,
  site: SiteDefinition,
): ProcessDefinition[] {
  const switchHost = switchProcess(site);
  const tServer = tServerProcess(site);
  const agents = lab.agents.filter((agent) => agent.site === site.name);
  const queues = site.queues.map(({ dn, group, overflow = null }) => ({
    dn,
    overflow,
    members: agents.filter(({ groups }) => groups.includes(group)).map((agent) => agent.extension),
  }));
  const switchConfig = {
    name: site.switch,
    extensions: agents.map(({ extension }) => extension),
    queues,
    routingPoints: [...site.routingPoints.map(({ dn }) => dn), ...site.translationNumbers],
    defaultQueue: site.defaultQueue,
    // Calls leave for another switch by its translation numbers.
    elsewhere: lab.sites
      .filter((other) => other !== site)
      .flatMap((other) => {
        const there = { host: switchProcess(other), location: other.switch };
        return other.translationNumbers.map((dn) => [dn, there] as const);
      }),
  };
  const peerHost = site.backupTServer === undefined ? undefined : backupTServerProcess(site);
  const config = tServerConfig(builder, site, site.tServer);
  return [
    { name: switchHost, kind: 'switch', host: switchHost, config: switchConfig },
    {
      name: tServer,
      kind: 't-server',
      host: tServer,
      config: { ...config, ...(peerHost && { peerHost }) },
    },
  ];
}

function tServerConfig(builder: ObjectBuilder, site: SiteDefinition, name: string) {
  const serverId = builder.dbid('application', name);
  const virtualQueues = site.routingPoints.flatMap(({ dn, virtualQueue }) =>
    virtualQueue === undefined ? [] : [[dn, virtualQueue] as const],
  );
  return { name, serverId, switchHost: switchProcess(site), virtualQueues };
}

/** The other T-Server of a site that has a redundant pair. */
function backupProcesses(builder: ObjectBuilder, site: SiteDefinition): ProcessDefinition[] {
  if (site.backupTServer === undefined) return [];
  const name = backupTServerProcess(site);
  const peerHost = tServerProcess(site);
  const config = { ...tServerConfig(builder, site, site.backupTServer), peerHost, isBackup: true };
  return [{ name, kind: 't-server', host: name, config }];
}

/** The network ICM that asks through the CIC, where the lab has one. */
function networkIcmProcesses({ networkIcm }: LabDefinition): ProcessDefinition[] {
  if (!networkIcm) return [];
  const name = networkIcm.name.toLowerCase();
  const dialedNumbers = networkIcm.dialedNumbers.map(({ dn }) => dn);
  const config = { ...networkIcm, dialedNumbers, hosts: CENTRAL_CONTROLLER_HOST };
  return [{ name, kind: 'nam', host: name, config }];
}

function configurationProcess({ objects }: ObjectBuilder): ProcessDefinition {
  const config = { objects, hosts: CENTRAL_CONTROLLER_HOST };
  return { name: 'confserv', kind: 'configuration-server', host: 'confserv', config };
}

function agentProcess({ agent, host }: IconPlace): ProcessDefinition {
  return { name: agent, kind: 'local-control-agent', host, config: {} };
}

/** An ICON and the RDBMS of its IDB. */
function iconProcesses(
  lab: LabDefinition,
  builder: ObjectBuilder,
  { database, host, name, process }: IconPlace,
): ProcessDefinition[] {
  const { icon, multimedia, outbound } = lab;
  const tServers = lab.sites.map((site) => ({
    name: site.tServer,
    dbid: builder.dbid('application', site.tServer),
    switchDbid: builder.dbid('switch', site.switch),
    hosts: tServerHosts(site),
    ...(site.backupTServer !== undefined && {
      backupDbid: builder.dbid('application', site.backupTServer),
    }),
  }));
  const iconConfig = {
    dbid: builder.dbid('application', name),
    configurationHost: 'confserv',
    configurationDbid: builder.dbid('application', 'confserv'),
    databaseHost: database,
    tServers,
    ...(outbound && {
      outboundServer: { dbid: builder.dbid('application', outbound.name), host: 'ocs' },
    }),
    ...(multimedia && {
      interactionServer: {
        name: multimedia.name,
        dbid: builder.dbid('application', multimedia.name),
        host: 'ixn',
        version: multimedia.version,
      },
    }),
    options: iconSections(icon),
  };
  return [
    { name: database, kind: 'rdbms', host: database, config: {} },
    { name: process, kind: 'icon', host, config: iconConfig },
  ];
}

/** The Outbound Contact Server, with what its Application and campaigns say. */
function outboundProcesses(lab: LabDefinition, builder: ObjectBuilder): ProcessDefinition[] {
  const { outbound } = lab;
  if (!outbound) return [];
  const tServers = lab.sites.map((site) => ({ name: site.tServer, hosts: tServerHosts(site) }));
  const campaigns = outbound.campaigns.map((campaign): CampaignConfig => {
    const { name, queue, group, list, attempts } = campaign;
    const site = lab.sites.find(({ queues }) => queues.some(({ dn }) => dn === queue))!;
    return {
      name,
      dbid: builder.dbid('campaign', name),
      groupDbid: builder.dbid('agentGroup', group),
      listDbid: builder.dbid('callingList', list.name),
      tServer: site.tServer,
      origin: queue,
      ...campaignNumbers(campaign),
      goal: campaign.optimization.goal,
      agents: agentsOfGroup(lab, group).map(({ extension }) => extension),
      attempts,
      retrySeconds: campaign.retrySeconds,
      answerSeconds: campaign.answerSeconds,
      startSeconds: campaign.startSeconds,
      fields: list.fields.map((field) => ({
        name: field.name,
        dbid: builder.dbid('field', field.name),
      })),
      contacts: list.contacts,
      generated: list.generated,
    };
  });
  const dbid = builder.dbid('application', outbound.name);
  const config: OutboundConfig = { name: outbound.name, dbid, tServers, campaigns };
  return [{ name: 'ocs', kind: 'outbound-contact-server', host: 'ocs', config }];
}

/** The Interaction Server; strategies offer interactions to the places of their agents. */
function multimediaProcesses(lab: LabDefinition): ProcessDefinition[] {
  const { multimedia } = lab;
  if (!multimedia) return [];
  const { name, version, queues, workbins } = multimedia;
  const strategies = multimedia.strategies.map((strategy) => ({
    name: strategy.name,
    places: agentsOfGroup(lab, strategy.group).map(placeNameOf),
  }));
  const config: InteractionServerConfig = { name, version, queues, strategies, workbins };
  return [{ name: 'ixn', kind: 'interaction-server', host: 'ixn', config }];
}

/** What people need to know of the Interaction Server: who works there, who writes. */
function mediaOf(lab: LabDefinition): MediaConfig | undefined {
  const { multimedia } = lab;
  if (!multimedia) return undefined;
  const groups = multimedia.strategies.map(({ group }) => group);
  const agents = lab.agents.filter((agent) => agent.groups.some((one) => groups.includes(one)));
  return {
    host: 'ixn',
    agents: agents.map((agent) => ({
      extension: agent.extension,
      place: placeNameOf(agent),
      agentId: agent.employeeId,
    })),
    sources: multimedia.sources,
    meanHandleSeconds: multimedia.meanHandleSeconds,
  };
}

function agentsOfGroup({ agents }: LabDefinition, group: string) {
  return agents.filter(({ groups }) => groups.includes(group));
}

function peopleProcess(lab: LabDefinition): ProcessDefinition {
  const { traffic } = lab;
  const media = mediaOf(lab);
  const config = {
    ...(media && { media }),
    utcOffsetSeconds: lab.utcOffsetSeconds,
    outboundAgents: [
      ...new Set(
        (lab.outbound?.campaigns ?? []).flatMap(({ group }) =>
          agentsOfGroup(lab, group).map(({ extension }) => extension),
        ),
      ),
    ],
    ...traffic,
    dialedNumbers: lab.sites.flatMap((site) => [
      ...site.routingPoints.map(({ dn, share }) => ({ dn, share, switch: switchProcess(site) })),
      // Nobody calls a queue by chance; a command may.
      ...site.queues.map(({ dn }) => ({ dn, share: 0, switch: switchProcess(site) })),
    ]),
    agents: lab.agents.map(({ extension, login, site }) => ({
      extension,
      agentId: login,
      switch: switchProcess(lab.sites.find(({ name }) => name === site)!),
    })),
    switches: lab.sites.map((site) => ({
      name: switchProcess(site),
      host: switchProcess(site),
      tServerHosts: tServerHosts(site),
    })),
  };
  return { name: 'people', kind: 'people', host: 'people', config };
}
