import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConfigurationObject,
  objectsByKey,
} from '../../../src/engine/configuration/object-types.ts';
import { planEdits } from '../../../src/engine/configuration/transaction.ts';
import {
  exportCsv,
  exportJson,
  planCsvImport,
  planJsonImport,
} from '../../../src/runtime/configuration/configuration-file.ts';
import { Editing } from '../../support/editing.ts';

const EMPTY = new Map<string, ConfigurationObject>();

function lab(): Editing {
  const editing = new Editing();
  const skill = editing.objects('skill')[0].dbid;
  editing.create('campaign', { name: 'Spring', tenant: 101 });
  const person = editing.objects('person')[0];
  editing.update('person', person.dbid, {
    annex: { RPT: { region: 'Süd; "quoted"' } },
    access: [
      { account: `person:${person.dbid}`, rights: 'read' },
      { account: 'SYSTEM', rights: 'none' },
    ],
    fields: { ...person.fields, skills: [{ skill, level: 9 }], email: 'a=b;c\\d' },
  });
  return editing;
}

describe('a configuration as JSON', () => {
  it('is read by a lab with nothing in it, and written the same again', () => {
    const { objects } = lab().server;
    const text = exportJson(objects);
    const plan = planJsonImport(EMPTY, text);
    expect(plan.problems).toEqual([]);
    expect(plan.created).toBe(objects.size);
    const made = planEdits(EMPTY, 1, plan.edits);
    expect(made.problems).toEqual([]);
    expect(exportJson(made.objects)).toBe(text);
  });

  it('changes nothing in the lab it comes from', () => {
    const { objects } = lab().server;
    const plan = planJsonImport(objects, exportJson(objects));
    expect(plan).toMatchObject({ edits: [], problems: [], created: 0, updated: 0 });
    expect(plan.unchanged).toBe(objects.size);
  });

  it('tells objects apart by name; what a file does not say stays as it is', () => {
    const { objects } = lab().server;
    const text = JSON.stringify({
      format: 'duplexlab-configuration',
      version: 1,
      objects: [
        { type: 'person', fields: { employeeId: 'E1001', lastName: 'Changed' } },
        { type: 'skill', fields: { name: 'New', tenant: 'Environment' } },
      ],
    });
    const tenant = [...objects.values()].find(({ type }) => type === 'tenant')!;
    const plan = planJsonImport(
      objects,
      text.replace('Environment', String(tenant.fields['name'])),
    );
    expect(plan).toMatchObject({ created: 1, updated: 1, problems: [] });
    const [edit] = plan.edits;
    const before = objects.get('person:101')!;
    expect(edit).toMatchObject({
      action: 'update',
      object: { ...before, fields: { ...before.fields, lastName: 'Changed' } },
    });
  });

  it.each([
    ['{', 'file: is no JSON'],
    ['{}', 'file: '],
    ['{"format":"duplexlab-configuration","version":2,"objects":[]}', 'file: '],
    [wrap({ type: 'nothing', fields: {} }), 'object 1: '],
    [wrap({ type: 'skill', fields: {} }), 'object 1: has no Name'],
    [wrap({ type: 'skill', fields: { name: 'A', colour: 'red' } }), 'has no field "colour"'],
    [
      wrap({ type: 'skill', fields: { name: 'A', tenant: 'Nowhere' } }),
      'there is no Tenant "Nowhere"',
    ],
    [wrap({ type: 'dn', fields: { number: '1', dnType: 'Bell' } }), 'Type must be one of'],
    [wrap({ type: 'place', fields: { name: 'A', dns: '7001' } }), 'DNs must be a list'],
    [wrap({ type: 'person', fields: { employeeId: 'A', skills: [3] } }), 'list of records'],
    [
      wrap({ type: 'skill', fields: { name: 'A' } }, { type: 'skill', fields: { name: 'A' } }),
      'object 2: A is in object 1 already',
    ],
  ])('%s is refused with its place', (text, sentence) => {
    const { problems, edits } = planJsonImport(EMPTY, text);
    const told = problems.map(({ place, message }) => `${place}: ${message}`).join('\n');
    expect(told).toContain(sentence);
    expect(edits.length === 0 || problems.length > 0).toBe(true);
  });
});

