import { describe, expect, it } from 'vitest';
import type { FieldValue, Sections } from '../../../src/engine/configuration/object-types.ts';
import { OBJECT_TYPES } from '../../../src/engine/configuration/object-types.ts';
import { Editing } from '../../support/editing.ts';

describe('a configuration object of every type', () => {
  it('CFG-13: becomes a row of its table with its relations', () => {
    const editing = new Editing();
    const tenant = 101;
    const base = { tenant, description: 'd' };
    editing.create('folder', { name: 'F', tenant, contains: 3 });
    const folder = editing.create('folder', { name: 'Any', tenant });
    const named = (name: string) => ({ name, ...base, folder });
    const attribute = editing.create('businessAttribute', named('Media'));
    const media = editing.create('attributeValue', {
      ...named('voice'),
      attribute,
      displayName: 'Voice',
      isDefault: true,
    });
    editing.create('objectiveTable', { ...named('Goals'), records: [{ mediaType: media }] });
    const field = editing.create('field', { ...named('Phone'), dataType: 4, length: 32 });
    const format = editing.create('format', { ...named('Basic'), fields: [field] });
    const access = editing.create('tableAccess', { ...named('T'), format, tableName: 'cl' });
    const treatment = editing.create('treatment', { ...named('Busy'), callResult: 6 });
    const list = editing.create('callingList', {
      ...named('L'),
      tableAccess: access,
      filter: editing.create('filter', named('All')),
      treatments: [treatment],
    });
    editing.create('campaign', {
      ...named('Spring'),
      lists: [{ list, share: 10, isActive: true }],
      groups: [{ group: 101, dialMode: 2, channels: 5 }],
    });
    editing.create('placeGroup', { name: 'PG', tenant, places: [101, 102] });
    editing.create('dnGroup', { name: 'DG', tenant, dnGroupType: 1, dns: [110], routeDns: [111] });
    editing.create('actionCode', {
      name: 'Lunch',
      tenant,
      codeType: 9,
      code: '1',
      subcodes: [{ code: '11', name: 'Short' }],
    });
    const ivr = editing.create('ivr', { ...named('IVR1'), version: '8' });
    editing.create('ivrPort', { name: '1', ivr, dn: 110, description: '' });
    editing.create('voicePrompt', named('Hello'));
    editing.create('timeZone', { ...named('CST'), offset: -360 });
    editing.create('host', { name: 'h1' });
    editing.create('transaction', named('T1'));

    for (const { table, label } of Object.values(OBJECT_TYPES)) {
      if (table) expect(editing.rows(table).length, label).toBeGreaterThan(0);
    }
    expect(editing.rows('GC_FOLDER')[0]).toMatchObject({
      NAME: 'F',
      TYPE: 3,
      OWNERID: tenant,
      OWNERTYPE: 7,
      STATUS: 1,
      STATE: 1,
    });
    expect(editing.rows('GC_ATTR_VALUE')[0]).toMatchObject({
      FOLDERID: folder,
      ATTRIBUTEID: attribute,
      ISDEFAULT: 2,
    });
    expect(editing.rows('GCX_OBJTABLE_RECORD')[0]).toMatchObject({ MEDIATYPEID: media });
    expect(editing.rows('GCX_CAMPLIST_INFO')[0]).toMatchObject({ LISTID: list, SHARE: 10 });
    expect(editing.rows('GCX_CAMPGROUP_INFO')[0]).toMatchObject({ GROUPID: 101, DIALMODE: 2 });
    expect(editing.rows('GCX_FORMAT_FIELD')[0]).toMatchObject({ FORMATID: format, FIELDID: field });
    expect(editing.rows('GCX_LIST_TREATMENT')[0]).toMatchObject({ TREATMENTID: treatment });
    expect(editing.rows('GCX_GROUP_PLACE')).toHaveLength(2);
    expect(editing.rows('GCX_GROUP_ENDPOINT')[0]).toMatchObject({ ENDPOINTID: 110 });
    expect(editing.rows('GCX_GROUP_ROUTEDN')[0]).toMatchObject({ ENDPOINTID: 111 });
    expect(editing.rows('GCX_SUBCODE')[0]).toMatchObject({ CODE: '11', NAME: 'Short' });
    expect(editing.rows('GC_IVRPORT')[0]).toMatchObject({ IVRID: ivr, TENANTID: tenant });
    expect(editing.rows('GC_TIME_ZONE')[0]).toMatchObject({ OFFSETGMT: -360 });
    const groups = editing.rows('GC_GROUP').map(({ TYPE }) => TYPE);
    expect(new Set(groups)).toEqual(new Set([1, 2, 3]));
  });

  it('a relation that changes keeps its row, one that ends is marked', () => {
    const editing = new Editing();
    const fields = {
      employeeId: 'E9',
      userName: 'u9',
      tenant: 101,
      skills: [
        { skill: 101, level: 3 },
        { skill: 102, level: 4 },
      ],
    };
    const person = editing.create('person', fields);
    editing.update('person', person, {
      fields: { ...fields, skills: [{ skill: 101, level: 9 }] },
    });
    const own = editing.rows('GCX_SKILL_LEVEL').filter(({ AGENTID }) => AGENTID === person);
    expect(own).toMatchObject([
      { SKILLID: 101, SLEVEL: 9, STATUS: 1 },
      { SKILLID: 102, SLEVEL: 4, STATUS: 2 },
    ]);
    expect(own[1]['DELETED_TS']).toBeGreaterThan(0);
  });

  it('records of a list are checked line by line', () => {
    const editing = new Editing();
    const person = (skills: FieldValue) => ({
      employeeId: 'E9',
      userName: 'u9',
      tenant: 101,
      skills,
    });
    const refused = (skills: FieldValue) => {
      const object = { type: 'person', state: 1, fields: person(skills) } as const;
      const result = editing.watched.lab.execute({ verb: 'create-object', object });
      return result.ok ? '' : result.error.message;
    };
    expect(refused([{ skill: 999, level: 1 }])).toContain('there is no Skill with DBID 999');
    expect(refused([{ skill: 101, level: 101 }])).toContain('Skills, line 1: Level must lie');
    expect(refused([{ skill: 101 }, { skill: 101 }])).toContain('Skill is there already');
    expect(refused([{ skill: 101, colour: 1 }])).toContain('there is no field "colour"');
  });

  it('what a list refers to cannot be deleted', () => {
    const editing = new Editing();
    const command = { verb: 'delete-object', objectType: 'skill', dbid: 101 } as const;
    expect(editing.watched.lab.execute(command)).toMatchObject({
      ok: false,
      error: { code: 'object-in-use' },
    });
  });
});

