import {
  APPLICATION_TYPE,
  type ConfigurationObject,
  DN_TYPE,
  type FieldValue,
  type ObjectTypeName,
  SCRIPT_TYPE,
  type Sections,
} from '../configuration/object-types.ts';
import { ICON_OPTIONS } from '../icon/options.ts';
import { addOutbound } from './build-outbound.ts';
import type {
  AgentDefinition,
  LabDefinition,
  MultimediaDefinition,
  SiteDefinition,
} from './definition.ts';

import { iconPlaces } from './icons.ts';

const FIRST_DBID = 101;
const STATE_ENABLED = 1;

/** Hands out DBIDs, one series a type, and finds them again by name. */
export class ObjectBuilder {
  readonly objects: ConfigurationObject[] = [];
  private readonly dbids = new Map<string, number>();
  private readonly next = new Map<string, number>();

  /** Reserves the DBID of a named object, so that others can refer to it before it is built. */
  dbid(type: ObjectTypeName, name: string): number {
    const key = `${type}/${name}`;
    let dbid = this.dbids.get(key);
    if (dbid === undefined) {
      // IDB keeps all groups in one table, so their DBIDs are one series.
      const series = type.endsWith('Group') && type !== 'trunkGroup' ? 'group' : type;
      dbid = this.next.get(series) ?? FIRST_DBID;
      this.next.set(series, dbid + 1);
      this.dbids.set(key, dbid);
    }
    return dbid;
  }

  add(
    type: ObjectTypeName,
    name: string,
    fields: { readonly [field: string]: FieldValue },
    options?: Sections,
    annex?: Sections,
  ): void {
    const object = { type, dbid: this.dbid(type, name), state: STATE_ENABLED, fields };
    this.objects.push({ ...object, ...(options && { options }), ...(annex && { annex }) });
  }
}

/** The configuration of the contact centre, as Configuration Server and Logger hold it. */
export function buildObjects(lab: LabDefinition): ObjectBuilder {
  const builder = new ObjectBuilder();
  const tenant = builder.dbid('tenant', lab.tenant);
  builder.add('tenant', lab.tenant, { name: lab.tenant });
  for (const name of lab.skills) builder.add('skill', name, { name, tenant });
  for (const { name, steps } of lab.scripts) {
    builder.add('script', name, {
      name,
      tenant,
      scriptType: SCRIPT_TYPE.simpleRouting,
      body: steps,
    });
  }
  for (const { name, script } of lab.callTypes) {
    builder.add('callType', name, { name, script: builder.dbid('script', script) });
  }
  for (const site of lab.sites) addSite(builder, site, tenant);
  addNetworkNumbers(builder, lab);
  for (const agent of lab.agents) addAgent(builder, lab, agent, tenant);
  for (const { name, site } of lab.groups) {
    const members = lab.agents.filter(({ groups }) => groups.includes(name));
    builder.add('agentGroup', name, {
      name,
      tenant,
      agents: members.map(({ employeeId }) => builder.dbid('person', employeeId)),
      peripheral: builder.dbid('peripheral', siteOf(lab, site).peripheral),
    });
  }
  for (const { name, site } of lab.services) {
    const peripheral = builder.dbid('peripheral', siteOf(lab, site).peripheral);
    builder.add('service', name, { name, peripheral });
  }
  for (const { name, service, group } of lab.routes) {
    builder.add('route', name, {
      name,
      service: builder.dbid('service', service),
      agentGroup: builder.dbid('agentGroup', group),
    });
  }
  for (const site of lab.sites) addVirtualQueues(builder, site);
  if (lab.outbound) addOutbound(builder, lab.outbound, tenant);
  if (lab.multimedia) addMultimedia(builder, lab.multimedia, tenant);
  addApplications(builder, lab);
  return builder;
}

export function siteOf(lab: LabDefinition, name: string): SiteDefinition {
  const site = lab.sites.find((candidate) => candidate.name === name);
  if (!site) throw new Error(`no site ${name}`);
  return site;
}

function addSite(builder: ObjectBuilder, site: SiteDefinition, tenant: number): void {
  const tServer = builder.dbid('application', site.tServer);
  builder.add('switch', site.switch, { name: site.switch, tenant, tServer });
  const home = builder.dbid('switch', site.switch);
  builder.add('peripheral', site.peripheral, {
    name: site.peripheral,
    switch: home,
    peripheralGateway: builder.dbid('peripheralGateway', site.peripheralGateway),
  });
  const peripheral = builder.dbid('peripheral', site.peripheral);
  builder.add('peripheralGateway', site.peripheralGateway, { name: site.peripheralGateway });
  for (const { name, trunks } of site.trunkGroups) {
    builder.add('trunkGroup', name, { name, peripheral, trunks });
  }
  for (const dn of site.translationNumbers) {
    const dnType = DN_TYPE.routingPoint;
    builder.add('dn', dn, { number: dn, alias: `To ${site.name}`, dnType, switch: home });
    const name = `${site.name}.${dn}`;
    builder.add('translationRoute', name, { name, peripheral, dn: builder.dbid('dn', dn) });
  }
  for (const { dn, name, callType } of site.routingPoints) {
    builder.add('dn', dn, {
      number: dn,
      alias: name,
      dnType: DN_TYPE.routingPoint,
      switch: home,
      callType: builder.dbid('callType', callType),
    });
  }
  for (const { dn, name, group } of site.queues) {
    builder.add('dn', dn, {
      number: dn,
      alias: name,
      dnType: DN_TYPE.acdQueue,
      switch: home,
      agentGroup: builder.dbid('agentGroup', group),
    });
  }
}

