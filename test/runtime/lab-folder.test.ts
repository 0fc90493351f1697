import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LabStatus } from '../../src/contract/rpc.ts';
import { hashHex } from '../../src/engine/kernel/hash.ts';
import type { LabCommand } from '../../src/engine/lab/commands.ts';
import { LabHost } from '../../src/runtime/lab-host.ts';
import type { RunningLab } from '../../src/runtime/running-lab.ts';
import { CommandLog, type LogFile, readLog } from '../../src/runtime/store/command-log.ts';
import { LabFolder, type OpenedLab } from '../../src/runtime/store/lab-folder.ts';
import { LAB50_TEXT, lab50, MINUTE, SECOND } from '../support/lab50.ts';
import { takeNow } from '../support/take-now.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'duplexlab-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const create = () => LabFolder.create(folder, LAB50_TEXT, lab50());
const fingerprint = ({ lab }: RunningLab) => ({
  journal: hashHex(lab.simulation.world.journalHash),
  state: lab.simulation.stateHash(),
});

async function command({ running, folder: open }: OpenedLab, one: LabCommand): Promise<void> {
  const position = { eventCount: running.eventCount, nowUs: running.nowUs };
  expect(running.lab.execute(one).ok).toBe(true);
  await open.log.append({ kind: 'command', command: one, ...position });
}

async function clock({ running, folder: open }: OpenedLab): Promise<void> {
  const { eventCount, nowUs } = running;
  const journalHash = hashHex(running.lab.simulation.world.journalHash);
  await open.log.append({ kind: 'clock', eventCount, nowUs, journalHash });
}

/** A lab with a past: side B joined, side A stopped, a moment in between two events. */
async function liveALittle(opened: OpenedLab): Promise<void> {
  const { simulation } = opened.running.lab;
  simulation.runUntil(3 * MINUTE + 1234);
  await command(opened, { verb: 'stop-side', side: 'A' });
  simulation.runUntil(3.5 * MINUTE + 77);
  await clock(opened);
}

