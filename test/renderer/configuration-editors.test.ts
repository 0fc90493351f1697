import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import AccessEditor from '../../src/renderer/features/configuration/AccessEditor.vue';
import ConfigurationFiles from '../../src/renderer/features/configuration/ConfigurationFiles.vue';
import EditEffectLine from '../../src/renderer/features/configuration/EditEffectLine.vue';
import HistoryPanel from '../../src/renderer/features/configuration/HistoryPanel.vue';
import IconPanel from '../../src/renderer/features/configuration/IconPanel.vue';
import ObjectForm from '../../src/renderer/features/configuration/ObjectForm.vue';
import ObjectTree from '../../src/renderer/features/configuration/ObjectTree.vue';
import OptionsEditor from '../../src/renderer/features/configuration/OptionsEditor.vue';
import { folderRows, typeRows } from '../../src/renderer/features/configuration/tree-rows.ts';
import { useConfiguration } from '../../src/renderer/stores/configuration.ts';
import { useScreen } from '../../src/renderer/stores/screen.ts';
import { offerLab } from './offer-lab.ts';

const SKILL = {
  name: 'skill',
  label: 'Skill',
  plural: 'Skills',
  nameField: 'name',
  cfgObjectType: 13,
  count: 2,
  fields: [{ name: 'name', label: 'Name', kind: 'text', required: true }],
};
const FOLDER = { ...SKILL, name: 'folder', label: 'Folder', plural: 'Folders', cfgObjectType: 22 };
const skill = (dbid: number, name: string, folder = 0) => {
  return { type: 'skill', dbid, state: 1, fields: { name, folder } };
};
const folder = (dbid: number, name: string, inside = 0) => {
  return { type: 'folder', dbid, state: 1, fields: { name, folder: inside } };
};
const ICON = {
  roles: ['cfg', 'gcc'],
  connected: true,
  cache: {
    file: 'cfg-sync.db',
    sizeBytes: 1234,
    record: 7,
    time: 100,
    objects: 12,
    relations: 3,
    untracked: [],
    unsubmittedRows: 0,
    gap: '',
  },
  synchronization: null,
  queue: {
    accumulator: 0,
    accumulatorLimit: 500,
    lifespanSeconds: 5,
    file: 'icon_1.pq',
    sizeBytes: 0,
    records: 0,
    position: 9,
    idbConnected: true,
  },
};
const HISTORY = {
  records: [
    {
      record: 9,
      waiting: 0,
      transaction: 4,
      author: 'default',
      changedAt: 3661,
      action: 'updated',
      type: 'skill',
      dbid: 2,
      name: 'Greek',
      only: '',
    },
  ],
  total: 9,
  clients: [{ name: 'ICON1', lastSeen: 60, connected: false }],
  settings: {
    active: false,
    file: 'histlog',
    expirationDays: 30,
    clientExpirationDays: 1,
    maxRecords: 1000,
    failsafe: true,
    expired: 0,
    lastRecord: 9,
  },
  transaction: 4,
  undo: 'Skill Greek updated',
  redo: '',
};

beforeEach(() => {
  setActivePinia(createPinia());
});

describe('the object tree', () => {
  const source = {
    types: [FOLDER, SKILL] as never,
    objects: {
      folder: [folder(1, 'Inner', 2), folder(2, 'Outer')],
      skill: [skill(3, 'Greek', 1), skill(4, 'Latin')],
    } as never,
    open: new Set<string>(['folder 0', 'folder 2', 'folder 1']),
    shown: 300,
  };
  const shape = (rows: ReturnType<typeof typeRows>) =>
    rows.map(({ depth, title, group, object }) => {
      const name = group ? title : String(object?.fields['name'] ?? title);
      return `${' '.repeat(depth)}${group ? '+' : '-'} ${name}`;
    });

  it('shows folders within folders, and what lies in none', () => {
    expect(shape(folderRows(source, ''))).toEqual([
      '+ No folder',
      ' + Outer',
      '  + Inner',
      '  - Greek',
      '- Latin',
    ]);
  });

  it('a search opens what it finds and leaves the rest out', () => {
    expect(shape(folderRows({ ...source, open: new Set() }, 'gree'))).toEqual([
      '+ No folder',
      ' + Outer',
      '  + Inner',
      '  - Greek',
    ]);
    expect(shape(typeRows(source, 'latin'))).toEqual(['+ Skills', '- Latin']);
    expect(typeRows(source, 'nothing')).toEqual([]);
  });

  it('draws so many of a group and counts the others', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => skill(at + 1, `S${at}`));
    const rows = typeRows(
      { ...source, objects: { skill: many } as never, open: new Set(['skill']) },
      '',
    );
    expect(rows).toHaveLength(303);
    expect(rows.at(-1)!.title).toBe('and 9,700 more: search for them');
  });

  it('selects an object, makes a new one, and says that nothing was found', async () => {
    const props = { ...source, selected: { type: 'skill' as const, dbid: 3 } };
    const tree = mount(ObjectTree, { props });
    await tree.get('[aria-label="New Skill"]').trigger('click');
    expect(tree.emitted('create')).toEqual([['skill']]);
    await tree.get('[aria-label="Search objects"]').setValue('latin');
    await tree.get('.leaf').trigger('click');
    expect(tree.emitted('select')).toEqual([['skill', 4]]);
    await tree.get('[aria-label="Search objects"]').setValue('xyz');
    expect(tree.text()).toContain('Nothing has “xyz” in its name.');
  });
});

