import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tellError } from '../../src/runtime/tell-error.ts';

it('of a file its name and what is wrong, not where it stands', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'duplexlab-'));
  const told = async (work: Promise<unknown>) => tellError(await work.catch((error) => error));
  expect(await told(readFile(join(folder, 'lab.yaml')))).toBe('lab.yaml is not there');
  expect(await told(open(folder, 'w'))).toMatch(/^duplexlab-\w+ is a folder$/);
  rmSync(folder, { recursive: true });
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
  });
  expect(tellError(full)).toBe('a file finds no more space: the disk is full');
});

it('of anything else what it says, without a place', () => {
  expect(tellError(new Error("cannot map '/home/anna/labs/x.idb' or 'C:\\Users\\a\\y'"))).toBe(
    "cannot map 'x.idb' or 'y'",
  );
  expect(tellError('simply so')).toBe('simply so');
});
