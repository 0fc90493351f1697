import { describe, expect, it } from 'vitest';
import { type LadderRow, laneNames } from '../../src/contract/ladder.ts';
import { compareFields } from '../../src/renderer/features/inspector/compare-fields.ts';
import {
  ladderMarkdown,
  ladderSvg,
  spanText,
  type TimeMode,
  timeOf,
} from '../../src/renderer/features/ladder/ladder-text.ts';

const row = (more: Partial<LadderRow>): LadderRow => ({
  index: 0,
  seq: 1,
  client: 'rtr',
  from: 1,
  to: 2,
  sentUs: 0,
  atUs: 1_500_000,
  kind: 'init',
  label: 'initialization request',
  sizeBytes: 53,
  count: 1,
  sessions: 0,
  ...more,
});
const clock = (us: number) => `t${us}`;
const drawn = (rows: readonly LadderRow[], added: readonly string[] = []) => {
  const times = rows.map(({ atUs }) => clock(atUs));
  return { lanes: laneNames('rtr', added), rows, timeHead: 'arrived', times };
};

describe('the ladder in files', () => {
  it('Markdown names both ends and the sessions, and takes what would end a cell', () => {
    const rows = [
      row({ sessions: 0b011 }),
      row({ label: 'a | b', from: 3, to: 2, count: 4, kind: 'records', sessions: 0b101 }),
    ];
    expect(ladderMarkdown(drawn(rows)).split('\n')).toEqual([
      '| arrived | from | to | message | bytes | sessions |',
      '| --- | --- | --- | --- | --- | --- |',
      '| t1500000 | MDS A | MDS B | initialization request | 53 | rtr A–MDS A–MDS B |',
      '| t1500000 | rtr B | MDS B | a \\| b × 4 | 53 | rtr A–MDS A, MDS B–rtr B |',
      '',
    ]);
  });

  it('SVG has the request in red and no text that is markup', () => {
    const wide = ladderSvg(drawn([row({ from: 1, to: 4 })], ['icon1']));
    expect(wide).toContain('>icon1</text>');
    const svg = ladderSvg(drawn([row({}), row({ kind: 'other', label: '<b>&' })]));
    expect(svg).toContain('fill="#c01c28">initialization request, 53 B');
    expect(svg).toContain('&lt;b&gt;&amp;, 53 B');
    const parsed = new DOMParser().parseFromString(svg, 'text/xml');
    expect(parsed.querySelectorAll('polygon').length).toBe(2);
  });

  it('SVG has a bar for each stretch in which there is a session', () => {
    const rows = [0b001, 0b011, 0b010, 0, 0b010].map((sessions) => row({ sessions }));
    const parsed = new DOMParser().parseFromString(ladderSvg(drawn(rows)), 'text/xml');
    const bars = [...parsed.querySelectorAll('rect.session')];
    expect(bars.map((bar) => [bar.getAttribute('y'), bar.getAttribute('height')])).toEqual([
      ['24', '48'],
      ['48', '48'],
      ['120', '24'],
    ]);
  });
});

describe('the time of a row', () => {
  const rows = [100, 250, 2_000_250].map((atUs) => row({ atUs }));
  const told = (mode: TimeMode, marked: readonly LadderRow[]) =>
    rows.map((_row, at) => timeOf(mode, rows, at, { clock, marked }));

  it('is absolute, since the row before, or since the nearest mark before', () => {
    expect(told('absolute', [])).toEqual(['t100', 't250', 't2000250']);
    expect(told('delta', [])).toEqual(['', '+150 µs', '+2.000 s']);
    expect(told('relative', [])).toEqual(['–', '–', '–']);
    // Before the first mark one counts back from it.
    expect(told('relative', [rows[1], rows[2]])).toEqual(['−150 µs', '+0 µs', '+0 µs']);
  });
});

describe('spans of time', () => {
  it('are told in the unit that has digits before the point', () => {
    expect([31, 1153, 167_907, 2_500_000, -20, 0].map(spanText)).toEqual([
      '+31 µs',
      '+1.153 ms',
      '+167.907 ms',
      '+2.500 s',
      '−20 µs',
      '+0 µs',
    ]);
  });
});

describe('two messages side by side', () => {
  const field = (name: string, value: string) => ({ name, value });

  it('says of each field whether it differs, also where only one has it', () => {
    const one = [field('order', '3'), field('to', 'rtr')];
    const other = [field('to', 'rtr'), field('order', '4'), field('more', 'x')];
    expect(compareFields(one, other)).toEqual([
      { name: 'order', one: '3', other: '4', differs: true },
      { name: 'to', one: 'rtr', other: 'rtr', differs: false },
      { name: 'more', one: null, other: 'x', differs: true },
    ]);
  });
});
