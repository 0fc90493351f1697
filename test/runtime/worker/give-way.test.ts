import { readdirSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it, vi } from 'vitest';
import { programRoot } from '../../../src/runtime/program-root.ts';

const LOWER = constants.priority.PRIORITY_BELOW_NORMAL;
const threads = () => readdirSync('/proc/self/task').map(Number);
const lower = () => threads().filter((thread) => getPriority(thread) === LOWER).length;

it.runIf(process.platform === 'linux')('a thread that copies IDB gives way, alone', async () => {
  const [own, before] = [getPriority(), lower()];
  const program = join(programRoot(), 'out', 'main', 'idb-copy-worker.js');
  const worker = new Worker(program);
  await vi.waitFor(() => expect(lower()).toBe(before + 1), 10_000);
  expect(getPriority()).toBe(own);
  await worker.terminate();
});
