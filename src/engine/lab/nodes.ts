import { type ConfigurationObject, isForRouter } from '../configuration/object-types.ts';
import { GATEWAY_CLIENTS, otherSide, ROUTER_CLIENTS, type Side } from '../icm/messages.ts';
import type { NodeProcess } from '../icm/node-manager/node-manager.ts';
import { GATEWAY_PORTS, ROUTER_PORTS } from '../icm/ports.ts';
import { componentKey, loggerComponent, routerComponent } from '../icm/registry/keys.ts';
import { icmSettings } from '../icm/settings.ts';
import type { Topology } from '../kernel/world.ts';
import type { TServerHosts } from '../telephony/t-server-hosts.ts';
import type { ObjectBuilder } from './build-objects.ts';
import type { LabDefinition, SiteDefinition } from './definition.ts';

type ProcessDefinition = Topology['processes'][number];

/** One ICM node: what its Node Manager starts, in that order. */
export type NodeDefinition = {
  readonly node: string;
  /** Such as `RouterA`: its name in the registry and in its service. */
  readonly component: string;
  readonly host: string;
  readonly side: Side;
  readonly processes: readonly (Omit<ProcessDefinition, 'host'> & { readonly critical: boolean })[];
};

export const CENTRAL_CONTROLLER_HOST: Readonly<Record<Side, string>> = { A: 'cca', B: 'ccb' };
export const SIDES: readonly Side[] = ['A', 'B'];

/** `ra`, `la` or `pg1a`. */
export const routerNode = (side: Side) => `r${side.toLowerCase()}`;
export const loggerNode = (side: Side) => `l${side.toLowerCase()}`;
export function gatewayNode(site: SiteDefinition, side: Side): string {
  return `${site.peripheralGateway.toLowerCase()}${side.toLowerCase()}`;
}

export function gatewayComponent(site: SiteDefinition, side: Side): string {
  return `${site.peripheralGateway}${side}`;
}

export function switchProcess(site: SiteDefinition): string {
  return `sw-${site.name.toLowerCase()}`;
}

export function tServerProcess(site: SiteDefinition): string {
  return `ts-${site.name.toLowerCase()}`;
}

export function backupTServerProcess(site: SiteDefinition): string {
  return `${tServerProcess(site)}-b`;
}

/** Where clients look for the T-Server of a site. */
export function tServerHosts(site: SiteDefinition): TServerHosts {
  const own = tServerProcess(site);
  return site.backupTServer === undefined ? [own] : [own, backupTServerProcess(site)];
}

/** The nodes of one side of the Central Controller, in start order. */
export const sideNodes = (side: Side): string[] => [routerNode(side), loggerNode(side)];
export const managerOf = (node: string) => `${node}-nm`;
export const managerManagerOf = (node: string) => `${node}-nmm`;

export function buildNodes(lab: LabDefinition, builder: ObjectBuilder): NodeDefinition[] {
  return [
    ...SIDES.flatMap((side) => [routerNodeOf(lab, side), loggerNodeOf(lab, builder, side)]),
    ...lab.sites.flatMap((site) => SIDES.map((side) => gatewayNodeOf(lab, site, side))),
  ];
}

/** The node's processes with its Node Manager and the manager's manager before them. */
export function nodeProcesses(lab: LabDefinition, definition: NodeDefinition): ProcessDefinition[] {
  const { node, component, host, processes } = definition;
  const settings = icmSettings(lab.centralController.settings);
  const { customer } = lab.centralController;
  const { utcOffsetSeconds } = lab;
  const title = `${customer} ${component}`;
  const manager = managerOf(node);
  const children: NodeProcess[] = processes.map(({ name, critical }) => ({ name, critical }));
  return [
    { name: managerManagerOf(node), kind: 'nmm', host, config: { title, manager } },
    {
      name: manager,
      kind: 'nm',
      host,
      supervisor: managerManagerOf(node),
      config: { title, node, component, customer, utcOffsetSeconds, processes: children, settings },
    },
    ...processes.map(({ name, kind, config }) => {
      return { name, kind, host, supervisor: manager, config };
    }),
  ];
}

const critical = true;

