import { describe, expect, it } from 'vitest';
import { formatPackedList, packedSizeBytes } from '../../../src/engine/telephony/packed-list.ts';

describe('packed key-value lists', () => {
  it('have the sizes and heads that real logs show', () => {
    // docs/fidelity/tserver.md §3.3: one text pair, one integer pair, seven pairs.
    const text = new Map([['CustomerSegment', 'Residential1']]);
    expect(formatPackedList(text)).toMatch(/^\[34\] 00 01 00 00 {2}'CustomerSegment'/);
    expect(formatPackedList(new Map([['PIN', 115]]))).toBe("[14] 00 01 01 00  'PIN' 115");
    const seven = new Map(
      Array.from({ length: 7 }, (_pair, at) => [`key-${at}`, 'value'] as const),
    );
    expect(formatPackedList(seven)).toMatch(/^\[107\] 00 07 00 00/);
  });

  it('count bytes, not characters', () => {
    expect(packedSizeBytes(new Map([['Größe', 'ä']]))).toBe(2 + 5 + 7 + 2);
    expect(formatPackedList(new Map())).toBe('[2] 00 00');
  });
});
