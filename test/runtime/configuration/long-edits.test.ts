import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandResult, LabStatus } from '../../../src/contract/rpc.ts';
import { LabHost } from '../../../src/runtime/lab-host.ts';
import type { RunningLab } from '../../../src/runtime/running-lab.ts';
import { LabFolder } from '../../../src/runtime/store/lab-folder.ts';
import { LAB50_TEXT, quietLab50, SECOND } from '../../support/lab50.ts';

const COUNT = 6000;
let path: string;
let host: LabHost;
let running: RunningLab;
const told: LabStatus[] = [];

beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'duplexlab-'));
  const opened = await LabFolder.create(path, LAB50_TEXT, quietLab50());
  ({ running } = opened);
  running.lab.simulation.runUntil(20 * SECOND);
  told.length = 0;
  host = new LabHost(opened, (status) => void told.push(status));
});
afterEach(async () => {
  await host.close();
  rmSync(path, { recursive: true });
});

const skills = () => host.methods['configuration.objects']({ type: 'skill' });
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const seqOf = (result: CommandResult) => {
  if (!result.ok) throw new Error(result.error.message);
  return result.seq;
};

async function create(word: string, count: number): Promise<CommandResult> {
  const [skill] = await skills();
  const edits = Array.from({ length: count }, (_, at) => {
    const fields = { ...skill.fields, name: `${word} ${at}` };
    return { action: 'create', object: { ...skill, dbid: -1 - at, fields } };
  });
  const command = { verb: 'edit-configuration', edits } as never;
  return host.methods['lab.execute']({ command });
}

/** The same lab, opened from what is on the disk. */
async function openAgain(): Promise<void> {
  await host.close();
  const opened = await LabFolder.open(path);
  ({ running } = opened);
  expect(opened.notices).toEqual([]);
  host = new LabHost(opened, (status) => void told.push(status));
}

describe('an edit of thousands of objects', () => {
  it('is worked out while others are answered, says how far it is, and is kept', async () => {
    const before = (await skills()).length;
    const made = create('Many', COUNT);
    const { nowUs } = running;
    let answers = 0;
    while (host.methods['lab.status']({}) && (await Promise.race([made, nextTurn()])) === undefined)
      answers++;
    seqOf(await made);
    expect(answers).toBeGreaterThan(5);
    expect(running.nowUs).toBe(nowUs);
    expect((await skills()).length).toBe(before + COUNT);
    const fractions = told.flatMap(({ editing }) => editing ?? []);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(told.at(-1)!.editing).toBeNull();
    const { journalHash } = running.lab.simulation.world;
    const hash = [...journalHash];
    await openAgain();
    expect((await skills()).length).toBe(before + COUNT);
    expect([...running.lab.simulation.world.journalHash]).toEqual(hash);
  });

  it('can be given up until it is made; so can taking it back', async () => {
    const before = running.lab.simulation.stateHash();
    const made = create('Many', COUNT);
    await nextTurn();
    await host.methods['configuration.cancel']({});
    expect(await made).toMatchObject({ ok: false, error: { code: 'cancelled', effect: 'none' } });
    expect(running.lab.simulation.stateHash()).toBe(before);

    seqOf(await create('Many', COUNT));
    const there = running.lab.simulation.stateHash();
    const undone = host.methods['lab.execute']({ command: { verb: 'undo-edit' } });
    await nextTurn();
    await host.methods['configuration.cancel']({});
    expect(await undone).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(running.lab.simulation.stateHash()).toBe(there);
    // What is made stays.
    await host.methods['configuration.cancel']({});
    seqOf(await host.methods['lab.execute']({ command: { verb: 'undo-edit' } }));
  });

  it('is worked out again when another one is made meanwhile, or refused', async () => {
    const before = (await skills()).length;
    const many = create('Many', COUNT);
    await nextTurn();
    seqOf(await create('Other', 1));
    seqOf(await many);
    expect((await skills()).length).toBe(before + COUNT + 1);
    const again = create('More', COUNT);
    await nextTurn();
    seqOf(await create('More', 1));
    expect(await again).toMatchObject({ ok: false, error: { code: 'invalid-transaction' } });
  });

  it('waits for a checkpoint that is being taken, which then has nothing of it', async () => {
    const { simulation } = running.lab;
    const taking = simulation.beginCheckpoint();
    taking.step();
    const made = create('Many', COUNT);
    const position = simulation.world.eventCount;
    for (let turn = 0; turn < 200; turn++) await nextTurn();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(simulation.world.eventCount).toBe(position);
    while (!taking.isWhole) taking.step();
    seqOf(await made);
    expect(simulation.world.eventCount).toBe(position + 1);
  });

  it('is not made when the lab is closed meanwhile, or the server ends', async () => {
    const crashed = create('Many', COUNT);
    await nextTurn();
    const command = { verb: 'crash-process', process: 'confserv' } as const;
    seqOf(await host.methods['lab.execute']({ command }));
    expect(await crashed).toMatchObject({ ok: false, error: { code: 'process-not-running' } });
    const start = { verb: 'start-process', process: 'confserv' } as const;
    seqOf(await host.methods['lab.execute']({ command: start }));
    running.lab.simulation.runUntil(30 * SECOND);
    const late = create('Many', COUNT);
    await nextTurn();
    await host.close();
    expect(await late).toMatchObject({ ok: false });
    await openAgain();
    expect((await skills()).some(({ fields }) => /^Many/.test(String(fields['name'])))).toBe(false);
  });
});
