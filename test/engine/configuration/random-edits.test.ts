import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccountView, SYSTEM_ACCOUNT } from '../../../src/engine/configuration/access.ts';
import {
  APPLICATION_TYPE,
  type ConfigurationObject,
  type FieldRow,
  OBJECT_TYPES,
  objectKey,
} from '../../../src/engine/configuration/object-types.ts';
import {
  type Edit,
  invertChanges,
  planEdits,
} from '../../../src/engine/configuration/transaction.ts';
import { CONFIGURATION_CACHE_FILE } from '../../../src/engine/icon/configuration-cache.ts';
import { Editing } from '../../support/editing.ts';

/** Runs of the whole-lab property; `.ci/run` takes more. */
const RUNS = Number(process.env['DUPLEXLAB_EDIT_RUNS'] ?? 25);

/** What is drawn; what it is about is taken by number from what is there at that time. */
type Step =
  | { readonly do: 'create' | 'update' | 'delete' | 'hide' | 'show' | 'move'; readonly at: number }
  | { readonly do: 'bulk'; readonly at: number }
  | { readonly do: 'undo' | 'redo' | 'wait' | 'synchronize' }
  | { readonly do: 'stop' | 'start' | 'crash'; readonly at: number }
  | { readonly do: 'cut' | 'repair'; readonly at: number }
  | { readonly do: 'lose cache' | 'history off' | 'history on' };

const HOSTS = ['icon', 'confserv', 'idb'] as const;
const PROCESSES = ['icon1', 'confserv', 'idb'] as const;
const LINKS = [
  ['icon', 'confserv'],
  ['icon', 'idb'],
] as const;
const STORED_APPLICATIONS: readonly number[] = [
  APPLICATION_TYPE.tServer,
  APPLICATION_TYPE.cpdServer,
  APPLICATION_TYPE.outboundContactServer,
  APPLICATION_TYPE.agentDesktop,
];

const at = fc.nat(1000);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('create', 'update', 'delete'), at }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('hide', 'show', 'move', 'bulk'), at }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('undo', 'redo', 'wait', 'synchronize') }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('stop', 'start', 'crash'), at }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cut', 'repair'), at }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('lose cache', 'history off', 'history on') }),
  },
) as fc.Arbitrary<Step>;

/** A lab with everything that can be edited by number. */
class EditedLab extends Editing {
  private made = 0;

  take(drawn: Step): void {
    const { lab } = this.watched;
    const where = 'at' in drawn ? drawn.at : 0;
    switch (drawn.do) {
      case 'create':
      case 'bulk':
      case 'update':
      case 'delete':
      case 'hide':
      case 'show':
      case 'move':
        return this.edit(this.editsFor(drawn.do, where));
      case 'undo':
      case 'redo':
        lab.execute({ verb: `${drawn.do}-edit` });
        return;
      case 'synchronize':
        return this.askForSynchronization();
      case 'history off':
      case 'history on':
        return this.setOption(
          'confserv',
          'history-log',
          'active',
          String(drawn.do === 'history on'),
        );
      case 'lose cache':
        lab.execute({ verb: 'stop-process', process: 'icon1' });
        lab.execute({ verb: 'delete-file', host: 'icon', path: CONFIGURATION_CACHE_FILE });
        lab.execute({ verb: 'start-process', process: 'icon1' });
        return;
      case 'stop':
      case 'start':
        lab.execute({ verb: `${drawn.do}-process`, process: PROCESSES[where % 3] });
        return;
      case 'crash':
        lab.execute({ verb: 'crash-host', host: HOSTS[where % 3] });
        this.run(0.2);
        lab.execute({ verb: 'boot-host', host: HOSTS[where % 3] });
        return;
      case 'cut':
      case 'repair': {
        const [from, to] = LINKS[where % 2];
        lab.execute({ verb: drawn.do, network: 'public', from, to });
        lab.execute({ verb: drawn.do, network: 'public', from: to, to: from });
        return;
      }
      case 'wait':
        this.run(8);
    }
  }

  /** Everything works again, and IDB is synchronized. */
  heal(): void {
    const { lab } = this.watched;
    for (const where of [0, 1]) this.take({ do: 'repair', at: where });
    for (const process of PROCESSES) lab.execute({ verb: 'start-process', process });
    this.run(60);
    this.take({ do: 'history on' });
    this.run(10);
    this.askForSynchronization();
    this.run(60);
  }

