import { flushPromises, mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RegistryValueInfo } from '../../src/contract/rpc.ts';
import RegistryView from '../../src/renderer/features/registry/RegistryView.vue';
import {
  buildTree,
  decodeRegFile,
  encodeRegFile,
  findKey,
  parseDword,
  shownData,
  visibleKeys,
  withParents,
} from '../../src/renderer/features/registry/registry-tree.ts';
import { offerLab } from './offer-lab.ts';

const value = (path: string, data: string | number, more = {}): RegistryValueInfo => ({
  path,
  value: data,
  known: null,
  effect: 'Nothing in the emulator reads this value.',
  ...more,
});
const LIMIT = value('HKLM\\ICM\\RouterA\\StateTransfer\\StateSizeThresholdMB', 30, {
  known: { type: 'REG_DWORD', min: 1, max: 100, about: 'megabytes', source: 'ICM-REG-02' },
  effect: 'Acts at once (rtr).',
});

describe('the tree of a registry', () => {
  it('joins keys that differ in case only, and sorts them', () => {
    const tree = buildTree([value('H\\b\\x', 1), value('H\\A\\y', 2), value('h\\B\\z', 3)]);
    expect(tree).toHaveLength(1);
    expect(tree[0].keys.map(({ name }) => name)).toEqual(['A', 'b']);
    expect(findKey(tree, 'H\\B')?.values).toHaveLength(2);
    expect(visibleKeys(tree, new Set(['h'])).map(({ level }) => level)).toEqual([1, 2, 2]);
    expect(withParents('a\\b\\c')).toEqual(['a', 'a\\b', 'a\\b\\c']);
  });

  it('shows numbers as regedit does, and takes them in both notations', () => {
    expect(shownData(LIMIT)).toBe('0x0000001e (30)');
    expect(parseDword('0x1E')).toBe(30);
    expect(parseDword(' 30 ')).toBe(30);
    expect(parseDword('4294967296')).toBeUndefined();
    expect(parseDword('-1')).toBeUndefined();
    expect(parseDword('1e3')).toBeUndefined();
  });

  it('writes .reg files as regedit does and reads both encodings', () => {
    const text = 'Windows Registry Editor Version 5.00\r\n';
    expect(decodeRegFile(encodeRegFile(text)).replace('\uFEFF', '')).toBe(text);
    expect(decodeRegFile(new TextEncoder().encode(text))).toBe(text);
  });
});

describe('the registry editor', () => {
  beforeEach(() => {
    document.body.innerHTML = '';
  });

  async function open() {
    const calls = offerLab({
      'registry.read': [LIMIT],
      'lab.execute': { ok: true, seq: 1 },
      'registry.preview': {
        problems: [],
        changes: [
          { path: LIMIT.path, value: 50, before: 30, effect: LIMIT.effect },
          { path: 'HKLM\\x', value: null, before: 'a', effect: '' },
        ],
      },
    });
    const view = mount(RegistryView, {
      global: { plugins: [createPinia()] },
      attachTo: document.body,
    });
    await flushPromises();
    const executed = () =>
      calls.filter(({ method }) => method === 'lab.execute').map(({ parameters }) => parameters);
    return { view, executed };
  }

  it('opens at the key of Figure 3 and says when a value acts', async () => {
    const { view } = await open();
    expect(view.get('[aria-selected="true"]').text()).toBe('StateTransfer');
    expect(view.get('tbody').text()).toContain('Acts at once (rtr).');
  });

  it('refuses what is no number or out of range, and saves what is right', async () => {
    const { view, executed } = await open();
    await view.get('tbody button').trigger('click');
    const data = view.get('#registry-data');
    await data.setValue('zz');
    expect(view.get('#registry-problem').text()).toContain('whole number');
    await data.setValue('101');
    expect(view.get('#registry-problem').text()).toBe('It goes from 1 to 100.');
    await view.get('form[aria-label="Registry value"]').trigger('submit');
    expect(executed()).toEqual([]);
    await data.setValue('0x28');
    await view.get('form[aria-label="Registry value"]').trigger('submit');
    await flushPromises();
    expect(executed()).toEqual([
      { command: { verb: 'set-registry', host: 'cca', path: LIMIT.path, value: 40 } },
    ]);
  });

  it('deletes a key at once and offers to undo it', async () => {
    const { view, executed } = await open();
    const button = view.findAll('button').find((one) => one.text() === 'Delete key')!;
    await button.trigger('click');
    await flushPromises();
    expect(executed()).toEqual([
      {
        command: {
          verb: 'delete-registry',
          host: 'cca',
          path: 'HKLM\\ICM\\RouterA\\StateTransfer',
          isKey: true,
        },
      },
    ]);
  });

  it('arrow keys walk the tree', async () => {
    const { view } = await open();
    const tree = view.get('[role="tree"]');
    await tree.trigger('keydown', { key: 'ArrowLeft' });
    await tree.trigger('keydown', { key: 'ArrowUp' });
    expect(view.get('[aria-selected="true"]').text()).toContain('ICM');
    await tree.trigger('keydown', { key: 'ArrowLeft' });
    expect(view.findAll('[role="treeitem"]')).toHaveLength(2);
    await tree.trigger('keydown', { key: 'ArrowRight' });
    expect(view.findAll('[role="treeitem"]')).toHaveLength(4);
  });
});