function addVirtualQueues(builder: ObjectBuilder, site: SiteDefinition): void {
  const home = builder.dbid('switch', site.switch);
  const dnType = DN_TYPE.virtualQueue;
  const queues = new Map(site.routingPoints.map((point) => [point.virtualQueue, point.name]));
  for (const [number, name] of queues) {
    if (number === undefined) continue;
    builder.add('dn', number, { number, alias: `VQ ${name}`, dnType, switch: home });
  }
}

/** Queues, workbins and strategies of the Interaction Server. */
function addMultimedia(
  builder: ObjectBuilder,
  { queues, workbins, strategies }: MultimediaDefinition,
  tenant: number,
): void {
  const { interactionQueue, workbin, enhancedRouting } = SCRIPT_TYPE;
  const add = (name: string, scriptType: number) =>
    builder.add('script', name, { name, tenant, scriptType, body: '' });
  for (const { name } of queues) add(name, interactionQueue);
  for (const name of workbins) add(name, workbin);
  for (const { name } of strategies) add(name, enhancedRouting);
}

/** The place of an agent: the telephone and the desktop beside it. */
export function placeNameOf({ site, extension }: AgentDefinition): string {
  return `${site} ${extension}`;
}

/** Numbers that only the network ICM asks for; they stand at the first site's switch. */
function addNetworkNumbers(builder: ObjectBuilder, lab: LabDefinition): void {
  for (const { dn, callType } of lab.networkIcm?.dialedNumbers ?? []) {
    builder.add('dn', dn, {
      number: dn,
      alias: `Network ${dn}`,
      dnType: DN_TYPE.routingPoint,
      switch: builder.dbid('switch', lab.sites[0].switch),
      callType: builder.dbid('callType', callType),
    });
  }
}

function addAgent(
  builder: ObjectBuilder,
  lab: LabDefinition,
  agent: AgentDefinition,
  tenant: number,
): void {
  const home = builder.dbid('switch', siteOf(lab, agent.site).switch);
  const { employeeId, firstName, lastName, extension, login } = agent;
  const placeName = placeNameOf(agent);
  builder.add('dn', extension, {
    number: extension,
    alias: `${firstName} ${lastName}`,
    dnType: DN_TYPE.extension,
    switch: home,
  });
  builder.add('place', placeName, {
    name: placeName,
    tenant,
    dns: [builder.dbid('dn', extension)],
  });
  builder.add('person', employeeId, {
    employeeId,
    userName: `${firstName[0]}${lastName}`.toLowerCase().replace(/[^a-z]/g, '') + extension,
    firstName,
    lastName,
    isAgent: true,
    tenant,
    place: builder.dbid('place', placeName),
    skills: agent.skills.map((name) => ({
      skill: builder.dbid('skill', name),
      level: agent.level,
    })),
  });
  builder.add('agentLogin', login, {
    loginCode: login,
    switch: home,
    person: builder.dbid('person', employeeId),
  });
}

function addApplications(builder: ObjectBuilder, lab: LabDefinition): void {
  const application = (
    name: string,
    applicationType: number,
    version: string,
    options?: Sections,
    more: { readonly [field: string]: FieldValue } = {},
  ) => builder.add('application', name, { name, applicationType, version, ...more }, options);
  const { icon, configurationServer } = lab;
  for (const { tServer } of lab.sites) application(tServer, APPLICATION_TYPE.tServer, '8.1');
  const ocs = lab.outbound;
  if (ocs) application(ocs.name, APPLICATION_TYPE.outboundContactServer, '8.1');
  const ixn = lab.multimedia;
  if (ixn) application(ixn.name, APPLICATION_TYPE.interactionServer, ixn.version);
  const sources = [...lab.sites.map(({ tServer }) => tServer), ocs?.name, ixn?.name];
  const connections = sources.flatMap((name) =>
    name === undefined ? [] : [builder.dbid('application', name)],
  );
  for (const { name } of iconPlaces(lab)) {
    application(name, APPLICATION_TYPE.icon, '8.1', iconSections(icon), { connections });
  }
  const { version, options } = configurationServer;
  application('confserv', APPLICATION_TYPE.configurationServer, version, options);
  for (const { backupTServer } of lab.sites) {
    if (backupTServer !== undefined) application(backupTServer, APPLICATION_TYPE.tServer, '8.1');
  }
}

/** In the lab file the options stand together: each goes to the section that it belongs to. */
export function iconSections({ roles, options }: LabDefinition['icon']): Sections {
  const sections: Record<string, Record<string, string>> = {};
  for (const [name, value] of Object.entries({ role: roles.join(','), ...options })) {
    const known = Object.values(ICON_OPTIONS).find((option) => option.name === name);
    const section = known?.section ?? 'callconcentrator';
    sections[section] = { ...sections[section], [name]: value };
  }
  return sections;
}