describe('the options of an application', () => {
  const known = [
    {
      applicationType: 9,
      section: 'callconcentrator',
      name: 'cfg-annex',
      kind: 'integer',
      initial: '0',
      effect: 'after restart',
      about: 'Keeps Annex.',
      confidence: 'confirmed',
    },
  ] as never;

  it('shows what is obeyed with its default; an emptied value is no option', async () => {
    const modelValue = { callconcentrator: { 'cfg-annex': '5' }, mine: { a: 'b' } };
    const warnings = {
      'callconcentrator/cfg-annex': 'cfg-annex must be between 0 and 1; 0 counts',
    };
    const editor = mount(OptionsEditor, { props: { modelValue, known, warnings } });
    expect(editor.get('[role="alert"]').text()).toContain('0 counts.');
    expect(editor.get<HTMLInputElement>('#option-cfg-annex').element.placeholder).toBe('0');
    // What is shown above does not stand in the table again.
    const names = editor.findAll<HTMLInputElement>('table th input');
    expect(names.map(({ element }) => element.value)).toEqual(['mine', 'a']);
    await editor.get('#option-cfg-annex').setValue('');
    await editor.get('#option-cfg-annex').setValue('1');
    expect(editor.emitted('update:modelValue')?.map(([value]) => value)).toEqual([
      { mine: { a: 'b' } },
      { callconcentrator: { 'cfg-annex': '1' }, mine: { a: 'b' } },
    ]);
  });
});

describe('permissions', () => {
  it('are given, changed and taken back; who is named is not offered again', async () => {
    const accounts = [
      { account: 'SYSTEM', name: 'SYSTEM' },
      { account: 'person:1', name: 'Alice' },
    ];
    const modelValue = [{ account: 'SYSTEM', rights: 'none' as const }];
    const props = { accounts, modelValue, problem: undefined };
    const editor = mount(AccessEditor, { props });
    const offered = editor.findAll('[aria-label="Account of the new permission"] option');
    expect(offered.map((option) => option.text())).toEqual(['–', 'Alice']);
    await editor.get('[aria-label="Rights of SYSTEM"]').setValue('read');
    await editor.get('[aria-label="Account of the new permission"]').setValue('person:1');
    await editor.get('.new button').trigger('click');
    await editor.get('[aria-label="Remove SYSTEM"]').trigger('click');
    expect(editor.emitted('update:modelValue')?.map(([value]) => value)).toEqual([
      [{ account: 'SYSTEM', rights: 'read' }],
      [...modelValue, { account: 'person:1', rights: 'none' }],
      [],
    ]);
  });
});

describe('the form', () => {
  const props = {
    type: SKILL as never,
    object: undefined,
    objects: {},
    types: [SKILL] as never,
  };

  it('checks what was typed, and complains of nothing that was not touched yet', async () => {
    vi.useFakeTimers();
    const problems = [{ field: 'name', message: 'Name "Greek" is already in use' }];
    const calls = offerLab({ 'configuration.check': { problems, warnings: [] } });
    const form = mount(ObjectForm, { props });
    await vi.advanceTimersByTimeAsync(1000);
    expect(form.find('.problem').exists()).toBe(false);
    await form.get('#field-name').setValue('Greek');
    await vi.advanceTimersByTimeAsync(1000);
    vi.useRealTimers();
    await flushPromises();
    expect(calls.some(({ method }) => method === 'configuration.check')).toBe(true);
    expect(form.get('.problem').text()).toBe('Name "Greek" is already in use');
  });

  it('a refused save shows its fields and keeps what was typed', async () => {
    const refusal = {
      ok: false,
      error: { fields: [{ field: 'name', message: 'Name is needed' }] },
    };
    offerLab({ 'lab.execute': refusal, 'configuration.check': { problems: [], warnings: [] } });
    const form = mount(ObjectForm, { props });
    await form.get('form').trigger('submit');
    await flushPromises();
    expect(form.get('.problem').text()).toBe('Name is needed');
    expect(form.emitted('saved')).toBeUndefined();
  });
});

