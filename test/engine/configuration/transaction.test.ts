import { describe, expect, it } from 'vitest';
import { EVERYONE } from '../../../src/engine/configuration/access.ts';
import type {
  ConfigurationObject,
  FieldValue,
  ObjectTypeName,
} from '../../../src/engine/configuration/object-types.ts';
import { objectsByKey } from '../../../src/engine/configuration/object-types.ts';
import {
  type Edit,
  invertChanges,
  planEdits,
  repeatChanges,
} from '../../../src/engine/configuration/transaction.ts';
import { Editing } from '../../support/editing.ts';

function object(
  type: ObjectTypeName,
  dbid: number,
  fields: Record<string, FieldValue>,
  more: Partial<ConfigurationObject> = {},
): ConfigurationObject {
  return { type, dbid, state: 1, fields, ...more };
}

const tenant = object('tenant', 1, { name: 'Environment' });
const switchObject = object('switch', 2, { name: 'CHI', tenant: 1 });
const person = object('person', 5, { employeeId: 'E5', userName: 'five', tenant: 1 });
const START = objectsByKey([tenant, switchObject, person]);

const create = (made: ConfigurationObject): Edit => ({ action: 'create', object: made });
const remove = (objectType: ObjectTypeName, dbid: number): Edit => ({
  action: 'delete',
  objectType,
  dbid,
});

describe('a transaction', () => {
  it('gives new objects their DBIDs, and those that refer to them the same', () => {
    const plan = planEdits(START, 100, [
      create(object('place', -1, { name: 'Desk', tenant: 1, dns: [-2] })),
      create(object('dn', -2, { number: '7001', dnType: 1, switch: 2 })),
      create(
        object('person', -3, {
          employeeId: 'E9',
          userName: 'nine',
          tenant: 1,
          place: -1,
          skills: [{ skill: -4, level: 3 }],
        }),
      ),
      create(object('skill', -4, { name: 'Greek', tenant: 1 })),
    ]);
    expect(plan.problems).toEqual([]);
    expect(plan.nextDbid).toBe(104);
    expect(plan.changes.map((change) => change.object.dbid)).toEqual([100, 101, 102, 103]);
    expect(plan.changes[0].object.fields['dns']).toEqual([101]);
    expect(plan.changes[2].object.fields).toMatchObject({
      place: 100,
      skills: [{ skill: 103, level: 3 }],
    });
  });

  it('is checked by where it ends: what lets go and what is deleted may come in any order', () => {
    const group = object('agentGroup', 9, { name: 'G', tenant: 1, agents: [5] });
    const objects = objectsByKey([...START.values(), group]);
    const without = { ...group, fields: { ...group.fields, agents: [] } };
    const edits: Edit[] = [remove('person', 5), { action: 'update', object: without }];
    expect(planEdits(objects, 100, edits).problems).toEqual([]);
    const [problem] = planEdits(objects, 100, [remove('person', 5)]).problems;
    expect(problem).toMatchObject({ kind: 'object in use', users: [group] });
  });

  it('names every edit that is wrong', () => {
    const { problems } = planEdits(START, 100, [
      create(object('skill', -1, { name: 'Same', tenant: 1 })),
      create(object('skill', -2, { name: 'Same', tenant: 1 })),
      create(object('skill', -3, { name: 'Other', tenant: 77 })),
    ]);
    expect(problems.map(({ edit, kind }) => [edit, kind])).toEqual([
      [0, 'invalid object'],
      [1, 'invalid object'],
      [2, 'invalid object'],
    ]);
    expect(planEdits(START, 100, [remove('skill', 4)]).problems).toMatchObject([
      { edit: 0, kind: 'unknown object' },
    ]);
  });

  it('a new DBID may be used once, whatever the type', () => {
    const { problems } = planEdits(START, 100, [
      create(object('placeGroup', -1, { name: 'P', tenant: 1 })),
      create(object('dnGroup', -1, { name: 'D', tenant: 1, dnGroupType: 1 })),
    ]);
    expect(problems).toMatchObject([{ edit: 1, kind: 'unknown object' }]);
  });

  it('folders do not lie within themselves, permissions name accounts that are there', () => {
    const one = object('folder', 20, { name: 'One', tenant: 1 });
    const two = object('folder', 21, { name: 'Two', tenant: 1, folder: 20 });
    const objects = objectsByKey([...START.values(), one, two]);
    const loop: Edit = {
      action: 'update',
      object: { ...one, fields: { ...one.fields, folder: 21 } },
    };
    expect(planEdits(objects, 100, [loop]).problems[0].fields).toMatchObject([{ field: 'folder' }]);
    const nobody = { ...one, access: [{ account: 'person:99', rights: 'read' as const }] };
    const { problems } = planEdits(objects, 100, [{ action: 'update', object: nobody }]);
    expect(problems[0].fields).toMatchObject([{ field: 'access' }]);
  });

  it('undo brings back what was, redo what had been made, with the same DBIDs', () => {
    const edits = [
      create(object('skill', -1, { name: 'Greek', tenant: 1 })),
      remove('person', 5),
      { action: 'update', object: { ...switchObject, state: 2 } } as const,
    ];
    const done = planEdits(START, 100, edits);
    const undone = planEdits(done.objects, done.nextDbid, invertChanges(done.changes));
    expect(undone.problems).toEqual([]);
    expect(undone.objects).toEqual(START);
    const again = planEdits(undone.objects, undone.nextDbid, repeatChanges(done.changes));
    expect(again.objects).toEqual(done.objects);
  });
});

