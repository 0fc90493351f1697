import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  connectionIdNumber,
  createUuidPrefix,
  firstConnectionCounter,
  formatConnectionId,
  formatUuid,
} from '../../../src/engine/telephony/identifiers.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUV';

/** Base32hex back to bytes, independent of the code under test. */
function decode(text: string): { hex: string; padding: string } {
  const bits = [...text].map((c) => ALPHABET.indexOf(c).toString(2).padStart(5, '0')).join('');
  const hex = [...bits.slice(0, 128).matchAll(/.{4}/g)].map(([b]) => parseInt(b, 2).toString(16));
  return { hex: hex.join(''), padding: bits.slice(128) };
}

describe('CallUUID', () => {
  it('decodes as the published ids do: version 4 UUID, two zero padding bits, counter', () => {
    // docs/fidelity/tserver.md §4.1 decodes this real id to a UUID and counter 36.
    const real = decode('AM5D3AE9D90757BKTSVJTCIAR4000014'.slice(0, 26));
    expect(real).toEqual({ hex: '558ad1a9c96a40729d74ef3f3eb24ad9', padding: '00' });
    expect(formatUuid('AM5D3AE9D90757BKTSVJTCIAR4', 36)).toBe('AM5D3AE9D90757BKTSVJTCIAR4000014');
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 16, maxLength: 16 }),
        (draws) => {
          let at = 0;
          const prefix = createUuidPrefix(() => draws[at++]);
          const { hex, padding } = decode(prefix);
          expect(prefix.length).toBe(26);
          expect(padding).toBe('00');
          expect(hex[12]).toBe('4');
          expect('89ab').toContain(hex[16]);
        },
      ),
    );
  });
});

describe('ConnID', () => {
  it('counts from the second at which the server started', () => {
    // docs/fidelity/tserver.md §4.2: URS made 0150028acff24001 at 10:49:08 standard time.
    const seconds = Math.floor(0x028acff24001 / 4096) + 788_918_400;
    expect(formatConnectionId(0x0150, firstConnectionCounter(seconds))).toBe('0150028acff24001');
    expect(connectionIdNumber('006c02462a161006')).toBe(BigInt('0x006c02462a161006').toString());
  });
});
