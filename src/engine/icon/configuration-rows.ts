import {
  APPLICATION_TYPE,
  type ConfigurationChange,
  type ConfigurationObject,
  listField,
  numberField,
  objectKey,
  textField,
} from '../configuration/object-types.ts';
import type { CellValue } from '../idb/row-changes.ts';
import {
  type NamedValues,
  type RowChange,
  replaceRow,
  timeColumns,
  updateRow,
} from '../idb/row-changes.ts';
import { RECORD_STATUS } from './dictionary.ts';
import { type IconContext, nextRow } from './icon-state.ts';

/** GC_APPLICATION holds these types only (source document); CPD Server is number 10. */
const STORED_APPLICATIONS: readonly number[] = [
  APPLICATION_TYPE.tServer,
  10,
  APPLICATION_TYPE.outboundContactServer,
  APPLICATION_TYPE.agentDesktop,
];

type ConfigurationRow = { readonly table: string; readonly columns: NamedValues };

/** GC_ row of an object, or undefined for what IDB does not keep. */
function rowFor(context: IconContext, object: ConfigurationObject): ConfigurationRow | undefined {
  const name = textField(object, 'name');
  const TENANTID = numberField(object, 'tenant');
  switch (object.type) {
    case 'tenant':
      return { table: 'GC_TENANT', columns: { NAME: name } };
    case 'switch':
      return { table: 'GC_SWITCH', columns: { NAME: name, TENANTID, TYPE: 0 } };
    case 'dn':
      return { table: 'GC_ENDPOINT', columns: endpointColumns(context, object) };
    case 'person':
      return { table: 'GC_AGENT', columns: { TENANTID, ...personColumns(object) } };
    case 'agentLogin':
      return { table: 'GC_LOGIN', columns: loginColumns(context, object) };
    case 'place':
      return { table: 'GC_PLACE', columns: { NAME: name, TENANTID } };
    case 'agentGroup':
      return { table: 'GC_GROUP', columns: { NAME: name, TENANTID, TYPE: 1, DNGROUPTYPE: 0 } };
    case 'skill':
      return { table: 'GC_SKILL', columns: { NAME: name, TENANTID } };
    case 'script':
      return { table: 'GC_SCRIPT', columns: { NAME: name, TENANTID, TYPE: 5 } };
    case 'application': {
      const TYPE = numberField(object, 'applicationType');
      if (!STORED_APPLICATIONS.includes(TYPE)) return undefined;
      const VERSION = textField(object, 'version');
      return { table: 'GC_APPLICATION', columns: { NAME: name, TYPE, VERSION } };
    }
    default:
      return undefined;
  }
}

function personColumns(object: ConfigurationObject): NamedValues {
  return {
    USERNAME: textField(object, 'userName'),
    FIRSTNAME: textField(object, 'firstName'),
    LASTNAME: textField(object, 'lastName'),
    EMPLOYEEID: textField(object, 'employeeId'),
    // CfgFlag: 1 false, 2 true (confirmed).
    TYPE: object.fields['isAgent'] === true ? 2 : 1,
    PLACEID: numberField(object, 'place'),
  };
}

function endpointColumns(context: IconContext, object: ConfigurationObject): NamedValues {
  return {
    DN: textField(object, 'number'),
    NAME: textField(object, 'alias'),
    DNTYPE: numberField(object, 'dnType'),
    SWITCHID: numberField(object, 'switch'),
    TENANTID: switchTenant(context, object),
  };
}

function loginColumns(context: IconContext, object: ConfigurationObject): NamedValues {
  return {
    LOGINCODE: textField(object, 'loginCode'),
    SWITCHID: numberField(object, 'switch'),
    TENANTID: switchTenant(context, object),
  };
}

/** DNs and logins belong to the tenant of their switch. */
function switchTenant(context: IconContext, object: ConfigurationObject): number {
  const key = objectKey('switch', numberField(object, 'switch'));
  const owner = context.state.objects.get(key);
  return owner ? numberField(owner, 'tenant') : 0;
}

