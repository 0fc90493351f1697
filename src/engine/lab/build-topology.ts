import type { Side } from '../icm/messages.ts';
import type { NetworkState } from '../kernel/network.ts';
import type { Topology } from '../kernel/world.ts';
import type { ObjectBuilder } from './build-objects.ts';
import type { LabDefinition, NetworkDefinition, SiteDefinition } from './definition.ts';

export const CENTRAL_CONTROLLER_HOST: Readonly<Record<Side, string>> = { A: 'cca', B: 'ccb' };

type ProcessDefinition = Topology['processes'][number];

/** Processes of one side of the Central Controller, in start order. */
export function sideProcesses(side: Side): string[] {
  const letter = side.toLowerCase();
  return [
    `r${letter}-mds`,
    `r${letter}-ccag`,
    `r${letter}-dba`,
    `l${letter}-clgr`,
    `r${letter}-rtr`,
  ];
}

/** `pg1a` for the Peripheral Gateway PG1: the name of its node on side A. */
export function gatewayNode(site: SiteDefinition): string {
  return `${site.peripheralGateway.toLowerCase()}a`;
}

export function switchProcess(site: SiteDefinition): string {
  return `sw-${site.name.toLowerCase()}`;
}

export function tServerProcess(site: SiteDefinition): string {
  return `ts-${site.name.toLowerCase()}`;
}

/** Hosts, networks and processes of a lab. The name of a host is that of its main process. */
export function buildTopology(lab: LabDefinition, builder: ObjectBuilder): Topology {
  const processes: ProcessDefinition[] = [
    ...centralController(lab, builder, 'A'),
    ...centralController(lab, builder, 'B'),
    ...lab.sites.flatMap((site) => siteProcesses(lab, builder, site)),
    ...genesysProcesses(lab, builder),
    peopleProcess(lab),
  ];
  const hosts = [...new Set(processes.map(({ host }) => host))];
  return {
    seed: lab.seed,
    epochSeconds: lab.epochSeconds,
    hosts: hosts.map((name) => ({ name, diskSyncUs: lab.diskSyncUs })),
    networks: [network('private', lab.networks.private), network('public', lab.networks.public)],
    processes,
  };
}

function network(name: string, definition: NetworkDefinition): NetworkState {
  return { name, ...definition };
}

function centralController(
  lab: LabDefinition,
  builder: ObjectBuilder,
  side: Side,
): ProcessDefinition[] {
  const host = CENTRAL_CONTROLLER_HOST[side];
  const other = side === 'A' ? 'B' : 'A';
  const [mds, ccag, dba, clgr, rtr] = sideProcesses(side);
  const devices = lab.sites.map(({ peripheralGateway }) => peripheralGateway);
  const peerHost = CENTRAL_CONTROLLER_HOST[other];
  const peerProcess = sideProcesses(other)[0];
  const thresholdMb = lab.centralController.stateSizeThresholdMb;
  return [
    { name: mds, kind: 'mds', host, config: { side, peerHost, peerProcess, devices } },
    { name: ccag, kind: 'ccag', host, config: { side } },
    { name: dba, kind: 'dba', host, config: { side } },
    { name: clgr, kind: 'clgr', host, config: { side, host, objects: builder.objects } },
    { name: rtr, kind: 'rtr', host, config: { side, host, thresholdMb } },
  ];
}

function siteProcesses(
  lab: LabDefinition,
  builder: ObjectBuilder,
  site: SiteDefinition,
): ProcessDefinition[] {
  const node = gatewayNode(site);
  const switchHost = switchProcess(site);
  const tServer = tServerProcess(site);
  const device = site.peripheralGateway;
  const { peripheral } = site;
  const agents = lab.agents.filter((agent) => agent.site === site.name);
  const queues = site.queues.map(({ dn, group }) => ({
    dn,
    members: agents.filter(({ groups }) => groups.includes(group)).map((agent) => agent.extension),
  }));
  const switchConfig = {
    extensions: agents.map(({ extension }) => extension),
    queues,
    routingPoints: site.routingPoints.map(({ dn }) => dn),
    defaultQueue: site.defaultQueue,
  };
  const serverId = builder.dbid('application', site.tServer);
  const hosts = CENTRAL_CONTROLLER_HOST;
  return [
    { name: switchHost, kind: 'switch', host: switchHost, config: switchConfig },
    {
      name: tServer,
      kind: 't-server',
      host: tServer,
      config: { name: site.tServer, serverId, switchHost },
    },
    { name: `${node}-pgag`, kind: 'pgag', host: node, config: { device, hosts } },
    { name: `${node}-opc`, kind: 'opc', host: node, config: {} },
    { name: `${node}-pim1`, kind: 'pim', host: node, config: { peripheral, device, switchHost } },
  ];
}

function genesysProcesses(lab: LabDefinition, builder: ObjectBuilder): ProcessDefinition[] {
  const { icon } = lab;
  const tServers = lab.sites.map((site) => ({
    name: site.tServer,
    host: tServerProcess(site),
    switchDbid: builder.dbid('switch', site.switch),
  }));
  const iconConfig = {
    dbid: builder.dbid('application', icon.name),
    roles: icon.roles,
    configurationHost: 'confserv',
    databaseHost: 'idb',
    tServers,
    accQueueSize: icon.accQueueSize,
    accQueueLifespanSeconds: icon.accQueueLifespanSeconds,
  };
  const hosts = CENTRAL_CONTROLLER_HOST;
  return [
    {
      name: 'confserv',
      kind: 'configuration-server',
      host: 'confserv',
      config: { objects: builder.objects, hosts },
    },
    { name: 'idb', kind: 'rdbms', host: 'idb', config: {} },
    { name: icon.name.toLowerCase(), kind: 'icon', host: 'icon', config: iconConfig },
  ];
}

function peopleProcess(lab: LabDefinition): ProcessDefinition {
  const { traffic } = lab;
  const config = {
    utcOffsetSeconds: lab.utcOffsetSeconds,
    ...traffic,
    dialedNumbers: lab.sites.flatMap((site) =>
      site.routingPoints.map(({ dn, share }) => ({ dn, share, switch: switchProcess(site) })),
    ),
    agents: lab.agents.map(({ extension, login, site }) => ({
      extension,
      agentId: login,
      switch: switchProcess(lab.sites.find(({ name }) => name === site)!),
    })),
    switches: lab.sites.map((site) => ({ name: switchProcess(site), host: switchProcess(site) })),
  };
  return { name: 'people', kind: 'people', host: 'people', config };
}
