import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Encoded,
  encodePlainData,
  encodePlainDataInSteps,
} from '../../../src/engine/kernel/plain-data.ts';
import {
  encodeRecord,
  encodeRecordInSteps,
  encodeRecords,
  encodeRecordsInSteps,
} from '../../../src/engine/kernel/record-log.ts';
import {
  forEachInSteps,
  runSteps,
  type Steps,
  stepsWithin,
} from '../../../src/engine/kernel/steps.ts';

/** How far each step said it was. */
function fractionsOf(steps: Steps<unknown>): number[] {
  return [...steps];
}

const many = Array.from({ length: 5000 }, (_, at) => ({
  type: 'person',
  dbid: at,
  name: `P${at}`,
}));

describe('work in steps', () => {
  it('takes each item once, in order, and says how far it is', () => {
    const seen: number[] = [];
    const items = Array.from({ length: 100 }, (_, at) => at);
    const fractions = fractionsOf(forEachInSteps(items, (item) => void seen.push(item)));
    expect(seen).toEqual(items);
    expect(fractions).toEqual([0.32, 0.64, 0.96]);
  });

  it('as a part of something larger lies between its two shares', () => {
    const steps = stepsWithin(
      forEachInSteps(Array.from({ length: 64 }), () => {}),
      0.5,
      0.7,
    );
    expect(fractionsOf(steps)).toEqual([0.6, 0.7]);
  });

  it('hands on what it comes to', () => {
    const steps = (function* (): Steps<string> {
      yield 0.5;
      return 'done';
    })();
    expect(runSteps(stepsWithin(steps, 0, 1))).toBe('done');
  });
});

describe('what is encoded in steps', () => {
  it('has the same bytes as in one go, and pauses where it is large', () => {
    const value = { transaction: 7, title: 'x', changes: many };
    const steps = encodeRecordInSteps(value);
    let pauses = 0;
    let next = steps.next();
    for (; !next.done; next = steps.next()) pauses++;
    expect(Buffer.compare(next.value, encodeRecord(value))).toBe(0);
    expect(pauses).toBeGreaterThan(5);
    const records = runSteps(encodeRecordsInSteps(many));
    expect(Buffer.compare(records, encodeRecords(many))).toBe(0);
  });

  it('has the same bytes whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(runSteps(encodePlainDataInSteps(value))).toEqual(encodePlainData(value));
        const whole = { kind: 'command', value, nowUs: 5 };
        const spliced = { ...whole, value: new Encoded(encodePlainData(value)) };
        expect(encodePlainData(spliced)).toEqual(encodePlainData(whole));
      }),
    );
  });
});
