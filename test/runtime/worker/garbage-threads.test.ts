import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { garbageThreads } from '../../../src/runtime/worker/garbage-threads.ts';

it('leaves two processors to the lab and its window, and has one thread at least', () => {
  expect([1, 2, 3, 4, 8].map(garbageThreads)).toEqual([1, 1, 1, 2, 6]);
});

it('is an option that this V8 has', () => {
  const { stdout } = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
  expect(stdout).toContain('--concurrent-marking-max-worker-num');
});
