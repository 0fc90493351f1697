import { describe, expect, it } from 'vitest';
import type { ConfigurationObject } from '../../../src/engine/configuration/object-types.ts';
import type { Edit } from '../../../src/engine/configuration/transaction.ts';
import { Editing } from '../../support/editing.ts';
import { messagesOf } from '../../support/lab50.ts';

/** What a power failure between two writes, or a late answer, must not do. */

const skill = (name: string) =>
  ({
    verb: 'create-object',
    object: { type: 'skill', state: 1, fields: { name, tenant: 101 } },
  }) as const;

function withSkills(editing: Editing, dbid: number, skills: readonly number[]) {
  const person = editing.objects('person').find((object) => object.dbid === dbid)!;
  const had = (person.fields['skills'] as { skill: number; level: number }[]) ?? [];
  const added = skills.map((one) => ({ skill: one, level: 1 }));
  const fields = { ...person.fields, skills: [...had, ...added] };
  return { verb: 'update-object', object: { ...person, fields } } as const;
}

function activeSkills(editing: Editing, person: number): unknown[] {
  return editing
    .rows('GCX_SKILL_LEVEL')
    .filter(({ STATUS, AGENTID }) => STATUS === 1 && AGENTID === person)
    .map(({ SKILLID }) => SKILLID);
}

describe('the Configuration Server', () => {
  it('tells nobody of an edit before its own disk has it', () => {
    const editing = new Editing();
    editing.do(skill('Lost'));
    editing.do({ verb: 'crash-host', host: 'confserv' });
    editing.run(1);
    editing.do({ verb: 'boot-host', host: 'confserv' });
    editing.run(20);
    expect(editing.objects('skill').map(({ fields }) => fields['name'])).not.toContain('Lost');
    expect(editing.active('GC_SKILL', 'NAME')).not.toContain('Lost');
    editing.do(skill('Second'));
    editing.run(10);
    // The next one has the same DBID and record, and is not taken for the lost one.
    expect(editing.active('GC_SKILL', 'NAME')).toContain('Second');
  });

  it.each([1, 2, 3, 4, 5, 6, 8, 10, 15])(
    'loses power %i ms after an edit: it and ICON agree',
    (ms) => {
      const editing = new Editing();
      editing.do(skill('One'));
      editing.run(ms / 1000);
      editing.do(skill('Two'));
      editing.do({ verb: 'crash-host', host: 'confserv' });
      editing.run(1);
      editing.do({ verb: 'boot-host', host: 'confserv' });
      editing.run(20);
      const names = editing.objects('skill').map(({ fields }) => fields['name']);
      expect(names).not.toContain('Two');
      expect(new Set(editing.active('GC_SKILL', 'NAME'))).toEqual(new Set(names));
      editing.do(skill('Three'));
      editing.run(10);
      expect(editing.active('GC_SKILL', 'NAME')).toContain('Three');
    },
  );

  it.each([0, 1, 2, 3, 4, 5, 6, 8, 12])(
    'ends %i ms after an edit, as a process or with its host: ICON learns it or it is not there',
    (ms) => {
      for (const how of ['process', 'host'] as const) {
        const editing = new Editing();
        editing.do(skill('One'));
        editing.run(ms / 1000);
        if (how === 'process') editing.do({ verb: 'stop-process', process: 'confserv' });
        else editing.do({ verb: 'crash-host', host: 'confserv' });
        editing.run(1);
        if (how === 'process') editing.do({ verb: 'start-process', process: 'confserv' });
        else editing.do({ verb: 'boot-host', host: 'confserv' });
        editing.run(20);
        const names = editing.objects('skill').map(({ fields }) => fields['name']);
        expect(new Set(editing.active('GC_SKILL', 'NAME'))).toEqual(new Set(names));
        if (how === 'process') expect(names).toContain('One');
        expect(editing.lines('resynchronize')).toEqual([]);
      }
    },
  );

  it('answers a client that asks while an edit is on its way to the disk when it is there', () => {
    const editing = new Editing();
    editing.do({ verb: 'stop-process', process: 'icon1' });
    editing.run(1);
    editing.do({ verb: 'start-process', process: 'icon1' });
    const { simulation } = editing.watched.lab;
    while (editing.server.asked.length === 0) {
      editing.do(skill(`S${simulation.nowUs}`));
      simulation.runUntil(simulation.nowUs + 1500);
      if (simulation.nowUs > 30_000_000) throw new Error('it never asked');
    }
    editing.run(10);
    expect(editing.lines('resynchronize')).toEqual([]);
    expect(editing.active('GC_SKILL', 'ID')).toHaveLength(editing.objects('skill').length);
  });

  it('a history log that has the name of the database is another file', () => {
    const editing = new Editing();
    editing.setServerOption('all', 'configuration.db');
    editing.do({ verb: 'stop-process', process: 'confserv' });
    editing.do({ verb: 'start-process', process: 'confserv' });
    editing.run(20);
    editing.create('skill', { name: 'After', tenant: 101 });
    expect(editing.active('GC_SKILL', 'NAME')).toContain('After');
  });

  it('takes no edit while it hangs', () => {
    const editing = new Editing();
    editing.do({ verb: 'hang-process', process: 'confserv' });
    expect(editing.watched.lab.execute(skill('Hung'))).toMatchObject({
      ok: false,
      error: { code: 'process-hung', effect: 'none' },
    });
  });

  it('a client that reads everything has no session that could have expired', () => {
    const editing = new Editing();
    editing.do({ verb: 'stop-process', process: 'icon1' });
    editing.do({ verb: 'delete-file', host: 'icon', path: 'cfg-sync.db' });
    editing.run(2 * 86_400);
    editing.do({ verb: 'start-process', process: 'icon1' });
    const { simulation } = editing.watched.lab;
    while (editing.icon?.synchronization?.phase !== 'reading objects') {
      simulation.runUntil(simulation.nowUs + 1000);
    }
    simulation.runUntil(simulation.nowUs + 5000);
    editing.do(skill('Meanwhile'));
    editing.run(20);
    expect(editing.active('GC_SKILL', 'NAME')).toContain('Meanwhile');
    expect(editing.lines('resynchronize')).toEqual([]);
  });
});

