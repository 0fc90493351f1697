import { flushPromises, mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { describe, expect, it } from 'vitest';
import type { StateReport, TableDifference } from '../../src/contract/rpc.ts';
import StateView from '../../src/renderer/features/state/StateView.vue';
import {
  differenceText,
  sidesText,
  syncSentence,
} from '../../src/renderer/features/state/state-report.ts';
import { offerLab } from './offer-lab.ts';

const NONE: TableDifference = { added: 0, removed: 0, changed: 0, unusedWords: 0 };

function report(difference: TableDifference, orders: StateReport['orders']): StateReport {
  const side = { records: 2, bytes: 800 };
  const sinceMark = { A: { ...NONE, changed: 3 }, B: null };
  const table = { name: 'agent', recordBytes: 400, A: side, B: side, difference, sinceMark };
  return { orders, phases: { A: 'active', B: 'active' }, markedUs: null, tables: [table] };
}

describe('the router state in words', () => {
  it.each([
    [report(NONE, { A: 7, B: 7 }), 'In sync at input 7: no record differs.'],
    [report({ ...NONE, changed: 1 }, { A: 7, B: 7 }), 'Out of sync at input 7: 1 record differs.'],
    [
      report({ ...NONE, added: 2 }, { A: 7, B: 8 }),
      'Side B has applied 1 input more; 2 records differ, perhaps only by that.',
    ],
    [report(NONE, { A: 9, B: 7 }), 'Side A has applied 2 inputs more; no record differs.'],
    [report(NONE, { A: null, B: 7 }), 'Only side B has a router.'],
    [report(NONE, { A: null, B: null }), 'No router runs.'],
  ])('case %#', (given, sentence) => {
    expect(syncSentence(given)).toBe(sentence);
  });

  it('tells what kind of difference it is', () => {
    const difference = { added: 1, removed: 2, changed: 3, unusedWords: 1 };
    expect(differenceText(difference)).toBe('1 new, 2 gone, 3 changed, 4 B outside of records');
    expect(sidesText(difference)).toBe(
      '2 only in A, 1 only in B, 3 differ, 4 B outside of records',
    );
    expect(differenceText(NONE)).toBe('–');
    expect(sidesText(null)).toBe('');
  });
});

describe('the state view', () => {
  it('shows the fields behind a cell', async () => {
    const asked: unknown[] = [];
    offerLab({
      'state.report': report({ ...NONE, changed: 1 }, { A: 7, B: 7 }),
      'state.differences': (parameters: unknown) => {
        asked.push(parameters);
        return [{ handle: 9, field: 'halfHours[3]', one: '1', other: '0' }];
      },
    });
    const view = mount(StateView, { global: { plugins: [createPinia()] } });
    await flushPromises();
    expect(view.get('[role="status"]').text()).toContain('Out of sync');
    await view.get('.differs button').trigger('click');
    await flushPromises();
    expect(asked[0]).toEqual({ table: 'agent', what: 'sides' });
    expect(view.text()).toContain('halfHours[3]');
  });
});