/** Relations of an object: GCX table, name of the pair, columns. */
function relationsOf(object: ConfigurationObject): ConfigurationRow[] {
  const rows: ConfigurationRow[] = [];
  const id = object.dbid;
  if (object.type === 'agentGroup') {
    for (const AGENTID of listField(object, 'agents')) {
      rows.push({ table: 'GCX_GROUP_AGENT', columns: { GROUPID: id, AGENTID } });
    }
  } else if (object.type === 'place') {
    for (const ENDPOINTID of listField(object, 'dns')) {
      rows.push({ table: 'GCX_ENDPOINT_PLACE', columns: { PLACEID: id, ENDPOINTID } });
    }
  } else if (object.type === 'person') {
    const SLEVEL = numberField(object, 'skillLevel');
    for (const SKILLID of listField(object, 'skills')) {
      rows.push({ table: 'GCX_SKILL_LEVEL', columns: { AGENTID: id, SKILLID, SLEVEL } });
    }
    const PLACEID = numberField(object, 'place');
    if (PLACEID) rows.push({ table: 'GCX_AGENT_PLACE', columns: { AGENTID: id, PLACEID } });
  } else if (object.type === 'agentLogin') {
    const AGENTID = numberField(object, 'person');
    if (AGENTID) rows.push({ table: 'GCX_LOGIN_INFO', columns: { LOGINID: id, AGENTID } });
  }
  return rows;
}

/** A relation's row id that came to be, or null where the relation ended. */
export type RelationChange = readonly [key: string, row: number | null];

export type ConfigurationRows = {
  readonly changes: readonly RowChange[];
  readonly relations: readonly RelationChange[];
};

/** Row changes of one configuration change, given what the cache held of the object before. */
export function configurationRows(
  context: IconContext,
  change: ConfigurationChange,
  before: ConfigurationObject | undefined,
): ConfigurationRows {
  const { object, action, changedAt } = change;
  const deleted = action === 'deleted';
  const changes: RowChange[] = [];
  const row = rowFor(context, object);
  if (row) {
    const columns: NamedValues = {
      ...row.columns,
      STATE: object.state,
      STATUS: deleted ? RECORD_STATUS.deleted : RECORD_STATUS.active,
      ...timeColumns('LASTCHANGE', changedAt),
      ...(deleted ? timeColumns('DELETED', changedAt) : {}),
    };
    const cause = context.eventSeq;
    changes.push(
      before
        ? updateRow(row.table, object.dbid, columns, cause)
        : replaceRow(
            row.table,
            object.dbid,
            { ...columns, ...timeColumns('CREATED', changedAt) },
            cause,
          ),
    );
  }
  const now = deleted ? [] : relationsOf(object);
  const related = relationRows(context, before ? relationsOf(before) : [], now, changedAt);
  return { changes: [...changes, ...related.changes], relations: related.relations };
}

function relationRows(
  context: IconContext,
  before: readonly ConfigurationRow[],
  now: readonly ConfigurationRow[],
  changedAt: number,
): ConfigurationRows {
  const { state, eventSeq: cause } = context;
  const changes: RowChange[] = [];
  const relations: RelationChange[] = [];
  const keysNow = new Set(now.map(relationKey));
  for (const relation of before) {
    const key = relationKey(relation);
    const row = state.relations.get(key);
    if (keysNow.has(key) || row === undefined) continue;
    const ended = { STATUS: RECORD_STATUS.deleted, ...timeColumns('DELETED', changedAt) };
    changes.push(updateRow(relation.table, row, ended, cause));
    relations.push([key, null]);
  }
  for (const relation of now) {
    const row = state.relations.get(relationKey(relation));
    if (row === undefined) {
      const id = nextRow(state, relation.table);
      relations.push([relationKey(relation), id]);
      changes.push(replaceRow(relation.table, id, newRelation(relation, changedAt), cause));
    } else if (relation.table === 'GCX_SKILL_LEVEL') {
      changes.push(updateRow(relation.table, row, relation.columns, cause));
    }
  }
  return { changes, relations };
}

function newRelation({ table, columns }: ConfigurationRow, changedAt: number): NamedValues {
  const created: Record<string, CellValue> = { ...timeColumns('CREATED', changedAt) };
  // The page of GCX_AGENT_PLACE lists no CREATED_TS (docs/fidelity/icon.md §1, confirmed).
  if (table === 'GCX_AGENT_PLACE') delete created['CREATED_TS'];
  return { ...columns, STATUS: RECORD_STATUS.active, ...created };
}

export function applyRelations(
  relations: Map<string, number>,
  changes: readonly RelationChange[],
): void {
  for (const [key, row] of changes) {
    if (row === null) relations.delete(key);
    else relations.set(key, row);
  }
}

function relationKey({ table, columns }: ConfigurationRow): string {
  const { SLEVEL: _level, ...ends } = columns;
  return `${table} ${Object.values(ends).join(' ')}`;
}