describe('GC_ANNEX', () => {
  const person = (annex: Sections) =>
    ({ fields: { employeeId: 'E9', userName: 'u9', tenant: 101 }, annex }) as const;

  it('CFG-09: without cfg-annex nothing is written', () => {
    const editing = new Editing();
    editing.create('person', person({}).fields, { RPT: { region: 'west' } });
    expect(editing.rows('GC_ANNEX')).toEqual([]);
  });

  it('CFG-10, 11: follows options that come, change, are renamed, go and come again', () => {
    const editing = new Editing({ 'cfg-annex': '1' });
    const dbid = editing.create('person', person({}).fields, {
      RPT_sales: { region: 'west', line: '1' },
      other: { x: 'y' },
    });
    const seen = () =>
      editing.rows('GC_ANNEX').map(({ SECTIONNAME, KEYNAME, VALUE, STATUS }) => {
        return [SECTIONNAME, KEYNAME, VALUE, STATUS].join(' ');
      });
    expect(seen()).toEqual(['RPT_sales region west 1', 'RPT_sales line 1 1']);
    expect(editing.rows('GC_ANNEX')[0]).toMatchObject({
      CFGOBJECTID: dbid,
      CFGOBJECTTYPE: 3,
      TENANTID: 101,
    });
    const [first] = editing.rows('GC_ANNEX');

    editing.update('person', dbid, person({ RPT_sales: { region: 'east', name: '1' } }));
    expect(seen()).toEqual(['RPT_sales region east 1', 'RPT_sales line 1 2', 'RPT_sales name 1 1']);
    const [changed] = editing.rows('GC_ANNEX');
    expect(changed['CREATED_TS']).toBe(first['CREATED_TS']);
    expect(changed['LASTCHANGE_TS']).toBeGreaterThan(Number(first['LASTCHANGE_TS']));

    // Deleted and created again: CREATED and LASTCHANGE are the new moment (source document).
    editing.update('person', dbid, person({ RPT_sales: { line: '2' } }));
    const again = editing.rows('GC_ANNEX')[1];
    expect(again).toMatchObject({ KEYNAME: 'line', VALUE: '2', STATUS: 1, DELETED_TS: null });
    expect(again['CREATED_TS']).toBe(again['LASTCHANGE_TS']);
    expect(again['CREATED_TS']).toBeGreaterThan(Number(first['CREATED_TS']));

    // The section is renamed, then the object is deleted.
    editing.update('person', dbid, person({ RPT_service: { line: '2' } }));
    expect(seen().at(-1)).toBe('RPT_service line 2 1');
    expect(seen()[1]).toBe('RPT_sales line 2 2');
    editing.delete('person', dbid);
    expect(editing.rows('GC_ANNEX').every(({ STATUS }) => STATUS === 2)).toBe(true);
  });

  it.each([
    ['dn', { number: '7777', dnType: 1, switch: 101 }, ['gim-etl', 'RPT1', 'agg-x'], ['gim-etl2']],
    ['agentGroup', { name: 'G9', tenant: 101 }, ['RPT'], ['gim-etl', 'agg-x']],
    ['dnGroup', { name: 'D9', tenant: 101, dnGroupType: 1 }, ['RPT'], ['gim-etl']],
    ['switch', { name: 'S9', tenant: 101 }, ['gim-etl', 'agg-1'], ['RPT', 'agg']],
    ['place', { name: 'P9', tenant: 101 }, [], ['RPT', 'gim-etl', 'agg-1']],
  ] as const)('CFG-12: of a %s only the monitored sections', (type, fields, kept, left) => {
    const editing = new Editing({ 'cfg-annex': '1' });
    const sections = [...kept, ...left].map((section) => [section, { key: 'v' }] as const);
    editing.create(type, { ...fields }, Object.fromEntries(sections));
    const names = editing.rows('GC_ANNEX').map(({ SECTIONNAME }) => SECTIONNAME);
    expect(names).toEqual([...kept]);
  });

  it('a restart of ICON neither loses nor repeats Annex rows', () => {
    const editing = new Editing({ 'cfg-annex': '1' });
    const dbid = editing.create('person', person({}).fields, { RPT: { a: '1' } });
    const { lab } = editing.watched;
    lab.execute({ verb: 'stop-process', process: 'icon1' });
    editing.update('person', dbid, person({ RPT: { a: '2', b: '3' } }));
    lab.execute({ verb: 'start-process', process: 'icon1' });
    editing.run(30);
    expect(editing.rows('GC_ANNEX')).toMatchObject([
      { KEYNAME: 'a', VALUE: '2', STATUS: 1 },
      { KEYNAME: 'b', VALUE: '3', STATUS: 1 },
    ]);
  });
});
