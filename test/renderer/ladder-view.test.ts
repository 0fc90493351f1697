import { flushPromises, mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LadderRow } from '../../src/contract/ladder.ts';
import ObjectForm from '../../src/renderer/features/configuration/ObjectForm.vue';
import LadderView from '../../src/renderer/features/ladder/LadderView.vue';
import { useLab } from '../../src/renderer/stores/lab.ts';
import { offerLab } from './offer-lab.ts';

const row = (index: number, more: Partial<LadderRow>): LadderRow => ({
  index,
  seq: 1000 + index,
  client: 'rtr',
  from: 1,
  to: 2,
  sentUs: index * 1000,
  atUs: index * 1000 + 500,
  kind: 'init',
  label: 'initialization request',
  sizeBytes: 53,
  count: 1,
  sessions: 0,
  ...more,
});

/** The lab as the preload would offer it, answering from a table. */
function offer(answers: Record<string, unknown>): { method: string; parameters: unknown }[] {
  const calls: { method: string; parameters: unknown }[] = [];
  Object.defineProperty(window, 'duplexLab', {
    configurable: true,
    value: {
      async call(method: string, parameters: unknown) {
        calls.push({ method, parameters });
        if (!(method in answers)) throw new Error(`no answer for ${method}`);
        return { id: 0, ok: true, value: answers[method] };
      },
      onEvent() {},
      onCommand() {},
      async setMenu() {},
    },
  });
  return calls;
}

const COUNTS = { exchange: 2, all: 2 };
const STATUS = {
  ladder: { rtr: COUNTS, clgr: COUNTS },
  nowUs: 0,
  historyRebuilt: null,
  durability: { folder: '/labs/lab', durableUs: 0, problem: null },
};
const DESCRIPTION = { epochSeconds: 0, utcOffsetSeconds: 0, dialedNumbers: [], consoles: [] };

describe('the ladder', () => {
  beforeEach(() => {
    document.body.innerHTML = '';
  });

  it('says in words what it draws: lanes, label, folded count, bytes', async () => {
    const rows = [
      row(1, {}),
      row(2, {
        from: 2,
        to: 3,
        kind: 'records',
        label: 'state records',
        count: 30,
        sizeBytes: 718_496,
      }),
    ];
    offer({
      'ladder.rows': { rows, first: 0, total: 2 },
      'lab.describe': DESCRIPTION,
      'lab.status': STATUS,
    });
    const view = mount(LadderView, { global: { plugins: [createPinia()] } });
    await flushPromises();
    const texts = view.findAll('.message').map((message) => message.text().replace(/\s+/g, ' '));
    expect(texts).toEqual([
      '00:00:00.001MDS A to MDS Binitialization request53',
      '00:00:00.002MDS B to rtr Bstate records × 30718,496',
    ]);
    expect(view.findAll('.message')[0].classes()).toContain('init');
  });

  it('stands still once a message is chosen, and asks why it was sent', async () => {
    const calls = offer({
      'ladder.rows': { rows: [row(7, {})], first: 7, total: 8 },
      'lab.describe': DESCRIPTION,
      'lab.status': STATUS,
      'journal.explain': { chain: [], omitted: 0, origin: [], cutOff: false },
      'journal.followed': { events: [], isCut: false },
      'journal.message': null,
    });
    const view = mount(LadderView, { global: { plugins: [createPinia()] } });
    await flushPromises();
    expect(view.text()).not.toContain('Back to live');
    await view.find('.message').trigger('click');
    await flushPromises();
    expect(view.text()).toContain('Back to live');
    expect(calls).toContainEqual({ method: 'journal.explain', parameters: { seq: 1007 } });
  });

  it('has a designed empty state', async () => {
    offer({
      'ladder.rows': { rows: [], first: 0, total: 0 },
      'lab.describe': DESCRIPTION,
      'lab.status': STATUS,
    });
    const view = mount(LadderView, { global: { plugins: [createPinia()] } });
    await flushPromises();
    expect(view.text()).toContain('No state transfer yet');
  });

  it('keeps what is looked at chosen when an older past is put in front of it', async () => {
    let older = 0;
    const label = (at: number) => `message ${at}`;
    const answers = {
      'lab.describe': DESCRIPTION,
      'lab.status': STATUS,
      'journal.explain': { chain: [], isCut: false },
      'journal.followed': { events: [], isCut: false },
      'journal.message': null,
      'ladder.rows': ({ from, limit }: { from: number | null; limit: number }) => {
        const all = Array.from({ length: 60 + older }, (_, at) =>
          row(at - older, { label: label(at - older), atUs: (at - older + 1000) * 1000 }),
        );
        const first = Math.max(0, from ?? all.length - limit);
        return { rows: all.slice(first, first + limit), first, total: all.length };
      },
    };
    offerLab(answers);
    const view = mount(LadderView, { global: { plugins: [createPinia()] } });
    await flushPromises();
    const messages = () => view.findAll('.message');
    await messages()
      .find((one) => one.text().includes('message 10'))!
      .trigger('click');
    await flushPromises();
    expect(view.get('.message.selected').text()).toContain('message 10');
    const place = Number(view.get('.message.selected').attributes('aria-rowindex'));
    older = 500;
    const lab = useLab();
    lab.status = { ...lab.status! };
    await vi.waitFor(() => expect(view.get('.ladder').attributes('aria-rowcount')).toBe('560'));
    await flushPromises();
    const now = view.get('.message.selected');
    expect(now.text()).toContain('message 10');
    expect(Number(now.attributes('aria-rowindex'))).toBe(place + 500);
  });
});

describe('the form of an object', () => {
  it('is made from the schema and shows a refusal at its field', async () => {
    const error = {
      code: 'invalid-object',
      message: 'Name is needed',
      remedy: '',
      effect: 'none',
      fields: [{ field: 'name', message: 'Name is needed' }],
    };
    const calls = offer({
      'lab.execute': { ok: false, error },
      'lab.describe': DESCRIPTION,
      'lab.status': STATUS,
    });
    const type = {
      name: 'skill' as const,
      label: 'Skill',
      plural: 'Skills',
      nameField: 'name',
      count: 1,
      fields: [{ name: 'name', label: 'Name', kind: 'text' as const, required: true }],
    };
    const object = { type: 'skill' as const, dbid: 5, state: 1, fields: { name: 'Sales' } };
    const view = mount(ObjectForm, {
      props: { type, object, objects: {}, types: [type] },
      global: { plugins: [createPinia()] },
    });
    expect(view.find('button[type="submit"]').attributes('disabled')).toBeDefined();
    await view.find('#field-name').setValue('');
    await view.find('form').trigger('submit');
    await flushPromises();
    expect(calls.find(({ method }) => method === 'lab.execute')?.parameters).toEqual({
      command: {
        verb: 'update-object',
        object: { type: 'skill', state: 1, dbid: 5, fields: { name: '' } },
      },
    });
    expect(view.find('.problem').text()).toBe('Name is needed');
  });
});