describe('ICON', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12])(
    'ends %i ms after it heard of a relation: no row id is given twice',
    (ms) => {
      const editing = new Editing();
      editing.do(withSkills(editing, 101, [103]));
      const { simulation } = editing.watched.lab;
      const told = messagesOf(editing.watched, 'object changed').length;
      while (messagesOf(editing.watched, 'object changed').length === told) {
        simulation.runUntil(simulation.nowUs + 200);
      }
      simulation.runUntil(simulation.nowUs + ms * 1000);
      editing.do({ verb: 'stop-process', process: 'icon1' });
      editing.do({ verb: 'start-process', process: 'icon1' });
      editing.run(20);
      editing.do(withSkills(editing, 102, [104]));
      editing.run(20);
      expect(activeSkills(editing, 101)).toContain(103);
      expect(activeSkills(editing, 102)).toContain(104);
    },
  );

  it('loses power at any moment after two edits: both reach IDB', () => {
    for (let afterUs = 500; afterUs < 16_000; afterUs += 500) {
      const editing = new Editing();
      editing.do(skill('One'));
      editing.run(0.0024);
      editing.do(skill('Two'));
      const { simulation } = editing.watched.lab;
      simulation.runUntil(simulation.nowUs + afterUs);
      editing.do({ verb: 'crash-host', host: 'icon' });
      editing.run(1);
      editing.do({ verb: 'boot-host', host: 'icon' });
      editing.run(20);
      const names = editing.active('GC_SKILL', 'NAME');
      expect(names, `${afterUs} us`).toContain('One');
      expect(names, `${afterUs} us`).toContain('Two');
    }
  });

  it('obeys options that changed during a synchronization', () => {
    const editing = new Editing();
    editing.setIconOption('start-cfg-sync', '0');
    editing.option('start-cfg-sync', '1');
    const { simulation } = editing.watched.lab;
    while (!editing.icon.synchronization) simulation.runUntil(simulation.nowUs + 1000);
    editing.option('start-cfg-sync', '0');
    editing.option('acc-queue-size', '7');
    editing.run(20);
    expect(editing.icon.options).toMatchObject({ startCfgSync: 0, accQueueSize: 7 });
    editing.setIconOption('start-cfg-sync', '1');
    expect(editing.lines('begins: on request')).toHaveLength(2);
  });

  it('a synchronization that was cut short is told as such in G_SYNC_CONTROL', () => {
    const editing = new Editing();
    editing.setIconOption('start-cfg-sync', '0');
    editing.option('start-cfg-sync', '1');
    const { simulation } = editing.watched.lab;
    while (editing.icon.synchronization?.phase !== 'reading objects') {
      simulation.runUntil(simulation.nowUs + 1000);
    }
    editing.do({ verb: 'stop-process', process: 'icon1' });
    editing.do({ verb: 'start-process', process: 'icon1' });
    editing.run(30);
    const controls = editing.rows('G_SYNC_CONTROL').map(({ EVENTID, STATE }) => [EVENTID, STATE]);
    expect(controls).toEqual([
      [25017, 1],
      [25131, 2],
      [25017, 1],
    ]);
    expect(editing.rows('G_SYNC_CONTROL').every(({ FINISHED }) => FINISHED !== null)).toBe(true);
  });
});

