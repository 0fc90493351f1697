import {
  type ConfigurationChange,
  type ConfigurationObject,
  DN_TYPE,
  listField,
  numberField,
  OBJECT_TYPE_ORDER,
  textField,
} from '../../configuration/object-types.ts';
import { Hash } from '../../kernel/hash.ts';
import {
  addRecord,
  findText,
  findWord,
  getText,
  getWord,
  type Handle,
  handlesOf,
  hashTable,
  removeRecord,
  reserveRecords,
  setText,
  setWord,
  tableBytes,
  viewWords,
} from '../record-table.ts';
import { compileScript } from './script.ts';
import {
  createRouterTables,
  OBJECTS_PER_ROUTE,
  OBJECTS_PER_SERVICE,
  ROUTER_TABLE_NAMES,
  ROUTER_TABLES,
  type RouterTableName,
  type RouterTables,
  SKILL_GROUPS_PER_AGENT,
} from './tables.ts';

/**
 * Everything a CallRouter knows. Two routers that applied the same ordered input hold equal tables,
 * byte for byte.
 */
export type RouterState = {
  readonly tables: RouterTables;
  /** High-water mark of the allocated bytes since the router came up. */
  maxBytes: number;
};

export function createRouterState(): RouterState {
  const state = { tables: createRouterTables(), maxBytes: 0 };
  new RouterTable(state, 'system').add();
  return state;
}

/** The bytes that the tables have allocated: the "State size now" of `rttest`. */
export function stateBytes(state: RouterState): number {
  let total = 0;
  for (const name of ROUTER_TABLE_NAMES) total += tableBytes(state.tables[name]);
  return total;
}

/** Objects that the router holds, of all tables. */
export function recordCount(state: RouterState): number {
  let total = 0;
  for (const name of ROUTER_TABLE_NAMES) total += state.tables[name].count;
  return total;
}

export function hashState(state: RouterState): string {
  const hash = new Hash();
  for (const name of ROUTER_TABLE_NAMES) hashTable(hash, state.tables[name]);
  return hash.hex();
}

export function noteSize(state: RouterState): void {
  state.maxBytes = Math.max(state.maxBytes, stateBytes(state));
}

/** Short-hands over one table of a router. */
export class RouterTable {
  private readonly layout;
  private readonly table;

  constructor(
    state: RouterState,
    readonly name: RouterTableName,
  ) {
    this.layout = ROUTER_TABLES[name];
    this.table = state.tables[name];
  }

  add(): Handle {
    return addRecord(this.layout, this.table);
  }

  /** Room for a table that is filled at once. */
  reserve(records: number): void {
    reserveRecords(this.layout, this.table, records);
  }

  remove(handle: Handle): void {
    removeRecord(this.layout, this.table, handle);
  }

  handles(): Generator<Handle> {
    return handlesOf(this.layout, this.table);
  }

  get count(): number {
    return this.table.count;
  }

  get(handle: Handle, field: string): number {
    return getWord(this.layout, this.table, handle, field);
  }

  set(handle: Handle, field: string, value: number): void {
    setWord(this.layout, this.table, handle, field, value);
  }

  increment(handle: Handle, field: string): void {
    this.set(handle, field, this.get(handle, field) + 1);
  }

  text(handle: Handle, field: string): string {
    return getText(this.layout, this.table, handle, field);
  }

  setText(handle: Handle, field: string, value: string): void {
    setText(this.layout, this.table, handle, field, value);
  }

  words(handle: Handle, field: string): Uint32Array {
    return viewWords(this.layout, this.table, handle, field);
  }

  /** The record whose word field has this value, or 0. */
  find(field: string, value: number): Handle {
    return findWord(this.layout, this.table, field, value);
  }

  findText(field: string, value: string): Handle {
    return findText(this.layout, this.table, field, value);
  }
}

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

/** Brings the tables up to one change of the configuration. */
export function applyConfigurationChange(state: RouterState, change: ConfigurationChange): void {
  const { object, action } = change;
  const name = tableFor(object);
  if (name) {
    const table = new RouterTable(state, name);
    let handle = table.find('dbid', object.dbid);
    if (action === 'deleted') {
      if (handle) removeWithParts(state, table, handle);
    } else {
      if (!handle) {
        handle = table.add();
        table.set(handle, 'dbid', object.dbid);
        addParts(state, name, handle);
      }
      fillRecord(state, table, handle, object);
    }
    // Steps name skill groups and labels: what came or went may be a target of theirs.
    if (action !== 'updated' && (name === 'skillGroup' || name === 'label')) compileAll(state);
  }
  noteSize(state);
}

function compileAll(state: RouterState): void {
  for (const script of new RouterTable(state, 'script').handles()) compileScript(state, script);
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
    applyConfigurationChange(state, { revision: 0, changedAt: 0, action: 'updated', object });
  }
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
      return table.set(handle, 'peripheralGateway', gatewayOf(state, object));
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

function gatewayOf(state: RouterState, peripheral: ConfigurationObject): Handle {
  const name = textField(peripheral, 'peripheralGateway');
  return new RouterTable(state, 'peripheralGateway').findText('enterpriseName', name);
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
    const groups = agents.words(agent, 'skillGroups');
    const at = groups.indexOf(group);
    if (members.has(agents.get(agent, 'dbid'))) {
      const free = at < 0 ? groups.indexOf(0) : at;
      if (free >= 0 && free < SKILL_GROUPS_PER_AGENT) groups[free] = group;
      agents.set(agent, 'peripheral', peripheral);
    } else if (at >= 0) groups[at] = 0;
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
  table.remove(handle);
}