function routerNodeOf(lab: LabDefinition, side: Side): NodeDefinition {
  const { customer } = lab.centralController;
  const settings = icmSettings(lab.centralController.settings);
  const node = routerNode(side);
  const host = CENTRAL_CONTROLLER_HOST[side];
  const component = routerComponent(side);
  const registryKey = componentKey(customer, component);
  const agent = { side, ports: ROUTER_PORTS[side], settings, registryKey };
  const client = { ...agent, host };
  const mds = {
    ...agent,
    role: 'central controller',
    peerHost: CENTRAL_CONTROLLER_HOST[otherSide(side)],
    peerProcess: `${routerNode(otherSide(side))}-mds`,
    clients: ROUTER_CLIENTS,
    agent: 'ccag',
    devices: lab.sites.map(({ peripheralGateway }) => peripheralGateway),
  };
  const { utcOffsetSeconds } = lab;
  const cic = { name: `${node}-cic`, kind: 'cic', config: client, critical: false };
  return {
    node,
    component,
    host,
    side,
    processes: [
      { name: `${node}-mds`, kind: 'mds', config: mds, critical },
      { name: `${node}-ccag`, kind: 'ccag', config: agent, critical: false },
      { name: `${node}-dba`, kind: 'dba', config: agent, critical: false },
      {
        name: `${node}-rtr`,
        kind: 'rtr',
        config: { ...client, customer, utcOffsetSeconds },
        critical: false,
      },
      { name: `${node}-rts`, kind: 'rts', config: agent, critical: false },
      { name: `${node}-tsyr`, kind: 'tsyr', config: agent, critical: false },
      ...(lab.networkIcm ? [cic] : []),
    ],
  };
}

function loggerNodeOf(lab: LabDefinition, builder: ObjectBuilder, side: Side): NodeDefinition {
  const settings = icmSettings(lab.centralController.settings);
  const node = loggerNode(side);
  const host = CENTRAL_CONTROLLER_HOST[side];
  // The Logger is a client of the router node's MDS.
  const { customer } = lab.centralController;
  const registryKey = componentKey(customer, routerComponent(side));
  const client = { side, ports: ROUTER_PORTS[side], settings, registryKey, host };
  const peerHost = CENTRAL_CONTROLLER_HOST[otherSide(side)];
  return {
    node,
    component: loggerComponent(side),
    host,
    side,
    processes: [
      {
        name: `${node}-clgr`,
        kind: 'clgr',
        config: { ...client, objects: routerObjects(builder) },
        critical: false,
      },
      { name: `${node}-hlgr`, kind: 'hlgr', config: client, critical: false },
      { name: `${node}-rcv`, kind: 'rcv', config: { side, peerHost, settings }, critical: false },
    ],
  };
}

function gatewayNodeOf(lab: LabDefinition, site: SiteDefinition, side: Side): NodeDefinition {
  const { customer } = lab.centralController;
  const settings = icmSettings(lab.centralController.settings);
  const node = gatewayNode(site, side);
  const peerHost = gatewayNode(site, otherSide(side));
  const device = site.peripheralGateway;
  const component = gatewayComponent(site, side);
  const registryKey = componentKey(customer, component);
  const agent = { side, ports: GATEWAY_PORTS[side], settings, registryKey };
  const pim = {
    name: 'pim1',
    customer,
    component,
    device,
    switchHost: switchProcess(site),
  };
  return {
    node,
    component,
    host: node,
    side,
    processes: [
      {
        name: `${node}-mds`,
        kind: 'mds',
        config: {
          ...agent,
          role: 'peripheral gateway',
          peerHost,
          peerProcess: `${peerHost}-mds`,
          clients: GATEWAY_CLIENTS,
          agent: 'pgag',
          devices: [],
        },
        critical,
      },
      {
        name: `${node}-pgag`,
        kind: 'pgag',
        config: { ...agent, device, hosts: CENTRAL_CONTROLLER_HOST, peerHost },
        critical: false,
      },
      {
        name: `${node}-opc`,
        kind: 'opc',
        config: { ...agent, host: node, device, customer, component },
        critical: false,
      },
      { name: `${node}-pim1`, kind: 'pim', config: pim, critical: false },
    ],
  };
}

/** What the Logger keeps before any edit: objects that the CallRouters go by. */
function routerObjects({ objects }: ObjectBuilder): ConfigurationObject[] {
  return objects.filter(isForRouter);
}
