import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { keepWindowState, readWindowState } from '../../src/main/window-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'duplexlab-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'window.json');
const screens = [
  { x: 0, y: 0, width: 1920, height: 1080 },
  { x: 1920, y: 0, width: 1280, height: 1024 },
];
const state = { x: 2000, y: 50, width: 1100, height: 800, isMaximized: true };

describe('where the window was', () => {
  it('is kept, and read again', () => {
    keepWindowState(file, state);
    expect(readWindowState(file, screens)).toEqual(state);
  });

  it('does not count where nothing of it can be seen any more', () => {
    keepWindowState(file, state);
    expect(readWindowState(file, screens.slice(0, 1))).toBeUndefined();
    keepWindowState(file, { ...state, x: 3150 });
    expect(readWindowState(file, screens)).toBeUndefined();
    keepWindowState(file, { ...state, x: -1050, y: -700 });
    expect(readWindowState(file, screens)).toBeUndefined();
  });

  it('a file that is not there, no JSON, or something else is as if there were none', () => {
    expect(readWindowState(join(folder, 'none.json'), screens)).toBeUndefined();
    for (const text of ['', 'null', '[]', '{"x":1}', '{"x":"a","y":0,"width":9,"height":9}']) {
      writeFileSync(file, text);
      expect(readWindowState(file, screens)).toBeUndefined();
    }
  });

  it('a folder that cannot be written is no reason to fail', () => {
    expect(() => keepWindowState(join(folder, 'no', 'such', 'folder'), state)).not.toThrow();
  });
});
