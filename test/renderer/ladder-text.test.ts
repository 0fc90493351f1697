import { describe, expect, it } from 'vitest';
import { type LadderRow, laneNames } from '../../src/contract/ladder.ts';
import { compareFields } from '../../src/renderer/features/inspector/compare-fields.ts';
import {
  ladderMarkdown,
  ladderSvg,
  spanText,
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

describe('the ladder in files', () => {
  it('Markdown names both ends, and takes what would end a cell', () => {
    const rows = [row({}), row({ label: 'a | b', from: 3, to: 2, count: 4, kind: 'records' })];
    expect(ladderMarkdown(laneNames('rtr'), rows, clock).split('\n').slice(2)).toEqual([
      '| t1500000 | MDS A | MDS B | initialization request | 53 |',
      '| t1500000 | rtr B | MDS B | a \\| b × 4 | 53 |',
      '',
    ]);
  });

  it('SVG has the request in red and no text that is markup', () => {
    const wide = ladderSvg([...laneNames('rtr'), 'icon1'], [row({ from: 1, to: 4 })], clock);
    expect(wide).toContain('>icon1</text>');
    const svg = ladderSvg(
      laneNames('rtr'),
      [row({}), row({ kind: 'other', label: '<b>&' })],
      clock,
    );
    expect(svg).toContain('fill="#c01c28">initialization request, 53 B');
    expect(svg).toContain('&lt;b&gt;&amp;, 53 B');
    const parsed = new DOMParser().parseFromString(svg, 'text/xml');
    expect(parsed.querySelectorAll('polygon').length).toBe(2);
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
