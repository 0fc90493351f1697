import { defineStore } from 'pinia';

/** What a panel was left with, for when it is there again; it goes with the window. */
export const useKept = defineStore('kept', () => {
  const values = new Map<string, unknown>();

  /** The value of before; at first what `begin` makes. Refs and reactive objects, by their name. */
  function keep<T>(name: string, begin: () => T): T {
    if (!values.has(name)) values.set(name, begin());
    return values.get(name) as T;
  }

  return { keep };
});
