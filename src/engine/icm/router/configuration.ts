import {
  type ConfigurationChange,
  type ConfigurationObject,
  DN_TYPE,
  listField,
  numberField,
  OBJECT_TYPE_ORDER,
  textField,
} from '../../configuration/object-types.ts';
import { clearReferences, type Handle } from '../record-table.ts';
import { countAgent } from './agents.ts';
import { noteSize, type RouterState, RouterTable } from './router-state.ts';
import { compileScript, removeNodes, resolveTargets } from './script.ts';
import {
  OBJECTS_PER_ROUTE,
  OBJECTS_PER_SERVICE,
  ROUTER_TABLE_NAMES,
  ROUTER_TABLES,
  type RouterTableName,
} from './tables.ts';

/** Router table of a configuration object; undefined for what the CallRouter does not know. */
function tableFor(object: ConfigurationObject): RouterTableName | undefined {
  switch (object.type) {
    case 'person':
      return object.fields['isAgent'] === true ? 'agent' : undefined;
    case 'agentGroup':
      return 'skillGroup';
    case 'dn':
      return numberField(object, 'dnType') === DN_TYPE.routingPoint ? 'dialedNumber' : 'label';
    case 'place':
      return 'deviceTarget';
    case 'peripheral':
    case 'callType':
    case 'script':
    case 'service':
    case 'route':
    case 'peripheralGateway':
    case 'trunkGroup':
    case 'translationRoute':
      return object.type;
    default:
      return undefined;
  }
}

/** Tables that an object may have stood in before it was changed. */
const TABLES_OF_TYPE: Partial<Record<ConfigurationObject['type'], readonly RouterTableName[]>> = {
  person: ['agent'],
  dn: ['dialedNumber', 'label'],
};

/** Brings the tables up to one change of the configuration. */
export function applyConfigurationChange(state: RouterState, change: ConfigurationChange): void {
  const name = changeTables(state, change);
  // Steps of scripts name skill groups and labels.
  if (name === 'skillGroup' || name === 'label') {
    for (const script of new RouterTable(state, 'script').handles()) resolveTargets(state, script);
  }
  noteSize(state);
}

function changeTables(
  state: RouterState,
  { object, action }: ConfigurationChange,
): RouterTableName | undefined {
  const name = action === 'deleted' ? undefined : tableFor(object);
  const home = tableFor(object);
  const possible = TABLES_OF_TYPE[object.type] ?? (home ? [home] : []);
  for (const other of possible) {
    if (other === name) continue;
    const table = new RouterTable(state, other);
    const handle = table.find('dbid', object.dbid);
    if (handle) removeWithParts(state, table, handle);
  }
  if (name) {
    const table = new RouterTable(state, name);
    let handle = table.find('dbid', object.dbid);
    if (!handle) {
      handle = table.add();
      table.set(handle, 'dbid', object.dbid);
      addParts(state, name, handle);
    }
    fillRecord(state, table, handle, object);
  }
  return home;
}

/** Loads a whole configuration, objects before those that refer to them. */
export function loadConfiguration(
  state: RouterState,
  objects: readonly ConfigurationObject[],
): void {
  const byOrder = [...objects].sort(
    (a, b) =>
      OBJECT_TYPE_ORDER.indexOf(a.type) - OBJECT_TYPE_ORDER.indexOf(b.type) || a.dbid - b.dbid,
  );
  // Twice, because some kinds refer to each other in a circle: first records, then relations.
  for (const object of [...byOrder, ...byOrder]) {
    changeTables(state, { revision: 0, changedAt: 0, action: 'updated', object });
  }
  noteSize(state);
}

function fillRecord(
  state: RouterState,
  table: RouterTable,
  handle: Handle,
  object: ConfigurationObject,
): void {
  const handleOf = (name: RouterTableName, field: string) => {
    const dbid = numberField(object, field);
    return dbid === 0 ? 0 : new RouterTable(state, name).find('dbid', dbid);
  };
  const name = textField(object, 'name');
  switch (object.type) {
    case 'person':
      table.setText(handle, 'employeeId', textField(object, 'employeeId'));
      table.setText(handle, 'firstName', textField(object, 'firstName'));
      table.setText(handle, 'lastName', textField(object, 'lastName'));
      table.set(handle, 'deviceTarget', handleOf('deviceTarget', 'place'));
      return seatAgent(state, handle);
    case 'place':
      return fillDeviceTarget(state, table, handle, object);
    case 'agentGroup':
      table.setText(handle, 'enterpriseName', name);
      table.set(handle, 'peripheral', handleOf('peripheral', 'peripheral'));
      return linkGroup(state, handle, object);
    case 'dn':
      return fillNumber(table, handle, object, handleOf('callType', 'callType'));
    case 'peripheral':
      table.setText(handle, 'enterpriseName', name);
      return table.set(
        handle,
        'peripheralGateway',
        handleOf('peripheralGateway', 'peripheralGateway'),
      );
    case 'callType':
      table.setText(handle, 'enterpriseName', name);
      return table.set(handle, 'script', handleOf('script', 'script'));
    case 'script':
      table.setText(handle, 'enterpriseName', name);
      table.setText(handle, 'source', textField(object, 'body'));
      return compileScript(state, handle);
    case 'service':
      table.setText(handle, 'enterpriseName', name);
      return table.set(handle, 'peripheral', handleOf('peripheral', 'peripheral'));
    case 'route':
      table.setText(handle, 'enterpriseName', name);
      table.set(handle, 'service', handleOf('service', 'service'));
      return table.set(handle, 'skillGroup', handleOf('skillGroup', 'agentGroup'));
    case 'peripheralGateway':
      return table.setText(handle, 'enterpriseName', name);
    case 'trunkGroup':
      table.setText(handle, 'enterpriseName', name);
      table.set(handle, 'peripheral', handleOf('peripheral', 'peripheral'));
      return table.set(handle, 'trunks', numberField(object, 'trunks'));
    case 'translationRoute':
      table.setText(handle, 'enterpriseName', name);
      table.set(handle, 'peripheral', handleOf('peripheral', 'peripheral'));
      return table.setText(handle, 'number', numberOf(state, object));
  }
}

