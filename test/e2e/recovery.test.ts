import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandResult, LabStatus } from '../../src/contract/rpc.ts';
import { LabClient } from '../../src/runtime/worker/lab-client.ts';
import { LAB50_FILE } from '../support/lab50.ts';

/** The thread of a lab dies: an error that nobody caught, memory that is used up. */
describe('a lab whose thread ends', () => {
  let folder: string;
  let client: LabClient;
  const threadOf = () => (client as unknown as { readonly worker: Worker }).worker;
  const status = async () => {
    const reply = await client.call('lab.status', {});
    if (!reply.ok) throw new Error(reply.error.message);
    return reply.value as LabStatus;
  };
  const open = (kept: boolean) =>
    LabClient.open({
      labFile: LAB50_FILE,
      folder: kept ? join(folder, 'lab') : null,
      fresh: false,
      waits: true,
    });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'duplexlab-'));
  });
  afterEach(async () => {
    await client.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is opened again where it was durable, says so, and takes commands', async () => {
    client = await open(true);
    await client.call('lab.advance', { us: 60_000_000 });
    const cut = { verb: 'cut', network: 'private', from: 'cca', to: 'ccb' };
    const done = await client.call('lab.execute', { command: cut });
    expect(done.ok && (done.value as CommandResult).ok).toBe(true);
    const told: LabStatus[] = [];
    client.onStatus((next) => told.push(next));
    await threadOf().terminate();
    const after = await status();
    expect(after.faults.map(({ where }) => where)).toEqual(['private cca > ccb']);
    expect(after.nowUs).toBe(60_000_000);
    expect([after.running, after.notices.join()]).toEqual([
      false,
      expect.stringContaining('ended unexpectedly'),
    ]);
    await expect.poll(() => told.length).toBeGreaterThan(0);
    const repaired = await client.call('lab.execute', { command: { ...cut, verb: 'repair' } });
    expect(repaired.ok && (repaired.value as CommandResult).ok).toBe(true);
  });

  it('that does not answer is ended and opened again where it was durable', async () => {
    client = await open(true);
    await client.call('lab.advance', { us: 60_000_000 });
    const asked = client.call('lab.until', { what: 'message', text: 'none', limitUs: 86_400e6 });
    await client.revive();
    expect(await asked).toMatchObject({ ok: false, error: { effect: 'possible' } });
    const after = await status();
    expect(after.nowUs).toBeGreaterThanOrEqual(60_000_000);
    expect([after.running, after.notices.join()]).toEqual([
      false,
      expect.stringContaining('did not answer'),
    ]);
  });

  it('that is being opened again already is not ended a second time', async () => {
    client = await open(true);
    await client.call('lab.advance', { us: 1_000_000 });
    await threadOf().terminate();
    await client.revive();
    expect((await status()).notices.join()).toContain('ended unexpectedly');
  });

  it('what was asked when it ended is answered: it may have happened', async () => {
    client = await open(true);
    const asked = client.call('lab.advance', { us: 3_600_000_000 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await threadOf().terminate();
    expect(await asked).toMatchObject({ ok: false, error: { effect: 'possible' } });
    expect((await status()).running).toBe(false);
  });

  it('ends for good when it ends again and again', async () => {
    client = await open(true);
    for (let time = 0; time < 3; time++) {
      await threadOf().terminate();
      await status();
    }
    await threadOf().terminate();
    const reply = await client.call('lab.status', {});
    expect(reply).toMatchObject({ ok: false, error: { code: 'lab-stopped' } });
  });

  it('that is kept nowhere cannot be opened again', async () => {
    client = await open(false);
    await threadOf().terminate();
    expect(await client.call('lab.status', {})).toMatchObject({ ok: false });
  });
});