describe('beside the form', () => {
  it('the line of an edit counts messages, rows and bytes, and leads to a row', async () => {
    const effect = {
      seq: 5,
      messageCount: 21,
      messages: [{ type: 'object changed', to: 'icon1', count: 1, seq: 6, atUs: 0 }],
      rowCount: 1,
      rows: [{ database: 'idb', table: 'GC_SKILL', row: 7, op: 'insert' }],
      routerBytes: { A: 120, B: null },
    };
    offerLab({
      'configuration.effect': effect,
      'configuration.history': HISTORY,
      'configuration.icon': ICON,
    });
    const line = mount(EditEffectLine);
    expect(line.text()).toBe('');
    useConfiguration().follow('Skill Greek created', 5);
    await flushPromises();
    expect(line.get('summary').text()).toContain('21 messages');
    expect(line.get('summary').text()).toContain('1 row change in IDB');
    expect(line.get('summary').text()).toContain('A +120 bytes, B not yet');
    await line.get('li button').trigger('click');
    const screen = useScreen();
    expect([screen.view, screen.table, screen.row]).toEqual(['tables', 'GC_SKILL', 7]);
  });

  it('the history log tells its state, its clients and each record', async () => {
    offerLab({ 'configuration.history': HISTORY, 'configuration.icon': ICON });
    const panel = mount(HistoryPanel);
    await useConfiguration().refresh();
    await flushPromises();
    expect(panel.text()).toContain('off: changes are not recorded');
    expect(panel.text()).toContain('ICON1 away since 01-01 00:01:00');
    expect(panel.text()).toContain('01-01 01:01:01 #9');
    await panel.get('li button').trigger('click');
    expect(panel.emitted('open')).toEqual([['skill', 2]]);
  });

  it('ICON tells how far it is behind, and what a synchronization is doing', async () => {
    const synchronization = {
      reason: 'on request',
      phase: 'reading objects',
      typesRead: 4,
      types: 31,
      objects: 100,
    };
    offerLab({
      'configuration.history': HISTORY,
      'configuration.icon': {
        ...ICON,
        synchronization,
        cache: { ...ICON.cache, gap: 'the history log is not active' },
      },
    });
    const panel = mount(IconPanel);
    expect(panel.text()).toContain('ICON is not running');
    await useConfiguration().refresh();
    await flushPromises();
    expect(panel.text()).toContain('2 behind');
    expect(panel.get('[role="alert"]').text()).toContain('the history log is not active.');
    expect(panel.text()).toContain('4 of 31 types');
    expect(panel.get<HTMLButtonElement>('button').element.disabled).toBe(true);
  });

  it('the button resynchronizes by the documented way: 0, then 1', async () => {
    const application = {
      type: 'application',
      dbid: 103,
      state: 1,
      fields: { name: 'ICON1', applicationType: 9 },
      options: { callconcentrator: { role: 'cfg', 'start-cfg-sync': '1' } },
    };
    const types = [{ ...SKILL, name: 'application' }];
    const calls = offerLab({
      'configuration.types': types,
      'configuration.objects': [application],
      'configuration.options': [],
      'configuration.history': HISTORY,
      'configuration.icon': { ...ICON, connected: true },
      'configuration.effect': { seq: 1 },
      'lab.execute': { ok: true, seq: 1 },
    });
    const panel = mount(IconPanel);
    await useConfiguration().load();
    await flushPromises();
    await panel.get('button').trigger('click');
    const count = () => calls.filter(({ method }) => method === 'lab.execute').length;
    await vi.waitFor(() => expect(count()).toBe(2));
    const sent = calls
      .filter(({ method }) => method === 'lab.execute')
      .map(({ parameters }) => parameters as { command: { object: typeof application } });
    const values = sent.map(({ command }) => command.object.options.callconcentrator);
    expect(values).toEqual([
      { role: 'cfg', 'start-cfg-sync': '0' },
      { role: 'cfg', 'start-cfg-sync': '1' },
    ]);
  });
});

describe('configuration files', () => {
  it('a file is shown before it is taken; with mistakes it cannot be', async () => {
    HTMLDialogElement.prototype.showModal ??= () => {};
    const preview = {
      created: 1,
      updated: 0,
      unchanged: 4,
      problems: [{ place: 'line 3', message: 'there is no Tenant "Nowhere"' }],
    };
    let problems = preview.problems;
    const calls = offerLab({
      'configuration.preview': () => ({ ...preview, problems }),
      'configuration.import': { ok: true, seq: 9 },
      'configuration.history': HISTORY,
      'configuration.icon': ICON,
      'configuration.effect': { seq: 9 },
    });
    const files = mount(ConfigurationFiles, { props: { type: 'skill' } });
    await files.get('button').trigger('click');
    const pick = async (name: string) => {
      const input = files.get<HTMLInputElement>('input[type=file]');
      const list = [new File(['name\nA'], name)];
      Object.defineProperty(input.element, 'files', { configurable: true, value: list });
      await input.trigger('change');
      await flushPromises();
    };
    await pick('skills.csv');
    expect(files.text()).toContain('one place is wrong');
    expect(files.get<HTMLButtonElement>('.primary').element.disabled).toBe(true);
    problems = [];
    await pick('skills.csv');
    expect(files.get('.primary').text()).toBe('Import 1 object');
    await files.get('.primary').trigger('click');
    await flushPromises();
    expect(files.emitted('imported')).toHaveLength(1);
    expect(calls.find(({ method }) => method === 'configuration.preview')?.parameters).toEqual({
      format: 'csv',
      type: 'skill',
      text: 'name\nA',
    });
  });
});
