import { describe, expect, it } from 'vitest';
import { DESK_PARAMETERS } from '../../src/contract/desk.ts';
import { checkAgainst } from '../../src/contract/rpc.ts';

const codeOf = (method: string, parameters: unknown) => {
  const checked = checkAgainst(DESK_PARAMETERS, method, parameters);
  return checked.ok ? 'ok' : checked.error.code;
};

/** Each would be another place, a hidden one, or none on some system. */
const NO_NAMES: readonly unknown[] = [
  '..',
  '.',
  '',
  '../x',
  'a/b',
  'a\\b',
  '/etc',
  'C:x',
  'nul\0',
  'a\nb',
  '.hidden',
  'x.',
  'x ',
  'x'.repeat(300),
  42,
  null,
  undefined,
];

describe('what a screen may name', () => {
  const from = { shipped: 'ha' };

  it('a new lab and a file have a name, and may be described', () => {
    expect(codeOf('desk.create', { name: 'My lab 2', from })).toBe('ok');
    const text = { name: 'mine.yaml', text: 'lab:' };
    expect(codeOf('desk.create', { name: 'Übung', from: text })).toBe('ok');
    expect(codeOf('files.target', { name: 'lab50-icon1.sqlite' })).toBe('ok');
  });

  it.each(NO_NAMES)('a lab or a file may not be named %j', (name) => {
    expect(codeOf('desk.create', { name, from })).toBe('invalid-parameters');
    expect(codeOf('files.target', { name })).toBe('invalid-parameters');
  });

  it('a lab may not be named as a device of Windows', () => {
    for (const name of ['con', 'NUL', 'COM1.lab', 'lpt9']) {
      expect(codeOf('desk.create', { name, from }), name).toBe('invalid-parameters');
    }
  });

  it('nothing else may be said beside it', () => {
    const folder = '/etc';
    expect(codeOf('desk.create', { name: 'x', from, folder })).toBe('invalid-parameters');
    expect(codeOf('desk.create', { name: 'x', from: { ...from, folder } })).toBe(
      'invalid-parameters',
    );
    expect(codeOf('files.target', { name: 'x', folder })).toBe('invalid-parameters');
  });
});