describe('a lab folder', () => {
  it('goes on from the log alone with the same hashes', async () => {
    const first = await create();
    await liveALittle(first);
    const expected = fingerprint(first.running);
    await first.folder.close();
    const second = await LabFolder.open(folder);
    expect(second.notices).toEqual([]);
    expect(fingerprint(second.running)).toEqual(expected);
    await second.folder.close();
  });

  it('goes on from a checkpoint and the rest of the log', async () => {
    const first = await create();
    await liveALittle(first);
    await first.folder.checkpoint(await takeNow(first.running));
    await command(first, { verb: 'start-side', side: 'A' });
    first.running.lab.simulation.runUntil(4.5 * MINUTE);
    await clock(first);
    const expected = fingerprint(first.running);
    await first.folder.close();
    const second = await LabFolder.open(folder);
    expect(second.notices).toEqual([]);
    expect(fingerprint(second.running)).toEqual(expected);
    await second.folder.close();
  });

  it('rebuilds the past before its checkpoint: ladder, causes and log lines', async () => {
    const first = await create();
    await liveALittle(first);
    await first.folder.checkpoint(await takeNow(first.running));
    await command(first, { verb: 'start-side', side: 'A' });
    first.running.lab.simulation.runUntil(4.5 * MINUTE);
    await clock(first);
    const { journal, ladder } = first.running;
    const shown = ladder.window('rtr', null, 1000, false);
    await first.folder.close();
    const second = await LabFolder.open(folder);
    expect(second.running.ladder.window('rtr', null, 1000, false).length).toBeLessThan(
      shown.length,
    );
    const host = new LabHost(second, () => {});
    const status = () => host.methods['lab.status']({}) as LabStatus;
    while (status().historyRebuilt !== null) await new Promise((done) => setTimeout(done, 20));
    expect(status().notices).toEqual([]);
    const rebuilt = second.running;
    expect(rebuilt.ladder.window('rtr', null, 1000, false)).toEqual(shown);
    expect(rebuilt.journal.count).toBe(journal.count);
    expect(rebuilt.journal.logLines).toEqual(journal.logLines);
    for (let position = 0; position < journal.count; position += 7) {
      expect(rebuilt.journal.at(position)).toEqual(journal.at(position));
    }
    await host.close();
  });

  it('keeps two checkpoints and falls back to the older when the newer is damaged', async () => {
    const first = await create();
    await liveALittle(first);
    for (let i = 0; i < 3; i++) await first.folder.checkpoint(await takeNow(first.running));
    const expected = fingerprint(first.running);
    await first.folder.close();
    const names = () => readdirSync(folder).filter((name) => name.startsWith('checkpoint'));
    expect(names()).toEqual(['checkpoint-000002.dlc', 'checkpoint-000003.dlc']);
    const newest = join(folder, 'checkpoint-000003.dlc');
    const bytes = readFileSync(newest);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(newest, bytes);
    const second = await LabFolder.open(folder);
    expect(second.notices[0]).toContain('checkpoint-000003.dlc is damaged and was set aside');
    expect(fingerprint(second.running)).toEqual(expected);
    expect(names()).toContain('checkpoint-000003.dlc.damaged');
    await second.folder.close();
  });

  it('reports and cuts a damaged tail of the log, and keeps what it cut', async () => {
    const first = await create();
    await liveALittle(first);
    const expected = fingerprint(first.running);
    await first.folder.close();
    appendFileSync(join(folder, 'commands.log'), Buffer.from('half a record'));
    const second = await LabFolder.open(folder);
    expect(second.notices[0]).toContain('The last 13 bytes of the command log were damaged');
    expect(readFileSync(join(folder, 'damaged-1.bin'), 'utf8')).toBe('half a record');
    expect(fingerprint(second.running)).toEqual(expected);
    await second.folder.close();
    const third = await LabFolder.open(folder);
    expect(third.notices).toEqual([]);
    await third.folder.close();
  });

  it('a log cut at any byte opens at a record border and never guesses', async () => {
    const first = await create();
    await liveALittle(first);
    await first.folder.close();
    const bytes = readFileSync(join(folder, 'commands.log'));
    const whole = readLog(bytes).entries;
    for (let length = 0; length <= bytes.length; length++) {
      const { entries, goodBytes, badBytes } = readLog(bytes.subarray(0, length));
      expect(goodBytes + badBytes).toBe(length);
      expect(entries).toEqual(whole.slice(0, entries.length));
    }
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] ^= 0x10;
      const { entries } = readLog(flipped);
      expect(entries.length).toBeLessThan(whole.length);
      expect(entries).toEqual(whole.slice(0, entries.length));
    }
  });

  it('a replay that differs from the record is said, not hidden', async () => {
    const first = await create();
    first.running.lab.simulation.runUntil(MINUTE);
    const { eventCount, nowUs } = first.running;
    await first.folder.log.append({
      kind: 'clock',
      eventCount,
      nowUs,
      journalHash: 'f'.repeat(32),
    });
    await first.folder.close();
    const second = await LabFolder.open(folder);
    expect(second.notices[0]).toContain('differs from the recorded one');
    expect(second.notices[1]).toContain('The record as it was is kept in damaged-1.bin');
    second.running.lab.simulation.runUntil(2 * MINUTE);
    await clock(second);
    const expected = fingerprint(second.running);
    await second.folder.close();
    const third = await LabFolder.open(folder);
    expect(third.notices).toEqual([]);
    expect(fingerprint(third.running)).toEqual(expected);
    await third.folder.close();
  });

  it('a lab that died before its first record begins again', async () => {
    const first = await create();
    await first.folder.close();
    writeFileSync(join(folder, 'commands.log'), '');
    const second = await LabFolder.open(folder);
    expect(second.running.eventCount).toBe(0);
    await second.folder.close();
  });

  it('an engine that stopped takes no commands, and its folder opens to be looked at', async () => {
    const first = await create();
    first.running.lab.simulation.runUntil(MINUTE);
    const { eventCount, nowUs } = first.running;
    const journalHash = hashHex(first.running.lab.simulation.world.journalHash);
    // A log that asks for more events than a lab can have before this moment.
    const impossible = { eventCount: eventCount + 10, nowUs: 1, journalHash };
    await first.folder.log.append({ kind: 'clock', eventCount, nowUs, journalHash });
    await first.folder.log.append({ kind: 'clock', ...impossible, nowUs: nowUs + 1e15 });
    await first.folder.close();
    const second = await LabFolder.open(folder);
    expect(second.crash).toContain('the clock may not jump over an event');
    const host = new LabHost(second, () => {});
    const command = { verb: 'stop-side', side: 'A' } as const;
    expect(await host.methods['lab.execute']({ command })).toMatchObject({
      ok: false,
      error: { code: 'engine-stopped', effect: 'none' },
    });
    await host.close();
  });

  it('moves no more, and takes nothing more, while it is being closed', async () => {
    const first = await create();
    await liveALittle(first);
    const { running } = first;
    const { eventCount } = running;
    const host = new LabHost(first, () => {});
    const closed = host.close();
    host.methods['lab.run']({ speed: 0 });
    const command = { verb: 'stop-side', side: 'A' } as const;
    expect(await host.methods['lab.execute']({ command })).toMatchObject({
      ok: false,
      error: { code: 'lab-closing', effect: 'none' },
    });
    await closed;
    expect(running.eventCount).toBe(eventCount);
  });

  it('says when the lab file has changed, and sets a lab aside whole', async () => {
    const first = await create();
    await liveALittle(first);
    await first.folder.close();
    const labFile = join(folder, '..', `${basename(folder)}.yaml`);
    writeFileSync(labFile, LAB50_TEXT);
    expect(await LabFolder.differsFrom(folder, labFile)).toBeUndefined();
    writeFileSync(labFile, LAB50_TEXT.replace('seed: 50', 'seed: 51'));
    expect(await LabFolder.differsFrom(folder, labFile)).toContain('start with --fresh');
    const names = readdirSync(folder).sort();
    const aside = await LabFolder.setAside(folder);
    expect(readdirSync(aside).sort()).toEqual(names);
    const again = await create();
    expect(again.running.eventCount).toBe(0);
    await again.folder.close();
    rmSync(aside, { recursive: true });
    rmSync(labFile);
  });

  it('does not move in with files of somebody else', async () => {
    writeFileSync(join(folder, 'thesis.txt'), 'mine');
    await expect(create()).rejects.toThrow('a lab needs a folder of its own');
  });

  it('cannot be opened twice at once', async () => {
    const first = await create();
    writeFileSync(join(folder, 'in-use'), '1');
    await expect(LabFolder.open(folder)).rejects.toThrow('is open in another program');
    await first.folder.close();
  });
});

