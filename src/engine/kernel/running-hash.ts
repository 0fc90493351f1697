/**
 * A running hash of words for what happens at every event, where a whole MurmurHash3 would be most
 * of the work. One step is a bijection of the lanes: runs that differed once stay different.
 */

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;
const TWO_32 = 2 ** 32;

/** Takes `count` words, a multiple of four, into the four lanes. */
export function foldWords(lanes: Uint32Array, words: Uint32Array, count: number): void {
  let a = lanes[0] | 0;
  let b = lanes[1] | 0;
  let c = lanes[2] | 0;
  let d = lanes[3] | 0;
  for (let at = 0; at < count; at += 4) {
    a = Math.imul(a ^ words[at], C1);
    a = (((a << 15) | (a >>> 17)) + b + C4) | 0;
    b = Math.imul(b ^ words[at + 1], C2);
    b = (((b << 16) | (b >>> 16)) + c + C1) | 0;
    c = Math.imul(c ^ words[at + 2], C3);
    c = (((c << 17) | (c >>> 15)) + d + C2) | 0;
    d = Math.imul(d ^ words[at + 3], C4);
    d = (((d << 18) | (d >>> 14)) + a + C3) | 0;
  }
  lanes[0] = a;
  lanes[1] = b;
  lanes[2] = c;
  lanes[3] = d;
}

/** A whole number as two words. */
export function putWhole(words: Uint32Array, at: number, value: number): void {
  words[at] = value;
  words[at + 1] = value / TWO_32;
}

/** One word that stands for a short text. */
export function textWord(text: string): number {
  let word = text.length;
  for (let at = 0; at < text.length; at++) word = Math.imul(word ^ text.charCodeAt(at), 0x01000193);
  return word >>> 0;
}