function wrap(...objects: unknown[]): string {
  return JSON.stringify({ format: 'duplexlab-configuration', version: 1, objects });
}

describe('a type as CSV', () => {
  it('comes back as it was, lists and odd characters too', () => {
    const { objects } = lab().server;
    for (const type of ['person', 'dn', 'place', 'agentGroup', 'tenant'] as const) {
      const plan = planCsvImport(objects, type, exportCsv(objects, type));
      expect(plan.problems).toEqual([]);
      expect(plan).toMatchObject({ edits: [], updated: 0, created: 0 });
    }
  });

  it('any text survives a cell, alone and in a list', () => {
    const text = fc.string({ minLength: 1, maxLength: 20 }).map((one) => one.trim() || 'x');
    fc.assert(
      fc.property(text, text, (one, other) => {
        const code: ConfigurationObject = {
          type: 'actionCode',
          dbid: 9,
          state: 2,
          fields: { name: one, tenant: 1, code: '7', subcodes: [{ code: one, name: other }] },
        };
        const tenant = { type: 'tenant', dbid: 1, state: 1, fields: { name: 'T' } } as const;
        const objects = objectsByKey([tenant, code]);
        const empty = objectsByKey([tenant]);
        const { problems, edits } = planCsvImport(
          empty,
          'actionCode',
          exportCsv(objects, 'actionCode'),
        );
        expect(problems).toEqual([]);
        expect(edits).toMatchObject([
          { object: { state: 2, fields: { name: one, subcodes: [{ code: one, name: other }] } } },
        ]);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['name,colour\nA,red', 'line 1: there is no column "colour"'],
    ['name,state\nA,off', 'line 2: state must be enabled or disabled'],
    ['name\nA,b,c', 'line 2: has 3 cells; there are 1'],
    ['name\n"A', 'line 2: Quoted field unterminated'],
    ['state\nenabled', 'line 2: has no Name'],
    ['name,tenant\n', 'file: has no objects in it'],
  ])('%j is refused with its line', (text, sentence) => {
    const { problems } = planCsvImport(EMPTY, 'skill', text);
    expect(problems.map(({ place, message }) => `${place}: ${message}`).join('\n')).toContain(
      sentence,
    );
  });

  it('every wrong line is named, in their order', () => {
    const { objects } = lab().server;
    const lines = [
      'employeeId,userName,tenant,isAgent,skills,state',
      'N1,n1,Halden,true,,enabled',
      'N2,n2,Nowhere,true,,enabled',
      'N3,n3,Halden,perhaps,,enabled',
      'N4,n1,Halden,true,,enabled',
      ',n5,Halden,true,,enabled',
      'N6,n6,Halden,true,Elvish=3,enabled',
      'N7,n7,Halden,true,Sales=300,off',
    ];
    const { problems } = planCsvImport(objects, 'person', lines.join('\n'));
    expect(problems.map(({ place }) => place)).toEqual([
      'line 2',
      'line 3',
      'line 4',
      'line 5',
      'line 6',
      'line 7',
      'line 8',
    ]);
    const [twice] = problems;
    expect(twice.message).toBe('User name "n1" is already in use');
  });

  it('every wrong object of a JSON file is named', () => {
    const text = wrap({ type: 'x', fields: {} }, { type: 'skill' }, 7, {
      type: 'skill',
      fields: { name: 'A' },
      colour: 'red',
    });
    const { problems } = planJsonImport(EMPTY, text);
    expect(problems).toEqual([
      { place: 'object 1', message: 'there is no type "x"' },
      { place: 'object 2', message: 'fields must be there, by their names' },
      { place: 'object 3', message: 'must be an object with type and fields' },
      { place: 'object 4', message: 'an object has no "colour"' },
    ]);
  });

  it('a whole number and a truth value are told from other words', () => {
    const text = 'loginCode,wrapUpTime\n77,soon';
    const { problems } = planCsvImport(EMPTY, 'agentLogin', text);
    expect(problems).toMatchObject([{ place: 'line 2' }]);
    const flag = planCsvImport(EMPTY, 'person', 'employeeId,isAgent\nE1,perhaps');
    expect(flag.problems[0].message).toContain('must be true or false');
  });
});