describe('permissions of the one who edits', () => {
  const folder = object(
    'folder',
    20,
    { name: 'Guarded', tenant: 1 },
    {
      access: [
        { account: EVERYONE, rights: 'read' },
        { account: 'accessGroup:30', rights: 'change' },
      ],
    },
  );
  const group = object('accessGroup', 30, { name: 'Editors', tenant: 1, members: [5] });
  const other = object('person', 6, { employeeId: 'E6', userName: 'six', tenant: 1 });
  const skill = object('skill', 40, { name: 'Inside', tenant: 1, folder: 20 });
  const objects = objectsByKey([...START.values(), folder, group, other, skill]);
  const rename: Edit = {
    action: 'update',
    object: { ...skill, fields: { ...skill.fields, name: 'New name' } },
  };
  const problems = (edit: Edit, as: number) => {
    return planEdits(objects, 100, [edit], { person: as }).problems.map(({ kind }) => kind);
  };

  it('who may read may not change; a member of a group that may, does; so does default', () => {
    expect(problems(rename, 6)).toEqual(['no permission']);
    expect(problems(rename, 5)).toEqual([]);
    expect(problems(rename, 0)).toEqual([]);
    expect(problems(remove('skill', 40), 6)).toEqual(['no permission']);
  });

  it('nothing is put where one may not change, nothing granted without full control', () => {
    const inside = create(object('skill', -1, { name: 'N', tenant: 1, folder: 20 }));
    expect(problems(inside, 6)).toEqual(['no permission']);
    expect(problems(inside, 5)).toEqual([]);
    const grant: Edit = {
      action: 'update',
      object: { ...skill, access: [{ account: 'person:6', rights: 'full' }] },
    };
    expect(problems(grant, 5)).toEqual(['no permission']);
  });

  it('what one writes on an object oneself gives no right to put it there', () => {
    const own = [{ account: 'person:6', rights: 'full' as const }];
    const made = { ...object('skill', -1, { name: 'N', tenant: 1, folder: 20 }), access: own };
    expect(problems(create(made), 6)).toEqual(['no permission']);
    const loose = object('skill', 41, { name: 'Loose', tenant: 1 });
    const moved = { ...loose, access: own, fields: { ...loose.fields, folder: 20 } };
    const with41 = objectsByKey([...objects.values(), loose]);
    const move: Edit = { action: 'update', object: moved };
    expect(planEdits(with41, 100, [move], { person: 6 }).problems).toMatchObject([
      { kind: 'no permission' },
    ]);
  });

  it('a folder within itself is refused in words, whoever edits', () => {
    const inItself: Edit = {
      action: 'update',
      object: { ...folder, fields: { ...folder.fields, folder: 20 } },
    };
    const { problems: found } = planEdits(objects, 100, [inItself], { person: 5 });
    expect(found.map(({ kind }) => kind)).toContain('invalid object');
    // A long way up is no reason to stop either.
    const chain = Array.from({ length: 20_000 }, (_, at) =>
      object('folder', 1000 + at, { name: `F${at}`, tenant: 1, folder: at === 0 ? 20 : 999 + at }),
    );
    const deep = object('skill', 50, { name: 'Deep', tenant: 1, folder: 20_999 });
    const all = objectsByKey([...objects.values(), ...chain, deep]);
    const edit: Edit = { action: 'update', object: { ...deep, state: 2 } };
    expect(planEdits(all, 100_000, [edit], { person: 6 }).problems).toMatchObject([
      { kind: 'no permission' },
    ]);
  });

  it('"none" wins over what another group gives', () => {
    const shut = { ...skill, access: [{ account: 'person:5', rights: 'none' as const }] };
    const withShut = objectsByKey([...objects.values(), shut]);
    const { problems: found } = planEdits(withShut, 100, [rename], { person: 5 });
    expect(found).toMatchObject([{ kind: 'no permission' }]);
  });
});

