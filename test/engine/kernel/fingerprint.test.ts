import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabEvent, SessionDelivery } from '../../../src/engine/kernel/events.ts';
import { Fingerprint } from '../../../src/engine/kernel/fingerprint.ts';
import { encodePlainData } from '../../../src/engine/kernel/plain-data.ts';

const delivery: SessionDelivery = {
  from: 'left',
  network: 'lan',
  session: 3,
  number: 4,
  sentUs: 5_000_000_000,
  sizeBytes: 60,
  check: 7,
  message: { type: 'text' },
};
const message: LabEvent = {
  dueUs: 5_000_001_000,
  seq: 9,
  cause: 8,
  kind: 'sessionMessage',
  target: 'right',
  incarnation: 0,
  data: delivery,
};
const timer: LabEvent = { ...message, kind: 'timer', data: { name: 'talk', data: undefined } };

function hashOf(...events: readonly LabEvent[]): string {
  const hash = new Uint32Array(4);
  const fingerprint = new Fingerprint();
  for (const event of events) fingerprint.add(hash, event);
  return hash.join();
}

describe('the journal hash', () => {
  it('differs with everything that an event says', () => {
    const withDelivery = (change: Partial<SessionDelivery>): LabEvent => ({
      ...message,
      data: { ...delivery, ...change },
    });
    const variants: LabEvent[] = [
      message,
      { ...message, seq: 9 + 2 ** 32 },
      { ...message, cause: 7 },
      { ...message, dueUs: message.dueUs + 1 },
      { ...message, target: 'left' },
      { ...message, kind: 'datagram' },
      withDelivery({ from: 'other' }),
      withDelivery({ session: 4 }),
      withDelivery({ number: 5 }),
      withDelivery({ sentUs: 5_000_000_001 }),
      withDelivery({ check: 8 }),
      timer,
      { ...timer, data: { name: 'listen', data: undefined } },
      { ...timer, data: { name: 'talk', data: { round: 1 } } },
      { ...timer, data: { name: 'talk', data: { round: 2 } } },
      { ...timer, kind: 'diskSynced', data: { path: 'a' } },
      { ...timer, kind: 'diskSynced', data: { path: 'b' } },
    ];
    const hashes = variants.map((event) => hashOf(event));
    expect(new Set(hashes).size).toBe(variants.length);
  });

  it('differs with the order of events, and never forgets a difference', () => {
    expect(hashOf(message, timer)).not.toBe(hashOf(timer, message));
    const rest = Array.from({ length: 1000 }, () => message);
    expect(hashOf(timer, ...rest)).not.toBe(hashOf(message, ...rest));
  });
});

describe('the weight of a message', () => {
  const fields = fc.dictionary(
    fc.string().filter((key) => key !== '__proto__'),
    fc.oneof(fc.string(), fc.integer(), fc.uint8Array({ maxLength: 40 })),
    { noNullPrototype: true },
  );

  it('has the size of the binary form, and one check word for one content', () => {
    const fingerprint = new Fingerprint();
    fc.assert(
      fc.property(fields, fields, (one, two) => {
        const [a, b] = [fingerprint.weigh(one), fingerprint.weigh(two)];
        const [bytesA, bytesB] = [encodePlainData(one), encodePlainData(two)];
        expect(a.sizeBytes).toBe(bytesA.length);
        expect(a.check === b.check).toBe(Buffer.compare(bytesA, bytesB) === 0);
        expect(fingerprint.weigh(structuredClone(one))).toEqual(a);
      }),
      { numRuns: 500 },
    );
  });
});