  private askForSynchronization(): void {
    this.setOption('ICON1', 'callconcentrator', 'start-cfg-sync', '0');
    this.run(0.1);
    this.setOption('ICON1', 'callconcentrator', 'start-cfg-sync', '1');
  }

  private setOption(application: string, section: string, name: string, value: string): void {
    if (!this.watched.lab.stateOf('confserv')) return;
    const before = this.application(application);
    const options = {
      ...before.options,
      [section]: { ...before.options?.[section], [name]: value },
    };
    this.edit([{ action: 'update', object: { ...before, options } }]);
  }

  private edit(edits: readonly Edit[]): void {
    if (edits.length > 0) this.watched.lab.execute({ verb: 'edit-configuration', edits });
    this.run(0.05);
  }

  private editsFor(kind: string, where: number): Edit[] {
    if (!this.watched.lab.stateOf('confserv')) return [];
    const objects = [...this.server.objects.values()].filter(({ type }) => type !== 'application');
    const object = objects[where % objects.length];
    const name = `made ${++this.made}`;
    const skill: ConfigurationObject = {
      type: 'skill',
      dbid: -1,
      state: 1,
      fields: { name, tenant: 101 },
      annex: { 'RPT-1': { region: name } },
    };
    const folders = objects.filter(({ type }) => type === 'folder');
    const folder = folders[where % Math.max(1, folders.length)]?.dbid ?? null;
    switch (kind) {
      case 'create':
        return [{ action: 'create', object: where % 2 ? skill : { ...skill, type: 'folder' } }];
      case 'bulk':
        return this.bulk(skill, where);
      case 'delete':
        return [{ action: 'delete', objectType: object.type, dbid: object.dbid }];
      case 'update':
        return [{ action: 'update', object: changed(object, name) }];
      case 'hide':
        return [
          {
            action: 'update',
            object: { ...object, access: [{ account: 'SYSTEM', rights: 'none' }] },
          },
        ];
      case 'show':
        return [{ action: 'update', object: { ...object, access: [] } }];
      default:
        return [{ action: 'update', object: { ...object, fields: { ...object.fields, folder } } }];
    }
  }

  /** Persons with skills in one transaction, and one of the old ones gone. */
  private bulk(skill: ConfigurationObject, where: number): Edit[] {
    const persons = Array.from({ length: (where % 5) + 1 }, (_, index): Edit => {
      const employeeId = `${skill.fields['name']} ${index}`;
      const fields = { employeeId, userName: employeeId, tenant: 101, isAgent: true };
      const skills = [{ skill: -1, level: where % 10 }];
      const object: ConfigurationObject = {
        type: 'person',
        dbid: -2 - index,
        state: 1,
        fields: { ...fields, skills },
        annex: { 'RPT-2': { team: employeeId } },
      };
      return { action: 'create', object };
    });
    return [{ action: 'create', object: skill }, ...persons];
  }
}

function changed(object: ConfigurationObject, name: string): ConfigurationObject {
  const { fields } = object;
  const skills = fields['skills'];
  if (object.type === 'person' && Array.isArray(skills)) {
    return { ...object, fields: { ...fields, lastName: name, skills: skills.slice(1) } };
  }
  return { ...object, state: 3 - object.state, annex: { 'RPT-3': { note: name } } };
}

/** Rows that should be active, told from the declarations alone: table and its keys. */
function wantedRows(editing: Editing): string[] {
  const view = new AccountView(editing.server.objects, SYSTEM_ACCOUNT);
  const rows: string[] = [];
  for (const object of editing.server.objects.values()) {
    if (!view.sees(object)) continue;
    const { table, fields, nameField } = OBJECT_TYPES[object.type];
    const isKept =
      object.type !== 'application' ||
      STORED_APPLICATIONS.includes(Number(object.fields['applicationType']));
    const nameColumn = fields.find(({ name }) => name === nameField)?.column;
    if (table && isKept) {
      rows.push(
        `${table} ${object.dbid} ${object.state} ${nameColumn && object.fields[nameField]}`,
      );
    }
    for (const { relation, name, kind, fields: inner = [] } of fields) {
      if (!relation) continue;
      const value = object.fields[name] ?? null;
      const list = Array.isArray(value) ? value : value ? [value] : [];
      const keyOf = (one: number | FieldRow) =>
        kind === 'rows'
          ? (one as FieldRow)[inner.find(({ column }) => column === relation.other)!.name]
          : one;
      for (const one of list) {
        rows.push(`${relation.table} ${object.dbid} ${keyOf(one as FieldRow)}`);
      }
    }
  }
  return rows.sort();
}

