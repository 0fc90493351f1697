import { flushPromises, mount } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { describe, expect, it } from 'vitest';
import type { CallStory, LabDescription } from '../../src/contract/rpc.ts';
import CallsView from '../../src/renderer/features/calls/CallsView.vue';
import { partyLines, sequenceOf } from '../../src/renderer/features/calls/call-lanes.ts';
import { useLab } from '../../src/renderer/stores/lab.ts';
import { useScreen } from '../../src/renderer/stores/screen.ts';
import { DESCRIPTION, offerLab } from './offer-lab.ts';

const STORY: CallStory = {
  uuid: 'U1',
  calls: [{ uuid: 'U1', name: 'C1' }],
  eventsCutOff: false,
  events: [
    {
      seq: 5,
      atUs: 1e6,
      from: 'pg1a-pim1',
      to: 'pg1a-opc',
      type: 'route request',
      dn: '8001',
      treatment: '',
      call: '',
    },
    {
      seq: 7,
      atUs: 2e6,
      from: 'ts-east',
      to: 'icon1',
      type: 'EventRinging',
      dn: '2001',
      treatment: '',
      call: 'C1',
    },
    {
      seq: 8,
      atUs: 2e6,
      from: 'ts-east',
      to: 'icon1',
      type: 'EventCallPartyAdded',
      dn: '2001',
      treatment: '',
      call: 'C1',
    },
  ],
  parties: [
    {
      party: 'P1',
      call: 'C1',
      dn: '2001',
      role: 'destination',
      row: 3,
      spans: [
        { row: 4, state: 'alerting', fromSeconds: 100, untilSeconds: 104 },
        { row: 6, state: 'connected', fromSeconds: 104, untilSeconds: 120 },
        { row: 9, state: 'null', fromSeconds: 120, untilSeconds: null },
      ],
    },
    {
      party: 'P2',
      call: 'C1',
      dn: '7001',
      role: 'destination',
      row: 4,
      spans: [{ row: 5, state: 'queued', fromSeconds: 110, untilSeconds: null }],
    },
  ],
  rows: [
    {
      table: 'G_PARTY',
      row: 3,
      sentence: '2001 is in the call as destination',
      causes: [{ op: 'insert', seq: 8 }],
      cells: [{ column: 'STATE', value: '3', word: 'connected', isInferred: true }],
    },
    {
      table: 'G_PARTY_HISTORY',
      row: 4,
      sentence: 'P1 comes in, alerting',
      causes: [{ op: 'insert', seq: 8 }],
      cells: [],
    },
  ],
};

const LIST = {
  total: 1,
  calls: [
    {
      uuid: 'U1',
      row: 1,
      type: 'inbound',
      ani: '5550100',
      dnis: '8001',
      switchName: 'EAST',
      createdSeconds: 100,
      terminatedSeconds: null,
      parent: '',
    },
  ],
};

async function open() {
  const asked = offerLab({
    'calls.list': LIST,
    'calls.story': STORY,
    'journal.explain': { chain: [], omitted: 0, origin: [], cutOff: false },
    'idb.row': { changes: [] },
  });
  const view = mount(CallsView, { global: { plugins: [createPinia()] } });
  await flushPromises();
  await view.get('.calls li button').trigger('click');
  await flushPromises();
  return { view, asked };
}

describe('a call as a drawing', () => {
  it('lanes stand in the order in which a call goes through', () => {
    const { lanes, arrows } = sequenceOf(STORY);
    expect(lanes).toEqual(['pg1a-opc', 'pg1a-pim1', 'ts-east', 'icon1']);
    expect(arrows.map(({ fromLane, toLane }) => [fromLane, toLane])).toEqual([
      [1, 0],
      [2, 3],
      [2, 3],
    ]);
  });

  it('states of parties share the time of the call; what goes on reaches to now', () => {
    const { lines, fromSeconds, untilSeconds } = partyLines(STORY, 140);
    expect([fromSeconds, untilSeconds]).toEqual([100, 140]);
    expect(lines[0].bars.map(({ state, seconds }) => [state, seconds])).toEqual([
      ['alerting', 4],
      ['connected', 16],
    ]);
    expect(lines[1].bars).toMatchObject([
      { state: 'queued', seconds: 30, left: 0.25, width: 0.75 },
    ]);
  });
});

describe('the call view', () => {
  it('tells the story of the call that is chosen', async () => {
    const { view, asked } = await open();
    expect(view.text()).toContain('5550100 → 8001');
    expect(view.text()).toContain('goes on');
    expect(view.text()).toContain('2001 is in the call as destination');
    expect(asked).toContainEqual({ method: 'calls.story', parameters: { uuid: 'U1' } });
  });

  it('a message lights up the rows that it made, and is explained', async () => {
    const { view, asked } = await open();
    const message = view.findAll('tbody tr').find((row) => row.text().includes('PartyAdded'))!;
    await message.get('button').trigger('click');
    await flushPromises();
    expect(view.findAll('li.pointed').map((row) => row.text())).toHaveLength(2);
    expect(asked).toContainEqual({ method: 'journal.explain', parameters: { seq: 8 } });
  });

  it('a row lights up its message; a bar does so too', async () => {
    const { view } = await open();
    await view.get('.sentence').trigger('click');
    await flushPromises();
    expect(view.get('tr.pointed').text()).toContain('EventCallPartyAdded');
    await view
      .findAll('tbody tr')
      .find((row) => row.text().includes('Ringing'))!
      .trigger('click');
    expect(view.get('tr.pointed').text()).toContain('EventRinging');
    await view.get('.bar').trigger('click');
    expect(view.get('tr.pointed').text()).toContain('EventCallPartyAdded');
  });

  it('a link leads to the row in its table', async () => {
    const { view } = await open();
    await view.findAll('.link')[1].trigger('click');
    const screen = useScreen();
    expect([screen.view, screen.table, screen.row]).toEqual(['tables', 'G_PARTY_HISTORY', 4]);
  });

  it('with two ICONs asks the IDB that is chosen, and one that is not there never', async () => {
    const icons = [...DESCRIPTION.icons, { name: 'ICON2', database: 'idb2' }];
    const asked = offerLab({ 'calls.list': LIST });
    const view = mount(CallsView, { global: { plugins: [createPinia()] } });
    await flushPromises();
    useLab().description = { ...DESCRIPTION, icons } as unknown as LabDescription;
    await flushPromises();
    const last = () => asked.filter(({ method }) => method === 'calls.list').at(-1)?.parameters;
    await view.get('select').setValue('idb2');
    await flushPromises();
    expect(last()).toMatchObject({ database: 'idb2' });
    useScreen().database = 'idb9';
    await flushPromises();
    expect(last()).not.toHaveProperty('database');
  });
});