/** The digits of a translation route's DN. */
function numberOf(state: RouterState, route: ConfigurationObject): string {
  const numbers = new RouterTable(state, 'dialedNumber');
  const number = numbers.find('dbid', numberField(route, 'dn'));
  return number ? numbers.text(number, 'number') : '';
}

function fillNumber(
  table: RouterTable,
  handle: Handle,
  object: ConfigurationObject,
  callType: Handle,
): void {
  const isDialedNumber = table.name === 'dialedNumber';
  table.setText(handle, isDialedNumber ? 'number' : 'label', textField(object, 'number'));
  table.setText(handle, 'description', textField(object, 'alias'));
  if (isDialedNumber) table.set(handle, 'callType', callType);
}

/** The agents of a group carry its handle, so that a lost member loses it too. */
function linkGroup(state: RouterState, group: Handle, object: ConfigurationObject): void {
  const agents = new RouterTable(state, 'agent');
  const members = new Set(listField(object, 'agents'));
  const peripheral = new RouterTable(state, 'skillGroup').get(group, 'peripheral');
  for (const agent of agents.handles()) {
    const groups = [...agents.words(agent, 'skillGroups')];
    const at = groups.indexOf(group);
    const isMember = members.has(agents.get(agent, 'dbid'));
    if (isMember) agents.set(agent, 'peripheral', peripheral);
    if (isMember === at >= 0) continue;
    const place = isMember ? groups.indexOf(0) : at;
    if (place < 0) continue;
    // Counters of the groups follow what their members are doing.
    countAgent(state, agent, -1);
    agents.words(agent, 'skillGroups')[place] = isMember ? group : 0;
    countAgent(state, agent, 1);
  }
}

/** Gives an agent the label and extension of the device target it works at. */
function seatAgent(state: RouterState, agent: Handle): void {
  const agents = new RouterTable(state, 'agent');
  const labels = new RouterTable(state, 'label');
  const target = agents.get(agent, 'deviceTarget');
  const label = target ? new RouterTable(state, 'deviceTarget').get(target, 'label') : 0;
  const before = agents.get(agent, 'label');
  if (before && labels.get(before, 'agent') === agent) labels.set(before, 'agent', 0);
  agents.set(agent, 'label', label);
  agents.setText(agent, 'extension', label ? labels.text(label, 'label') : '');
  if (label) labels.set(label, 'agent', agent);
}

function fillDeviceTarget(
  state: RouterState,
  table: RouterTable,
  target: Handle,
  place: ConfigurationObject,
): void {
  const labels = new RouterTable(state, 'label');
  const handles = listField(place, 'dns').map((dbid) => labels.find('dbid', dbid));
  table.setText(target, 'enterpriseName', textField(place, 'name'));
  table.set(target, 'label', handles.find((handle) => handle > 0) ?? 0);
  const agents = new RouterTable(state, 'agent');
  for (const agent of agents.handles()) {
    if (agents.get(agent, 'deviceTarget') === target) seatAgent(state, agent);
  }
}

function addParts(state: RouterState, owner: RouterTableName, handle: Handle): void {
  const counts: Partial<Record<RouterTableName, number>> = {
    service: OBJECTS_PER_SERVICE,
    route: OBJECTS_PER_ROUTE,
  };
  const parts = new RouterTable(state, 'standardObject');
  for (let number = 1; number <= (counts[owner] ?? 0); number++) {
    const part = parts.add();
    parts.set(part, 'ownerTable', ROUTER_TABLE_NAMES.indexOf(owner));
    parts.set(part, 'owner', handle);
    parts.set(part, 'number', number);
  }
}

function removeWithParts(state: RouterState, table: RouterTable, handle: Handle): void {
  const ownerTable = ROUTER_TABLE_NAMES.indexOf(table.name);
  const parts = new RouterTable(state, 'standardObject');
  if (table.name === 'service' || table.name === 'route') {
    for (const part of [...parts.handles()]) {
      const owned = parts.get(part, 'ownerTable') === ownerTable;
      if (owned && parts.get(part, 'owner') === handle) parts.remove(part);
    }
  }
  if (table.name === 'agent') countAgent(state, handle, -1);
  if (table.name === 'script') removeNodes(state, handle);
  table.remove(handle);
  for (const name of ROUTER_TABLE_NAMES) {
    clearReferences(ROUTER_TABLES[name], state.tables[name], table.name, handle);
  }
}
