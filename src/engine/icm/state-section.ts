import { Hash } from '../kernel/hash.ts';

/** A part of a synchronized client's state: a table, or whatever the client ships in one piece. */
export type StateSection = {
  readonly name: string;
  /** Counters that belong to the section, besides its bytes. */
  readonly numbers: readonly number[];
  readonly bytes: Uint8Array;
};

/** The hash of a section with its head in; its bytes follow, however they are cut. */
export function beginSectionHash({ name, numbers }: Omit<StateSection, 'bytes'>): Hash {
  return new Hash(name.length).words(Uint32Array.from(numbers));
}

/** What the receiver compares with what the sender announced: 32 hexadecimal digits. */
export function hashSection(section: StateSection): string {
  return beginSectionHash(section).bytes(section.bytes).hex();
}
