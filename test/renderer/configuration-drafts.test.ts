import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ConfigurationObject } from '../../src/contract/rpc.ts';
import { mergeDraft } from '../../src/renderer/features/configuration/draft.ts';
import ObjectForm from '../../src/renderer/features/configuration/ObjectForm.vue';
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

beforeEach(() => {
  setActivePinia(createPinia());
});

describe('what was typed and not saved', () => {
  const props = { type: SKILL as never, objects: {}, types: [SKILL] as never };
  const object = (fields: object) => ({ type: 'skill', dbid: 2, state: 1, fields }) as never;

  it('is there again after a look at something else, until it is discarded', async () => {
    offerLab({ 'configuration.check': { problems: [], warnings: [] } });
    const first = mount(ObjectForm, { props: { ...props, object: object({ name: 'Greek' }) } });
    await first.get('#field-name').setValue('Old Greek');
    first.unmount();
    const again = mount(ObjectForm, { props: { ...props, object: object({ name: 'Greek' }) } });
    expect(again.get<HTMLInputElement>('#field-name').element.value).toBe('Old Greek');
    expect(again.text()).toContain('not saved');
    const discard = again.findAll('button').find((button) => button.text() === 'Discard changes')!;
    await discard.trigger('click');
    expect(again.emitted('discarded')).toHaveLength(1);
    again.unmount();
    const clean = mount(ObjectForm, { props: { ...props, object: object({ name: 'Greek' }) } });
    expect(clean.get<HTMLInputElement>('#field-name').element.value).toBe('Greek');
  });

  it('leaves what somebody else changed meanwhile', () => {
    const base = object({ name: 'A', note: 'old', other: 1 }) as ConfigurationObject;
    const typed = object({ name: 'B', note: 'old', other: 1 });
    const now = object({ name: 'A', note: 'theirs', other: 1 }) as ConfigurationObject;
    const merged = mergeDraft({ base, content: typed }, { ...now, state: 2 });
    expect(merged).toMatchObject({ state: 2, fields: { name: 'B', note: 'theirs', other: 1 } });
  });

  it('an Annex option that stands in its fields is saved without pressing Add', async () => {
    const calls = offerLab({
      'configuration.check': { problems: [], warnings: [] },
      'lab.execute': { ok: false, error: { message: '', remedy: '', fields: [] } },
    });
    const form = mount(ObjectForm, { props: { ...props, object: object({ name: 'Greek' }) } });
    await form.get('[aria-label="Section of the new option"]').setValue('RPT');
    await form.get('[aria-label="Name of the new option"]').setValue('region');
    await form.get('[aria-label="Value of the new option"]').setValue('West');
    expect(form.get<HTMLButtonElement>('.primary').element.disabled).toBe(false);
    await form.get('form').trigger('submit');
    await flushPromises();
    const sent = calls.find(({ method }) => method === 'lab.execute')!.parameters;
    expect(sent).toMatchObject({ command: { object: { annex: { RPT: { region: 'West' } } } } });
  });
});