describe('what ICON looks up', () => {
  function edit(editing: Editing, ...objects: ConfigurationObject[]): void {
    const edits = objects.map((object): Edit => ({ action: 'update', object }));
    editing.do({ verb: 'edit-configuration', edits });
    editing.run(5);
  }
  const numbered = (object: ConfigurationObject, number: unknown): ConfigurationObject => ({
    ...object,
    fields: { ...object.fields, number: number as string },
  });

  it('two DNs that swap their numbers are found and stay registered', () => {
    const editing = new Editing();
    const dns = editing.objects('dn').filter(({ fields }) => fields['switch'] === 101);
    const [x, y] = dns;
    const [a, b] = [x.fields['number'], y.fields['number']];
    const registered = [...editing.icon.links.values()][0].registered;
    const before = new Set(registered);
    edit(editing, numbered(x, b), numbered(y, a));
    const { endpoints } = editing.icon.directory;
    expect([endpoints.get(String(a)), endpoints.get(String(b))]).toEqual([y.dbid, x.dbid]);
    expect(registered).toEqual(before);
  });

  it('a DN that goes from one place to another is found there, in whatever order', () => {
    const editing = new Editing();
    const [from, to] = editing.objects('place');
    const [dn] = from.fields['dns'] as number[];
    const dns = (object: ConfigurationObject, list: number[]): ConfigurationObject => ({
      ...object,
      fields: { ...object.fields, dns: list },
    });
    edit(editing, dns(to, [...(to.fields['dns'] as number[]), dn]), dns(from, []));
    expect(editing.icon.directory.places.get(dn)).toBe(to.dbid);
  });
});

describe('the cache of ICON', () => {
  const CACHE = { host: 'icon', path: 'cfg-sync.db' } as const;

  it('cannot be deleted or written while ICON has it open', () => {
    const editing = new Editing();
    const refused = { ok: false, error: { code: 'file-in-use' } };
    const { lab } = editing.watched;
    expect(lab.execute({ verb: 'delete-file', ...CACHE })).toMatchObject(refused);
    expect(lab.execute({ verb: 'write-file', ...CACHE, text: '' })).toMatchObject(refused);
    editing.do({ verb: 'stop-process', process: 'icon1' });
    expect(lab.execute({ verb: 'delete-file', ...CACHE })).toMatchObject({ ok: true });
  });

  it('that does not begin with the whole configuration is no cache', () => {
    const editing = new Editing();
    editing.do({ verb: 'stop-process', process: 'icon1' });
    editing.do({ verb: 'write-file', ...CACHE, text: 'not a cache' });
    editing.do({ verb: 'start-process', process: 'icon1' });
    editing.run(20);
    expect(editing.lines('there is no cache')).toHaveLength(2);
    expect(editing.icon.objects.size).toBeGreaterThan(200);
  });
});
