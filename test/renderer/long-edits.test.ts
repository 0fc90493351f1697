import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { useConfiguration } from '../../src/renderer/stores/configuration.ts';
import { useLab } from '../../src/renderer/stores/lab.ts';
import { useTasks } from '../../src/renderer/stores/tasks.ts';
import { offerLab } from './offer-lab.ts';

const HISTORY = { records: [], total: 0, clients: [], settings: null, undo: '', redo: '' };

describe('an edit that takes long', () => {
  let answer: (result: unknown) => void;
  beforeEach(() => setActivePinia(createPinia()));

  function begin() {
    const calls = offerLab({
      'configuration.history': { ...HISTORY, undo: 'Person N1 created and 8999 more' },
      'configuration.icon': null,
      'configuration.cancel': null,
      'lab.execute': () => new Promise((resolve) => (answer = resolve)),
    });
    const done = useConfiguration().step('undo-edit');
    return { calls, done, lab: useLab(), tasks: useTasks() };
  }

  it('says how far it is, and can be given up', async () => {
    const { calls, done, lab, tasks } = begin();
    await flushPromises();
    expect(tasks.tasks).toMatchObject([{ title: 'Undoing the last edit', fraction: null }]);
    lab.status = { ...lab.status!, editing: 0.4 };
    await flushPromises();
    expect(tasks.tasks).toMatchObject([{ fraction: 0.4 }]);
    await tasks.tasks[0].cancel?.();
    expect(calls.at(-1)).toEqual({ method: 'configuration.cancel', parameters: {} });
    const error = { code: 'cancelled', message: 'Given up.', remedy: 'Nothing.', effect: 'none' };
    answer({ ok: false, error });
    await done;
    expect(tasks.tasks).toEqual([]);
    // It is what was asked for, no mistake.
    expect(lab.notices).toMatchObject([{ severity: 'info', text: 'Given up. Nothing.' }]);
  });
});
