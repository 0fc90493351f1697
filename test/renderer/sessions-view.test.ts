import { flushPromises, mount } from '@vue/test-utils';
import fc from 'fast-check';
import { createPinia } from 'pinia';
import { describe, expect, it } from 'vitest';
import type { AvailabilityReport, NamedChoice } from '../../src/contract/rpc.ts';
import SessionsView from '../../src/renderer/features/sessions/SessionsView.vue';
import {
  panned,
  ticksOf,
  tracksOf,
  zoomed,
} from '../../src/renderer/features/sessions/timeline.ts';
import { useCalls } from '../../src/renderer/stores/calls.ts';
import { useScreen } from '../../src/renderer/stores/screen.ts';
import { offerLab } from './offer-lab.ts';

const SESSION = {
  provider: 'GCC',
  dssId: 1,
  icon: 9,
  source: 8,
  connectionType: 1,
  iconStart: 0,
  iconEnd: null,
  connected: 10,
  disconnected: 400,
  firstEvent: 20,
  lastEvent: 390,
  lastTold: null,
  noData: null,
} as const;

const REPORT: AvailabilityReport = {
  idbs: [{ name: 'ICON1', icon: 9, database: 'idb' }],
  choices: [],
  fromSeconds: 0,
  toSeconds: 1000,
  noDataSeconds: 300,
  windowSeconds: 120,
  providers: [
    {
      provider: 'GCC',
      icon: 9,
      iconName: 'ICON1',
      availability: 'notAvailable',
      words: 'IDB is not available',
      quietUntil: 1160,
      lastEvent: 800,
      noData: null,
    },
    {
      provider: 'CFG',
      icon: 9,
      iconName: 'ICON1',
      availability: 'notAvailable',
      words: 'IDB is not available',
      quietUntil: null,
      lastEvent: 10,
      noData: 310,
    },
  ],
  sources: [
    {
      provider: 'GCC',
      icon: 9,
      iconName: 'ICON1',
      source: 8,
      sourceName: 'TS_East',
      idb: 0,
      table: 'G_DSS_GCC_PROVIDER',
      sessions: [
        SESSION,
        { ...SESSION, dssId: 2, connectionType: 4, connected: 500, disconnected: null },
      ],
      knownUntil: 800,
      gaps: [
        {
          begin: 400,
          beginReason: 'switchLost',
          beginWords: 'data source lost its switch',
          beginRow: 1,
          certainUntil: 390,
          end: 500,
          endReason: 'switchBack',
          endWords: 'data source has its switch again',
          endRow: 2,
        },
      ],
    },
  ],
  unreliableCalls: [
    {
      callId: 'U1',
      idb: 0,
      reason: 'notSeenThroughout',
      words: 'not visible for its whole life',
      gap: null,
      created: 380,
      terminated: null,
    },
  ],
  callsCutOff: false,
};

async function open(report: AvailabilityReport = REPORT) {
  offerLab({ 'availability.report': report, 'calls.story': null });
  const view = mount(SessionsView, { global: { plugins: [createPinia()] } });
  await flushPromises();
  return view;
}

describe('sessions and gaps over time', () => {
  it('bars have their share of the range; what lies outside has none', () => {
    const [{ bars }] = tracksOf(REPORT.sources, { from: 0, to: 1000 }, 1000);
    expect(bars.map(({ kind, left, width }) => [kind, left, width])).toEqual([
      ['session', 0.01, 0.39],
      ['session', 0.5, 0.5],
      ['gap', 0.4, expect.closeTo(0.1)],
    ]);
    const [{ bars: few }] = tracksOf(REPORT.sources, { from: 600, to: 700 }, 1000);
    expect(few.map(({ kind, left, width }) => [kind, left, width])).toEqual([['session', 0, 1]]);
  });

  it('a session of which no end is told ends where its gap begins', () => {
    const [source] = REPORT.sources;
    const open = { ...source, sessions: [{ ...SESSION, disconnected: null }] };
    const [{ bars }] = tracksOf([open], { from: 0, to: 1000 }, 1000);
    expect(bars[0]).toMatchObject({ left: 0.01, width: 0.39 });
  });

  it('zoom and pan stay inside, and come back', () => {
    const limits = { from: 100, to: 2000 };
    const inside = fc.tuple(fc.constantFrom(0.5, 2), fc.constantFrom(-0.25, 0.25, 3));
    fc.assert(
      fc.property(fc.array(inside), (steps) => {
        let range = limits;
        for (const [factor, share] of steps) {
          range = panned(zoomed(range, factor, limits), share, limits);
          expect(range.from).toBeGreaterThanOrEqual(limits.from - 1e-9);
          expect(range.to).toBeLessThanOrEqual(limits.to + 1e-9);
          expect(range.to - range.from).toBeGreaterThanOrEqual(10 - 1e-9);
        }
        expect(zoomed(range, 1e6, limits)).toEqual(limits);
      }),
    );
  });

  it('ticks are round moments, and few', () => {
    expect(ticksOf({ from: 3, to: 63 }, 0)).toEqual([10, 20, 30, 40, 50, 60]);
    const ticks = ticksOf({ from: 0, to: 86_400 * 3 }, -21_600);
    expect(ticks.every((tick) => (tick - 21_600) % 43_200 === 0)).toBe(true);
    expect(ticks.length).toBeLessThanOrEqual(9);
  });
});