function activeRows(editing: Editing): string[] {
  const tables = new Map<string, string | undefined>();
  const relations = new Map<string, readonly [own: string, other: string]>();
  for (const { table, fields, nameField } of Object.values(OBJECT_TYPES)) {
    if (table) tables.set(table, fields.find(({ name }) => name === nameField)?.column);
    for (const { relation } of fields) {
      if (relation) relations.set(relation.table, [relation.own, relation.other]);
    }
  }
  const rows: string[] = [];
  for (const [table, nameColumn] of tables) {
    for (const row of editing.rows(table)) {
      if (row['STATUS'] === 2) continue;
      expect(row['STATUS']).toBe(1);
      rows.push(`${table} ${row['ID']} ${row['STATE']} ${nameColumn && row[nameColumn]}`);
    }
  }
  for (const [table, [own, other]] of relations) {
    for (const row of editing.rows(table)) {
      if (row['STATUS'] !== 2) rows.push(`${table} ${row[own]} ${row[other]}`);
    }
  }
  return rows.sort();
}

function wantedAnnex(editing: Editing): string[] {
  const view = new AccountView(editing.server.objects, SYSTEM_ACCOUNT);
  return [...editing.server.objects.values()]
    .filter((object) => OBJECT_TYPES[object.type].annexSections && view.sees(object))
    .flatMap((object) =>
      Object.entries(object.annex ?? {})
        .filter(([section]) => section.startsWith('RPT') && object.type !== 'switch')
        .flatMap(([section, options]) =>
          Object.entries(options).map(([key, value]) => {
            const number = OBJECT_TYPES[object.type].cfgObjectType;
            return `${number} ${object.dbid} ${section} ${key} ${value}`;
          }),
        ),
    )
    .sort();
}

function activeAnnex(editing: Editing): string[] {
  return editing
    .rows('GC_ANNEX')
    .filter(({ STATUS }) => STATUS === 1)
    .map((row) => {
      const { CFGOBJECTTYPE, CFGOBJECTID, SECTIONNAME, KEYNAME, VALUE } = row;
      return `${CFGOBJECTTYPE} ${CFGOBJECTID} ${SECTIONNAME} ${KEYNAME} ${VALUE}`;
    })
    .sort();
}

describe('any sequence of edits and failures, then a synchronization', () => {
  it('leaves in IDB, active, what the Configuration Server lets ICON see', {
    timeout: 600_000,
  }, () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        const editing = new EditedLab({ 'cfg-annex': '1' });
        for (const drawn of steps) editing.take(drawn);
        editing.heal();
        expect(editing.icon.synchronization).toBeNull();
        expect(activeRows(editing)).toEqual(wantedRows(editing));
        expect(activeAnnex(editing)).toEqual(wantedAnnex(editing));
      }),
      { numRuns: RUNS, seed: 5, endOnFailure: RUNS > 100 },
    );
  });

  it('would notice a row that is missing', () => {
    const editing = new EditedLab({ 'cfg-annex': '1' });
    const { objects } = editing.server;
    objects.delete(objectKey('skill', 101));
    expect(activeRows(editing)).not.toEqual(wantedRows(editing));
  });
});

describe('undo after do', () => {
  it('is nothing, for any transaction that is allowed', () => {
    const start = new EditedLab().server;
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        const lab = new EditedLab();
        for (const drawn of steps) {
          const before = new Map(lab.server.objects);
          const count = lab.server.undo.done.length;
          if (['create', 'bulk', 'update', 'delete', 'hide', 'show', 'move'].includes(drawn.do)) {
            lab.take(drawn);
          }
          if (lab.server.undo.done.length === count) continue;
          lab.take({ do: 'undo' });
          lab.run(0.05);
          expect(lab.server.objects).toEqual(before);
          lab.take({ do: 'redo' });
          lab.run(0.05);
        }
        const all = lab.server.undo.done
          .toReversed()
          .flatMap(({ changes }) => invertChanges(changes));
        const undone = planEdits(lab.server.objects, lab.server.nextDbid, all);
        expect(undone.objects).toEqual(start.objects);
      }),
      { numRuns: Math.max(10, Math.floor(RUNS / 2)), seed: 7 },
    );
  });
});
