import {
  choice,
  FOLDER,
  flag,
  integer,
  NAME,
  reference,
  references,
  rows,
  TENANT,
  text,
} from '../fields.ts';
import type { ObjectType, ObjectTypeName } from '../object-types.ts';

const ROUTE_DNS = references('routeDns', 'Origination DNs', 'dn', {
  table: 'GCX_GROUP_ROUTEDN',
  own: 'GROUPID',
  other: 'ENDPOINTID',
});

/** Persons, where they sit, how they log in, and the groups of all that. */
export const PEOPLE_TYPES = {
  person: {
    label: 'Person',
    plural: 'Persons',
    cfgObjectType: 3,
    nameField: 'employeeId',
    table: 'GC_AGENT',
    annexSections: ['RPT*'],
    fields: [
      text('employeeId', 'Employee ID', { required: true, unique: true, column: 'EMPLOYEEID' }),
      text('userName', 'User name', { required: true, unique: true, column: 'USERNAME' }),
      text('firstName', 'First name', { maxLength: 32, column: 'FIRSTNAME' }),
      text('lastName', 'Last name', { maxLength: 32, column: 'LASTNAME' }),
      text('email', 'E-mail', { maxLength: 255, column: 'EMAIL' }),
      flag('isAgent', 'Is agent', { column: 'TYPE' }),
      TENANT,
      FOLDER,
      reference('place', 'Default place', 'place', {
        column: 'PLACEID',
        relation: { table: 'GCX_AGENT_PLACE', own: 'AGENTID', other: 'PLACEID' },
      }),
      rows(
        'skills',
        'Skills',
        [
          reference('skill', 'Skill', 'skill', { required: true, column: 'SKILLID' }),
          integer('level', 'Level', { max: 100, column: 'SLEVEL' }),
        ],
        { table: 'GCX_SKILL_LEVEL', own: 'AGENTID', other: 'SKILLID' },
      ),
    ],
  },
  agentLogin: {
    label: 'Agent login',
    plural: 'Agent logins',
    cfgObjectType: 15,
    nameField: 'loginCode',
    table: 'GC_LOGIN',
    tenantOf: 'switch',
    fields: [
      text('loginCode', 'Login code', {
        required: true,
        unique: true,
        maxLength: 16,
        column: 'LOGINCODE',
      }),
      reference('switch', 'Switch', 'switch', { required: true, column: 'SWITCHID' }),
      FOLDER,
      reference('person', 'Person', 'person', {
        relation: {
          table: 'GCX_LOGIN_INFO',
          own: 'LOGINID',
          other: 'AGENTID',
          also: { WRAPUPTIME: 'wrapUpTime' },
        },
      }),
      integer('wrapUpTime', 'Wrap-up time, seconds', { max: 86_400 }),
    ],
  },
  place: {
    label: 'Place',
    plural: 'Places',
    cfgObjectType: 4,
    nameField: 'name',
    table: 'GC_PLACE',
    fields: [
      NAME,
      TENANT,
      FOLDER,
      references('dns', 'DNs', 'dn', {
        table: 'GCX_ENDPOINT_PLACE',
        own: 'PLACEID',
        other: 'ENDPOINTID',
      }),
    ],
  },
  agentGroup: {
    label: 'Agent group',
    plural: 'Agent groups',
    cfgObjectType: 5,
    nameField: 'name',
    table: 'GC_GROUP',
    constants: { TYPE: 1, DNGROUPTYPE: 0 },
    annexSections: ['RPT*'],
    fields: [
      NAME,
      TENANT,
      FOLDER,
      references('agents', 'Agents', 'person', {
        table: 'GCX_GROUP_AGENT',
        own: 'GROUPID',
        other: 'AGENTID',
      }),
      ROUTE_DNS,
      text('script', 'Virtual group expression', { maxLength: 1024, column: 'SCRIPT' }),
      reference('peripheral', 'Peripheral', 'peripheral', {
        help: 'The CallRouter takes the group for a skill group of this peripheral.',
      }),
    ],
  },
  placeGroup: {
    label: 'Place group',
    plural: 'Place groups',
    cfgObjectType: 6,
    nameField: 'name',
    table: 'GC_GROUP',
    constants: { TYPE: 2, DNGROUPTYPE: 0 },
    fields: [
      NAME,
      TENANT,
      FOLDER,
      references('places', 'Places', 'place', {
        table: 'GCX_GROUP_PLACE',
        own: 'GROUPID',
        other: 'PLACEID',
      }),
      ROUTE_DNS,
    ],
  },
  dnGroup: {
    label: 'DN group',
    plural: 'DN groups',
    cfgObjectType: 17,
    nameField: 'name',
    table: 'GC_GROUP',
    constants: { TYPE: 3 },
    annexSections: ['RPT*'],
    fields: [
      NAME,
      TENANT,
      FOLDER,
      choice(
        'dnGroupType',
        'Type',
        {
          1: 'Single Ports',
          2: 'ACD Queues',
          3: 'Routing Points',
          4: 'Network Ports',
          5: 'Service Numbers',
        },
        { required: true, column: 'DNGROUPTYPE' },
      ),
      references('dns', 'DNs', 'dn', {
        table: 'GCX_GROUP_ENDPOINT',
        own: 'GROUPID',
        other: 'ENDPOINTID',
      }),
      ROUTE_DNS,
    ],
  },
  skill: {
    label: 'Skill',
    plural: 'Skills',
    cfgObjectType: 13,
    nameField: 'name',
    table: 'GC_SKILL',
    fields: [NAME, TENANT, FOLDER],
  },
  actionCode: {
    label: 'Action code',
    plural: 'Action codes',
    cfgObjectType: 14,
    nameField: 'name',
    table: 'GC_ACTION_CODE',
    fields: [
      NAME,
      TENANT,
      FOLDER,
      choice('codeType', 'Type', { 8: 'Ready', 9: 'Not Ready' }, { column: 'TYPE' }),
      text('code', 'Code', { required: true, maxLength: 16, column: 'CODE' }),
      rows(
        'subcodes',
        'Subcodes',
        [
          text('code', 'Code', { required: true, maxLength: 16, column: 'CODE' }),
          text('name', 'Name', { required: true, column: 'NAME' }),
        ],
        { table: 'GCX_SUBCODE', own: 'CODEID', other: 'CODE' },
      ),
    ],
  },
} satisfies Partial<Record<ObjectTypeName, ObjectType>>;