describe('the Configuration Server', () => {
  it('undoes and redoes over a restart, and refuses when there is nothing', () => {
    const editing = new Editing();
    const before = new Map(editing.server.objects);
    const undo = () => editing.watched.lab.execute({ verb: 'undo-edit' });
    expect(undo()).toMatchObject({ ok: false, error: { code: 'nothing-to-undo' } });
    const id = editing.create('skill', { name: 'Greek', tenant: 101 });
    const after = new Map(editing.server.objects);
    editing.do({ verb: 'stop-process', process: 'confserv' });
    editing.do({ verb: 'start-process', process: 'confserv' });
    editing.run(20);
    editing.do({ verb: 'undo-edit' });
    editing.run(10);
    expect(editing.server.objects).toEqual(before);
    expect(editing.rows('GC_SKILL').find(({ ID }) => ID === id)).toMatchObject({ STATUS: 2 });
    editing.do({ verb: 'redo-edit' });
    editing.run(10);
    expect(editing.server.objects).toEqual(after);
    expect(editing.rows('GC_SKILL').find(({ ID }) => ID === id)).toMatchObject({ STATUS: 1 });
    const redo = editing.watched.lab.execute({ verb: 'redo-edit' });
    expect(redo).toMatchObject({ ok: false, error: { code: 'nothing-to-redo' } });
    expect(editing.create('skill', { name: 'Latin', tenant: 101 })).toBeGreaterThan(id);
  });

  it('a transaction with one wrong edit changes nothing and says which', () => {
    const editing = new Editing();
    const hash = editing.watched.lab.simulation.stateHash();
    const result = editing.watched.lab.execute({
      verb: 'edit-configuration',
      edits: [
        create(object('skill', -1, { name: 'Fine', tenant: 101 })),
        create(object('skill', -2, { name: 'Wrong', tenant: 999 })),
      ],
    });
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'invalid-transaction',
        message: 'Nothing was changed. Skill Wrong: Tenant: there is no Tenant with DBID 999.',
      },
    });
    expect(editing.watched.lab.simulation.stateHash()).toBe(hash);
  });

  it('ten thousand objects are one command', () => {
    const editing = new Editing();
    const edits = Array.from({ length: 10_000 }, (_, index) =>
      create(object('skill', -1 - index, { name: `Skill ${index}`, tenant: 101 })),
    );
    const startedMs = performance.now();
    editing.do({ verb: 'edit-configuration', edits });
    editing.run(60);
    expect(editing.rows('GC_SKILL').filter(({ STATUS }) => STATUS === 1).length).toBeGreaterThan(
      10_000,
    );
    // Linear: a quadratic check of ten thousand names takes minutes.
    expect(performance.now() - startedMs).toBeLessThan(30_000);
    editing.do({ verb: 'undo-edit' });
    editing.run(60);
    const active = editing.rows('GC_SKILL').filter(({ STATUS }) => STATUS === 1);
    expect(active).toHaveLength(editing.objects('skill').length);
  });
});
