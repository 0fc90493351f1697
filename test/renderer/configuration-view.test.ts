import { flushPromises, mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { describe, expect, it } from 'vitest';
import ConfigurationView from '../../src/renderer/features/configuration/ConfigurationView.vue';
import { namedObjects } from '../../src/renderer/features/configuration/object-name.ts';
import RowsEditor from '../../src/renderer/features/configuration/RowsEditor.vue';
import SectionsEditor from '../../src/renderer/features/configuration/SectionsEditor.vue';
import { useConfiguration } from '../../src/renderer/stores/configuration.ts';
import { offerLab } from './offer-lab.ts';

const type = (name: string, nameField: string) => ({
  name,
  label: name,
  plural: `${name}s`,
  nameField,
  count: 1,
  fields: [{ name: nameField, label: nameField, kind: 'text' }],
});
const PERSON = {
  type: 'person',
  dbid: 101,
  state: 1,
  fields: { lastName: 'Hopper' },
};

/** What the view asks beside the objects. */
const QUIET = {
  'configuration.options': [],
  'configuration.history': {
    records: [],
    total: 0,
    clients: [],
    settings: null,
    undo: '',
    redo: '',
  },
  'configuration.icon': null,
};

describe('the configuration view', () => {
  it('shows no form before every object is here, so that nothing typed is lost', async () => {
    let arrive: (objects: readonly unknown[]) => void = () => {};
    offerLab({
      'configuration.types': [type('person', 'lastName'), type('skill', 'name')],
      'configuration.objects': ({ type: wanted }: { type: string }) =>
        wanted === 'person' ? [PERSON] : new Promise((resolve) => (arrive = resolve)),
      ...QUIET,
    });
    const view = mount(ConfigurationView, { global: { plugins: [createPinia()] } });
    await flushPromises();
    expect(view.find('form').exists()).toBe(false);
    arrive([]);
    await flushPromises();
    expect(view.get('h3').text()).toBe('person 101');
    expect(view.get<HTMLInputElement>('#field-lastName').element.value).toBe('Hopper');
  });
});

describe('the configuration view, opened again', () => {
  it('leaves what somebody chose before everything was here', async () => {
    const answers = {
      'configuration.types': [type('person', 'lastName'), type('skill', 'name')],
      'configuration.objects': ({ type: wanted }: { type: string }) =>
        wanted === 'person' ? [PERSON] : [],
      ...QUIET,
    };
    offerLab(answers);
    const pinia = createPinia();
    mount(ConfigurationView, { global: { plugins: [pinia] } }).unmount();
    await flushPromises();
    const view = mount(ConfigurationView, { global: { plugins: [pinia] } });
    await view.get('[aria-label="New skill"]').trigger('click');
    await flushPromises();
    expect(view.get('h3').text()).toBe('New skill');
  });
});

describe('an object that changes or goes elsewhere', () => {
  it('is shown as it is now, or said to be gone', async () => {
    let person: object[] = [PERSON];
    let transaction = 0;
    offerLab({
      'configuration.types': [type('person', 'lastName')],
      'configuration.objects': () => person,
      ...QUIET,
      'configuration.history': () => ({ ...QUIET['configuration.history'], transaction }),
    });
    const view = mount(ConfigurationView, { global: { plugins: [createPinia()] } });
    await flushPromises();
    person = [{ ...PERSON, fields: { lastName: 'Lovelace' } }];
    transaction = 1;
    await useConfiguration().refresh();
    await flushPromises();
    expect(view.get<HTMLInputElement>('#field-lastName').element.value).toBe('Lovelace');
    person = [];
    transaction = 2;
    await useConfiguration().refresh();
    await flushPromises();
    expect(view.find('form').exists()).toBe(false);
    expect(view.text()).toContain('person 101 is not there');
  });
});

describe('the names of objects', () => {
  const shown = (of: string, nameField: string, all: readonly object[]) =>
    namedObjects(
      type(of, nameField) as never,
      all.map((fields, index) => ({ type: of, dbid: index + 1, state: 1, fields }) as never),
    ).map(({ name }) => name);

  it('shows persons as people call them, in order; who has no name by the employee ID', () => {
    const persons = [
      { lastName: 'Young', firstName: 'Yusuf', employeeId: 'E2' },
      { lastName: 'Hopper', employeeId: 'E1' },
      { employeeId: 'E3' },
    ];
    const names = ['E3', 'Hopper (E1)', 'Young, Yusuf (E2)'];
    expect(shown('person', 'employeeId', persons)).toEqual(names);
  });

  it('orders numbers in names by their value', () => {
    const numbers = [{ number: '8901' }, { number: '901' }, { number: '10001' }];
    expect(shown('dn', 'number', numbers)).toEqual(['901', '8901', '10001']);
  });
});

describe('a list of records', () => {
  const field = {
    name: 'members',
    label: 'Members',
    kind: 'rows',
    fields: [
      { name: 'skill', label: 'Skill', kind: 'reference', target: 'skill' },
      { name: 'level', label: 'Level', kind: 'integer' },
    ],
  };
  const props = {
    field: field as never,
    modelValue: [
      { skill: 7, level: 1 },
      { skill: 8, level: 2 },
    ],
    targetsOf: () => [
      { dbid: 7, name: 'Spanish' },
      { dbid: 8, name: 'French' },
    ],
  };

  it('changes one value, adds a line and removes one', async () => {
    const editor = mount(RowsEditor, { props });
    await editor.get('[aria-label="Level, line 2"]').setValue('5');
    await editor.get('[aria-label="Remove line 1 of Members"]').trigger('click');
    await editor.get('table + button').trigger('click');
    const updates = editor.emitted('update:modelValue')?.map(([rows]) => rows);
    expect(updates).toEqual([
      [
        { skill: 7, level: 1 },
        { skill: 8, level: 5 },
      ],
      [{ skill: 8, level: 2 }],
      [...props.modelValue, { skill: null, level: null }],
    ]);
  });

  it('names what a record refers to', () => {
    const options = mount(RowsEditor, { props }).findAll('select option');
    expect(options.map((option) => option.text())).toEqual([
      '–',
      'Spanish',
      'French',
      '–',
      'Spanish',
      'French',
    ]);
  });
});

describe('the Annex', () => {
  it('adds, changes, renames and removes options; a section without options goes', async () => {
    const modelValue = { gim: { 'cfg-key': 'old' } };
    const editor = mount(SectionsEditor, { props: { modelValue, title: 'Annex' } });
    expect(editor.get('legend').text()).toBe('Annex');
    await editor.get('[aria-label="Value of gim, cfg-key"]').setValue('new');
    await editor.get('[aria-label="Section of gim, cfg-key"]').setValue('gim-2');
    await editor.get('[aria-label="Name of gim, cfg-key"]').setValue('renamed');
    await editor.get('[aria-label="Name of gim, cfg-key"]').setValue('  ');
    await editor.get('[aria-label="Section of the new option"]').setValue('other');
    await editor.get('[aria-label="Name of the new option"]').setValue('a');
    await editor.get('.new button').trigger('click');
    await editor.get('[aria-label="Remove gim, cfg-key"]').trigger('click');
    expect(editor.emitted('update:modelValue')?.map(([annex]) => annex)).toEqual([
      { gim: { 'cfg-key': 'new' } },
      { 'gim-2': { 'cfg-key': 'old' } },
      { gim: { renamed: 'old' } },
      { gim: { 'cfg-key': 'old' }, other: { a: '' } },
      {},
    ]);
  });
});
