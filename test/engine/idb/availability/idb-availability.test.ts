import { describe, expect, it } from 'vitest';
import {
  availabilityAt,
  compareSamples,
} from '../../../../src/engine/idb/availability/idb-availability.ts';

const sample = (lastEvent: number | null, noData: number | null) => ({ lastEvent, noData });

describe('availability of IDB', () => {
  it.each([
    ['changed', 'unchanged', 20, null, 'newData'],
    ['changed', 'changed', 20, 30, 'newData'],
    ['unchanged', 'changed', 10, 30, 'noNewData'],
    ['unchanged', 'unchanged', 10, null, 'notAvailable'],
  ] as const)('last event %s, "no data" %s', (_event, _noData, lastEvent, noData, verdict) => {
    expect(compareSamples(sample(10, null), sample(lastEvent, noData))).toBe(verdict);
  });

  it('one look with a clock says what two looks would', () => {
    expect(availabilityAt(sample(900, null), 1000)).toBe('newData');
    expect(availabilityAt(sample(800, 950), 1000)).toBe('noNewData');
    expect(availabilityAt(sample(800, 880), 1000)).toBe('notAvailable');
    expect(availabilityAt(sample(800, 880), 1000, 300)).toBe('newData');
    expect(availabilityAt(sample(null, null), 1000)).toBe('notAvailable');
  });
});
