import { describe, expect, it } from 'vitest';
import { OBJECT_TYPES } from '../../../src/engine/configuration/object-types.ts';
import { CONFIGURATION_CACHE_FILE } from '../../../src/engine/icon/configuration-cache.ts';
import { Editing } from '../../support/editing.ts';
import { MINUTE, messagesOf } from '../../support/lab50.ts';

/**
 * The source document's "Populating Configuration Data", a test per sentence. Ids are those of
 * docs/configuration.md.
 */

describe('how ICON populates configuration data', () => {
  it('CFG-01: a disabled DN shows STATE 2, and its calls still make G_PARTY rows', () => {
    const editing = new Editing();
    const dn = editing.objects('dn').find(({ fields }) => fields['number'] === '8001')!;
    editing.update('dn', dn.dbid, { state: 2 });
    editing.run(120);
    expect(editing.rows('GC_ENDPOINT').find(({ ID }) => ID === dn.dbid)).toMatchObject({
      STATE: 2,
      STATUS: 1,
    });
    editing.do({ verb: 'place-call', dialedNumber: '8001', ani: '5550100' });
    editing.run(60);
    const parties = editing.rows('G_PARTY').filter(({ ENDPOINTID }) => ENDPOINTID === dn.dbid);
    expect(parties).toHaveLength(1);
  });

  it('CFG-02: the initial startup gathers all objects, then each change is followed', () => {
    const editing = new Editing();
    expect(editing.active('GC_SKILL', 'ID')).toHaveLength(editing.objects('skill').length);
    const before = editing.requests('read objects').length;
    editing.create('skill', { name: 'Portuguese', tenant: 101 });
    expect(editing.active('GC_SKILL', 'NAME')).toContain('Portuguese');
    expect(editing.requests('read objects')).toHaveLength(before);
  });

  it.each([
    ['cfg', true],
    ['all', true],
    ['gcc', false],
    ['all,~cfg', false],
    // Lower case only: what is not counts as all.
    ['GCC', true],
  ])('CFG-03: role %s: configuration data is stored: %s', (role, isStored) => {
    const editing = new Editing({ role });
    expect(editing.rows('GC_SKILL').length > 0).toBe(isStored);
    const cache = editing.watched.lab.simulation.world.hosts.get('icon')!.disk.files;
    expect(cache.has(CONFIGURATION_CACHE_FILE)).toBe(isStored);
  });

  it('CFG-04, 05, 06: out of sight is deleted; back in sight calls count, tables do not', () => {
    const editing = new Editing();
    editing.run(100);
    const dn = editing.objects('dn').find(({ fields }) => fields['number'] === '8001')!;
    const access = [{ account: 'SYSTEM', rights: 'none' as const }];
    editing.update('dn', dn.dbid, { access });
    const row = () => editing.rows('GC_ENDPOINT').find(({ ID }) => ID === dn.dbid)!;
    expect(row()).toMatchObject({ STATUS: 2 });
    expect(row()['DELETED_TS']).toBeGreaterThan(0);
    const parties = () =>
      editing.rows('G_PARTY').filter(({ ENDPOINTID }) => ENDPOINTID === dn.dbid);
    editing.do({ verb: 'place-call', dialedNumber: '8001', ani: '5550100' });
    editing.run(120);
    expect(parties()).toHaveLength(0);

    const before = row();
    editing.update('dn', dn.dbid, { access: [] });
    editing.do({ verb: 'place-call', dialedNumber: '8001', ani: '5550101' });
    editing.run(120);
    expect(parties()).toHaveLength(1);
    const back = editing.objects('dn').find(({ dbid }) => dbid === dn.dbid)!;
    editing.update('dn', dn.dbid, { fields: { ...back.fields, alias: 'Renamed' } });
    expect(row()).toEqual(before);

    editing.setIconOption('start-cfg-sync', '0');
    editing.setIconOption('start-cfg-sync', '1');
    editing.run(10);
    expect(row()).toMatchObject({ STATUS: 1, NAME: 'Renamed', DELETED_TS: null });
  });

  it('CFG-07: permission on a folder counts for what is in it', () => {
    const editing = new Editing();
    const folder = editing.create('folder', { name: 'Hidden', tenant: 101 });
    const skill = editing.create('skill', { name: 'Secret', tenant: 101, folder });
    expect(editing.active('GC_SKILL', 'ID')).toContain(skill);
    const hidden = [{ account: 'SYSTEM', rights: 'none' as const }];
    editing.update('folder', folder, { access: hidden });
    expect(editing.active('GC_SKILL', 'ID')).not.toContain(skill);
    expect(editing.active('GC_FOLDER', 'ID')).not.toContain(folder);
    const other = editing.create('skill', { name: 'Born hidden', tenant: 101, folder });
    expect(editing.rows('GC_SKILL').map(({ ID }) => ID)).not.toContain(other);
  });

  it('CFG-08: an ICON that logs on as a person sees what that person may', () => {
    const editing = new Editing();
    const person = editing.objects('person')[0].dbid;
    const group = editing.create('accessGroup', {
      name: 'Reporting',
      tenant: 101,
      members: [person],
    });
    const access = [{ account: `accessGroup:${group}`, rights: 'none' as const }];
    const skill = editing.objects('skill')[0].dbid;
    editing.update('skill', skill, { access });
    expect(editing.active('GC_SKILL', 'ID')).toContain(skill);
    const icon = editing.application('ICON1');
    editing.update('application', icon.dbid, { fields: { ...icon.fields, logOnAs: person } });
    expect(editing.active('GC_SKILL', 'ID')).not.toContain(skill);
  });

  it('CFG-14: GC_APPLICATION holds four types only, also when a type changes', () => {
    const editing = new Editing();
    const { choices = [] } = OBJECT_TYPES.application.fields.find(
      ({ name }) => name === 'applicationType',
    )!;
    const dbids = choices.map(({ value, label }) => {
      const fields = { name: `Of type ${label}`, applicationType: value };
      return editing.create('application', fields);
    });
    const stored = editing.active('GC_APPLICATION', 'ID');
    const kept = choices.filter((_choice, at) => stored.includes(dbids[at]));
    expect(kept.map(({ label }) => label)).toEqual([
      'T-Server',
      'CPD Server',
      'Outbound Contact Server',
      'Agent Desktop',
    ]);
    const [tServer] = dbids;
    const retype = (applicationType: number) =>
      editing.update('application', tServer, { fields: { name: 'Retyped', applicationType } });
    retype(111);
    expect(editing.rows('GC_APPLICATION').find(({ ID }) => ID === tServer)).toMatchObject({
      STATUS: 2,
    });
    retype(1);
    expect(editing.rows('GC_APPLICATION').find(({ ID }) => ID === tServer)).toMatchObject({
      STATUS: 1,
      DELETED_TS: null,
    });
  });

  it('CFG-15: the cache survives a shutdown and a restart', () => {
    const editing = new Editing();
    editing.do({ verb: 'stop-process', process: 'icon1' });
    editing.do({ verb: 'start-process', process: 'icon1' });
    const before = editing.requests('read objects').length;
    editing.run(20);
    expect(editing.requests('read objects')).toHaveLength(before);
    expect(editing.icon.objects.has('skill:101')).toBe(true);
  });

  it('CFG-16: data goes to the cache first, from there to the tables', () => {
    const editing = new Editing();
    editing.do({ verb: 'stop-process', process: 'idb' });
    const files = editing.watched.lab.simulation.world.hosts.get('icon')!.disk.files;
    const sizeBefore = files.get(CONFIGURATION_CACHE_FILE)!.sizeBytes;
    const id = editing.create('skill', { name: 'Portuguese', tenant: 101 });
    expect(files.get(CONFIGURATION_CACHE_FILE)!.sizeBytes).toBeGreaterThan(sizeBefore);
    expect(editing.rows('GC_SKILL').some(({ ID }) => ID === id)).toBe(false);
    editing.do({ verb: 'start-process', process: 'idb' });
    editing.run(20);
    expect(editing.active('GC_SKILL', 'ID')).toContain(id);
  });

  it('CFG-17, 21: after a restart it asks for the changes since, and goes on from there', () => {
    const editing = new Editing();
    editing.create('skill', { name: 'First', tenant: 101 });
    editing.do({ verb: 'stop-process', process: 'icon1' });
    const changedAt = Math.floor(editing.watched.lab.simulation.nowUs / 1e6);
    const id = editing.create('skill', { name: 'While away', tenant: 101 });
    editing.run(300);
    editing.do({ verb: 'start-process', process: 'icon1' });
    editing.run(20);
    const asked = editing.requests('read changes').at(-1)!;
    expect(asked.message).toMatchObject({ since: 1 });
    const row = editing.rows('GC_SKILL').find(({ ID }) => ID === id)!;
    // The actual time of the change by the server's clock, not that of the reading.
    const epoch = editing.watched.lab.definition.epochSeconds;
    expect(Number(row['CREATED_TS']) - epoch - changedAt).toBeLessThan(2);
    expect(row).toMatchObject({ GSYS_EXT_INT1: 0, STATUS: 1 });
    editing.create('skill', { name: 'Afterwards', tenant: 101 });
    expect(editing.active('GC_SKILL', 'NAME')).toContain('Afterwards');
  });

  it('CFG-18: the initial load fills cache, queue and tables; its times are marked', () => {
    const editing = new Editing();
    const queue = editing.watched.events.filter(
      ({ kind, data }) => kind === 'diskSynced' && JSON.stringify(data).includes('.pq'),
    );
    expect(queue.length).toBeGreaterThan(0);
    const rows = editing.rows('GC_SKILL');
    expect(rows.every(({ GSYS_EXT_INT1 }) => GSYS_EXT_INT1 === 1)).toBe(true);
    expect(editing.rows('GCX_SKILL_LEVEL').every(({ STATUS }) => STATUS === 1)).toBe(true);
  });

  it('CFG-19: a cache that is missing makes ICON synchronize IDB by itself', () => {
    const editing = new Editing();
    const gone = editing.create('skill', { name: 'Gone', tenant: 101 });
    editing.do({ verb: 'stop-process', process: 'icon1' });
    editing.do({ verb: 'delete-file', host: 'icon', path: CONFIGURATION_CACHE_FILE });
    editing.delete('skill', gone);
    const skill = editing.objects('skill').find(({ dbid }) => dbid === 102)!;
    editing.update('skill', 102, { fields: { ...skill.fields, name: 'Renamed' } });
    const come = editing.create('skill', { name: 'Come', tenant: 101 });
    const kept = editing.rows('GC_SKILL').find(({ ID }) => ID === 101);
    const relations = editing.rows('GCX_SKILL_LEVEL').length;
    editing.do({ verb: 'start-process', process: 'icon1' });
    editing.run(30);
    expect(editing.lines('there is no cache')).toHaveLength(2);
    const ids = editing.objects('skill').map(({ dbid }) => dbid);
    expect(new Set(editing.active('GC_SKILL', 'ID'))).toEqual(new Set(ids));
    const row = (id: number) => editing.rows('GC_SKILL').find(({ ID }) => ID === id);
    expect(row(gone)).toMatchObject({ STATUS: 2, GSYS_EXT_INT1: 2 });
    expect(row(102)).toMatchObject({ NAME: 'Renamed', STATUS: 1 });
    expect(row(come)).toMatchObject({ STATUS: 1, GSYS_EXT_INT1: 1 });
    expect(row(101)).toEqual(kept);
    expect(editing.rows('GCX_SKILL_LEVEL')).toHaveLength(relations);
    // The cache is whole again: a further restart reads no objects.
    const before = editing.requests('read objects').length;
    editing.do({ verb: 'stop-process', process: 'icon1' });
    editing.do({ verb: 'start-process', process: 'icon1' });
    editing.run(20);
    expect(editing.requests('read objects')).toHaveLength(before);
  });

  it('CFG-20: each client is told at once, with the actual time of the change', () => {
    const editing = new Editing();
    editing.do({
      verb: 'create-object',
      object: { type: 'skill', state: 1, fields: { name: 'Now', tenant: 101 } },
    });
    const atUs = editing.watched.lab.simulation.nowUs;
    editing.run(10);
    const [told] = messagesOf(editing.watched, 'object changed').slice(-1);
    expect(told).toMatchObject({ to: 'icon1' });
    expect(told.atUs - atUs).toBeLessThan(50_000);
    const row = editing.rows('GC_SKILL').find(({ NAME }) => NAME === 'Now')!;
    const epoch = editing.watched.lab.definition.epochSeconds;
    expect(row['CREATED_TS']).toBe(Math.floor(epoch + atUs / 1e6));
  });

  it('CFG-21: it asks every time it connects', () => {
    const editing = new Editing();
    const before = editing.requests('read changes').length;
    editing.do({ verb: 'stop-process', process: 'confserv' });
    editing.do({ verb: 'start-process', process: 'confserv' });
    editing.run(20);
    expect(editing.requests('read changes').length).toBe(before + 1);
  });

  it('CFG-22: before 7.6 history-log-active false loses what happens while ICON is away', () => {
    const editing = new Editing(
      {},
      {
        configurationServer: {
          version: '7.5',
          // The later release's section counts for nothing here.
          options: {
            confserv: { 'history-log-active': 'false' },
            'history-log': { active: 'true' },
          },
        },
      },
    );
    editing.do({ verb: 'stop-process', process: 'icon1' });
    const id = editing.create('skill', { name: 'Missed', tenant: 101 });
    editing.do({ verb: 'start-process', process: 'icon1' });
    editing.run(20);
    expect(editing.active('GC_SKILL', 'ID')).not.toContain(id);
    expect(editing.lines('the history log is not active')).toHaveLength(1);
    // It does not prevent resynchronization.
    editing.setIconOption('start-cfg-sync', '0');
    editing.setIconOption('start-cfg-sync', '1');
    editing.run(10);
    expect(editing.active('GC_SKILL', 'ID')).toContain(id);
  });

  it('CFG-24: on request: all data is read, notifications are off, then they come again', () => {
    const editing = new Editing();
    editing.setIconOption('start-cfg-sync', '0');
    const icon = editing.application('ICON1');
    const callconcentrator = { ...icon.options?.['callconcentrator'], 'start-cfg-sync': '1' };
    editing.do({ verb: 'update-object', object: { ...icon, options: { callconcentrator } } });
    const { simulation } = editing.watched.lab;
    const startUs = simulation.nowUs;
    while (editing.icon.synchronization?.phase !== 'reading objects') {
      simulation.runUntil(simulation.nowUs + 1000);
    }
    // In the middle: rows carry STATUS 10, and nobody is told of a change.
    expect(editing.rows('GC_SKILL').every(({ STATUS }) => STATUS === 10)).toBe(true);
    expect(editing.rows('G_SYNC_CONTROL').at(-1)).toMatchObject({ EVENTID: 0, FINISHED: null });
    const told = messagesOf(editing.watched, 'object changed').length;
    editing.do({
      verb: 'create-object',
      object: { type: 'skill', state: 1, fields: { name: 'Meanwhile', tenant: 101 } },
    });
    editing.run(10);
    expect(messagesOf(editing.watched, 'object changed')).toHaveLength(told);
    expect(editing.icon.synchronization).toBeNull();
    expect(simulation.nowUs - startUs).toBeLessThan(MINUTE);
    expect(editing.active('GC_SKILL', 'NAME')).toContain('Meanwhile');
    expect(editing.rows('GC_SKILL').every(({ STATUS }) => STATUS === 1)).toBe(true);
    expect(editing.rows('G_SYNC_CONTROL').at(-1)).toMatchObject({ EVENTID: 25017, STATE: 1 });
    editing.create('skill', { name: 'Afterwards', tenant: 101 });
    expect(editing.active('GC_SKILL', 'NAME')).toContain('Afterwards');
  });

  it('CFG-25: a 1 that is there at startup does nothing; 1 after anything but 0 neither', () => {
    const editing = new Editing({ 'start-cfg-sync': '1' });
    const before = editing.requests('read objects').length;
    editing.do({ verb: 'stop-process', process: 'icon1' });
    editing.do({ verb: 'start-process', process: 'icon1' });
    editing.run(20);
    editing.setIconOption('start-cfg-sync', '-1');
    editing.setIconOption('start-cfg-sync', '1');
    expect(editing.requests('read objects')).toHaveLength(before);
  });

  it.each(['icon1', 'confserv', 'idb'])(
    'CFG-26: once begun it goes to its end, though %s dies in the middle',
    (process) => {
      const editing = new Editing();
      editing.setIconOption('start-cfg-sync', '0');
      const icon = editing.application('ICON1');
      const callconcentrator = { ...icon.options?.['callconcentrator'], 'start-cfg-sync': '1' };
      editing.do({ verb: 'update-object', object: { ...icon, options: { callconcentrator } } });
      const { simulation } = editing.watched.lab;
      simulation.runUntil(simulation.nowUs + 25_000);
      expect(editing.icon.synchronization).not.toBeNull();
      editing.do({ verb: 'stop-process', process });
      editing.run(5);
      editing.do({ verb: 'start-process', process });
      editing.run(60);
      expect(editing.icon.synchronization).toBeNull();
      const rows = [...editing.rows('GC_SKILL'), ...editing.rows('GCX_SKILL_LEVEL')];
      expect(rows.every(({ STATUS }) => STATUS === 1)).toBe(true);
      editing.create('skill', { name: 'Afterwards', tenant: 101 });
      expect(editing.active('GC_SKILL', 'NAME')).toContain('Afterwards');
    },
  );
});