describe('the view of data source sessions', () => {
  it('tells unavailable from quiet', async () => {
    const view = await open();
    const rows = view.findAll('tbody tr').map((row) => row.text());
    expect(rows[0]).toContain('IDB is not available, or quiet');
    expect(rows[1]).toMatch(/IDB is not available$/);
  });

  it('a gap says why it begins and ends, with the rows that say so', async () => {
    const view = await open();
    await view.get('.bar.gap').trigger('click');
    expect(view.get('.detail').text()).toContain('data source lost its switch');
    const [begin, end] = view.findAll('.detail button');
    expect([begin.text(), end.text()]).toEqual([
      'row 1 of G_DSS_GCC_PROVIDER',
      'row 2 of G_DSS_GCC_PROVIDER',
    ]);
    await end.trigger('click');
    const screen = useScreen();
    expect([screen.view, screen.table, screen.row]).toEqual(['tables', 'G_DSS_GCC_PROVIDER', 2]);
  });

  it('keys zoom, and All shows everything again', async () => {
    const view = await open();
    const shown = () => view.get('.controls .mono').text();
    const all = shown();
    await view.get('.timeline').trigger('keydown', { key: '+' });
    expect(shown()).not.toBe(all);
    await view.get('.controls button').trigger('click');
    expect(shown()).toBe(all);
  });

  it('an unreliable call leads to its story', async () => {
    const view = await open();
    await view.findAll('tbody th button').at(-1)!.trigger('click');
    expect(useScreen().view).toBe('calls');
    expect(useCalls().chosen).toBe('U1');
  });

  it('with two ICONs a band says which IDB is the better one, and why', async () => {
    const interval = { better: 0, betterName: 'ICON1', lacks: [], missing: [[], []] };
    const lost = [{ source: 8, reason: 'switchLost' }] as const;
    const intervals: NamedChoice[] = [
      { ...interval, from: 0, to: 400, verdict: 'allWhole', words: 'none has a gap' },
      {
        from: 400,
        to: 500,
        better: 1,
        betterName: 'ICON2',
        verdict: 'onlyWhole',
        words: 'the only one without a gap',
        missing: [lost, []],
        lacks: ['ICON1 lacks TS_East: data source lost its switch'],
      },
      {
        ...interval,
        from: 500,
        to: 1000,
        verdict: 'noneBetter',
        words: 'none is better',
        missing: [lost, lost],
      },
    ];
    const of = { provider: 'GCC', source: null, sourceName: '' } as const;
    const view = await open({
      ...REPORT,
      idbs: [...REPORT.idbs, { name: 'ICON2', icon: 10, database: 'idb2' }],
      choices: [
        { ...of, intervals },
        { ...of, source: 8, intervals },
      ],
      unreliableCalls: [{ ...REPORT.unreliableCalls[0], idb: 1 }],
    });
    const bars = view.findAll('.bar.choice');
    expect(bars.map((bar) => bar.text())).toEqual(['ICON1', 'ICON2', 'ICON1']);
    expect(bars.map((bar) => bar.classes('second'))).toEqual([false, true, false]);
    expect(bars.map((bar) => bar.classes('nowhere'))).toEqual([false, false, true]);
    await bars[1].trigger('click');
    expect(view.get('.detail').text()).toMatch(/ICON2: the only one.*ICON1 lacks TS_East/);
    await view.findAll('tbody th button').at(-1)!.trigger('click');
    expect([useScreen().database, useScreen().view]).toEqual(['idb2', 'calls']);
  });

  it('without sessions it says what makes them', async () => {
    const view = await open({ ...REPORT, providers: [], sources: [], unreliableCalls: [] });
    expect(view.text()).toContain('use-dss-monitor');
  });
});