describe('a failing disk', () => {
  /** A disk that can be full; what a failed sync was for may be there, half or not at all. */
  class Disk implements LogFile {
    readonly sizeBytes = 0;
    isFull = false;
    bytes = Buffer.alloc(0);
    async append(bytes: Uint8Array): Promise<void> {
      const kept = this.isFull ? bytes.subarray(0, bytes.length / 2) : bytes;
      this.bytes = Buffer.concat([this.bytes, kept]);
    }
    async sync(): Promise<void> {
      if (this.isFull) throw new Error('ENOSPC: no space left on device');
    }
    async truncate(sizeBytes: number): Promise<void> {
      this.bytes = this.bytes.subarray(0, sizeBytes);
    }
    async close(): Promise<void> {}
  }
  const head = (engine: string) => ({ kind: 'head', format: 1, engine }) as const;

  it('ends acknowledgement, and nothing is lost once there is space again', async () => {
    const disk = new Disk();
    const log = new CommandLog(disk);
    await log.append(head('1'));
    disk.isFull = true;
    await expect(log.append(head('2'))).rejects.toThrow('ENOSPC');
    await expect(log.append(head('3'))).rejects.toThrow('ENOSPC');
    expect(await log.retry()).toBe(false);
    disk.isFull = false;
    // Space alone does not make it whole.
    await expect(log.append(head('4'))).rejects.toThrow('ENOSPC');
    expect(await log.retry()).toBe(true);
    await log.append(head('5'));
    const entries = ['1', '2', '3', '4', '5'].map(head);
    expect(readLog(disk.bytes)).toMatchObject({ entries, badBytes: 0 });
  });

  const cut = { verb: 'cut', network: 'private', from: 'cca', to: 'ccb' } as const;

  it('is tried again until the lab is saved, with all that happened meanwhile', async () => {
    const disk = new Disk();
    const opened = await LabFolder.create(folder, LAB50_TEXT, lab50(), async () => disk);
    const host = new LabHost(opened, () => {});
    disk.isFull = true;
    await host.methods['lab.execute']({ command: cut });
    await host.methods['lab.advance']({ us: SECOND });
    const durability = () => (host.methods['lab.status']({}) as LabStatus).durability;
    expect(durability().problem).toContain('ENOSPC');
    disk.isFull = false;
    await vi.waitFor(() => expect(durability().problem).toBeNull(), 10_000);
    expect(durability().durableUs).toBe(SECOND);
    const commands = readLog(disk.bytes).entries.filter(({ kind }) => kind === 'command');
    expect(commands).toMatchObject([{ command: cut }]);
    expect(await host.close()).toBeNull();
  });

  it('is said at the end when it never had space again', async () => {
    const disk = new Disk();
    const opened = await LabFolder.create(folder, LAB50_TEXT, lab50(), async () => disk);
    const host = new LabHost(opened, () => {});
    disk.isFull = true;
    await host.methods['lab.execute']({ command: cut });
    expect(await host.close()).toContain('The lab is no longer saved: ENOSPC');
  });

  it('is said to the user: the command may have happened, and is not acknowledged', async () => {
    const disk = new Disk();
    const opened = await LabFolder.create(folder, LAB50_TEXT, lab50(), async () => disk);
    disk.isFull = true;
    const host = new LabHost(opened, () => {});
    const result = await host.methods['lab.execute']({
      command: { verb: 'cut', network: 'private', from: 'cca', to: 'ccb' },
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'not-durable', effect: 'possible' } });
    const status = host.methods['lab.status']({}) as { durability: { problem: string } };
    expect(status.durability.problem).toContain('The lab is no longer saved: ENOSPC');
    await host.close();
  });
});
