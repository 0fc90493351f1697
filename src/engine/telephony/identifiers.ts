/** Identifiers as T-Server makes them (docs/fidelity/tserver.md §4, verified by calculation). */

const BASE32_HEX = '0123456789ABCDEFGHIJKLMNOPQRSTUV';
/** 1995-01-01 00:00:00; real servers take local standard time, a lab's servers run on UTC. */
const CONN_ID_EPOCH_SECONDS = 788_918_400;
const CONN_IDS_PER_SECOND = 4096;

/** The 26 leading characters of all CallUUIDs of one server run: a version 4 UUID in base32hex. */
export function createUuidPrefix(uniform: () => number): string {
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 16; i++) bytes[i] = Math.floor(uniform() * 256);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32_HEX[(buffer >> bits) & 31];
      buffer &= (1 << bits) - 1;
    }
  }
  // 128 bits are 25 characters and three bits; two zero bits fill the 26th.
  return text + BASE32_HEX[(buffer << (5 - bits)) & 31];
}

/** 32 characters: the server run's prefix and a six-character counter. */
export function formatUuid(prefix: string, counter: number): string {
  let tail = '';
  let rest = counter;
  for (let i = 0; i < 6; i++) {
    tail = BASE32_HEX[rest % 32] + tail;
    rest = Math.floor(rest / 32);
  }
  return prefix + tail;
}

/** First value of the 48-bit connection counter of a server that starts now. */
export function firstConnectionCounter(utcSeconds: number): number {
  return (Math.floor(utcSeconds) - CONN_ID_EPOCH_SECONDS) * CONN_IDS_PER_SECOND + 1;
}

/** 16 hexadecimal digits: server id, then the counter. */
export function formatConnectionId(serverId: number, counter: number): string {
  return serverId.toString(16).padStart(4, '0') + counter.toString(16).padStart(12, '0');
}

/** The same id as a decimal number, which exceeds what a double holds exactly. */
export function connectionIdNumber(connectionId: string): string {
  return BigInt(`0x${connectionId}`).toString();
}

/** 16 hexadecimal digits, as T-Server prints AttributeEventSequenceNumber. */
export function formatEventSequence(sequence: number): string {
  return sequence.toString(16).padStart(16, '0');
}
