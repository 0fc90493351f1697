import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  addToHistory,
  readHistory,
  readSaved,
  save,
} from '../../src/renderer/features/sql/kept-queries.ts';

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

/** A browser that keeps texts of so many characters. */
function withRoomFor(characters: number): void {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem(key: string, value: string) {
      if (value.length > characters) throw new DOMException('full', 'QuotaExceededError');
      kept.set(key, value);
    },
  });
}

it('the newest is kept first, each once; what is too long is run and not kept', () => {
  let history = addToHistory([], 'SELECT 1');
  history = addToHistory(history, 'SELECT 2');
  history = addToHistory(history, 'SELECT 1');
  expect(addToHistory(history, 'x'.repeat(100_001))).toEqual(['SELECT 1', 'SELECT 2']);
  expect(readHistory()).toEqual(['SELECT 1', 'SELECT 2']);
});

it('where the browser has no room the oldest go, and what cannot be kept is said', () => {
  withRoomFor(100);
  const long = (letter: string) => letter.repeat(40);
  let history: string[] = [];
  for (const letter of ['a', 'b', 'c']) history = addToHistory(history, long(letter));
  expect(history).toEqual([long('c'), long('b')]);
  expect(readHistory()).toEqual(history);
  expect(save([], { name: 'large', sql: 'x'.repeat(200) })).toBeNull();
  expect(save([], { name: 'small', sql: 'SELECT 1' })).toEqual(readSaved());
});
