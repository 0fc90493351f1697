import { describe, expect, it } from 'vitest';
import { hexLines } from '../../src/contract/hex-lines.ts';

describe('bytes in hex', () => {
  const digits = '000102030405060708090a0b0c0d0e0f4142';

  it('so many in a line, with what can be read of them', () => {
    expect(hexLines(digits, 16)).toEqual([
      '000000  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f  ................',
      `000010  41 42${' '.repeat(42)}  AB`,
    ]);
    expect(hexLines(digits, 8)[2]).toBe(`000010  41 42${' '.repeat(18)}  AB`);
    expect(hexLines('', 8)).toEqual([]);
  });
});
