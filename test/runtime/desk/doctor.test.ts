import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeBundle } from '../../../src/runtime/desk/debug-bundle.ts';
import { checkMemory, checkNode, diagnose, judgeSqlite } from '../../../src/runtime/desk/doctor.ts';
import { LabFolder } from '../../../src/runtime/store/lab-folder.ts';
import { LAB50_TEXT, lab50 } from '../../support/lab50.ts';
import { takeNow } from '../../support/take-now.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'duplexlab-'));
});
afterEach(() => rmSync(home, { recursive: true }));

async function keepLab(name: string): Promise<string> {
  const path = join(home, 'labs', name);
  const { folder, running } = await LabFolder.create(path, LAB50_TEXT, lab50());
  running.lab.simulation.runUntil(1_000_000);
  await folder.checkpoint(await takeNow(running));
  await folder.close();
  running.close();
  return path;
}

describe('the doctor', () => {
  const verdicts = async () =>
    new Map((await diagnose(home)).map((check) => [check.name, check] as const));

  it('finds nothing wrong where nothing is', async () => {
    await keepLab('whole');
    const found = await verdicts();
    expect([...found.values()].filter(({ verdict }) => verdict === 'bad')).toEqual([]);
    expect(found.get('Shipped labs')!.text).toBe('4 labs, all without mistakes.');
    expect(found.get('Kept labs')!.text).toBe('1 lab, all readable.');
  });

  it('finds a damaged checkpoint, a damaged log, and a lab of another version', async () => {
    const broken = await keepLab('broken');
    writeFileSync(join(broken, 'checkpoint-000001.dlc'), 'not a checkpoint');
    const log = readFileSync(join(broken, 'commands.log'));
    writeFileSync(join(broken, 'commands.log'), Buffer.concat([log, Buffer.from('torn')]));
    mkdirSync(join(home, 'labs', 'empty'));
    const { remedy, text, verdict } = (await verdicts()).get('Kept labs')!;
    expect(verdict).toBe('warning');
    expect(text).toContain('broken: checkpoint-000001.dlc is damaged.');
    expect(text).toContain('broken: the last 4 bytes of the command log are damaged.');
    expect(text).toContain('empty: there is no command log in this folder.');
    expect(remedy).toContain('nothing that cannot be read is deleted');
  });

  it('finds a home that is none', async () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    const found = (await diagnose(file)).find(({ name }) => name === 'Home folder')!;
    expect(found.verdict).toBe('bad');
    expect(found.remedy).toContain('DUPLEXLAB_HOME');
  });

  it('knows what is too old and too little', () => {
    expect(judgeSqlite('ok', 0).verdict).toBe('bad');
    expect(judgeSqlite('row 3 missing from index', 500).verdict).toBe('bad');
    expect(judgeSqlite('ok', 500).verdict).toBe('good');
    expect(checkNode('20.18.3').verdict).toBe('bad');
    expect(checkNode('18.20.0').verdict).toBe('bad');
    expect(checkNode('20.19.0').verdict).toBe('good');
    expect(checkNode('24.1.0').verdict).toBe('good');
    expect(checkMemory(100 * 1024 * 1024).verdict).toBe('warning');
    expect(checkMemory(8 * 1024 ** 3).verdict).toBe('good');
  });
});

describe('the debug bundle', () => {
  const read = (path: string) => {
    const files = unzipSync(readFileSync(path));
    return new Map(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes, true)]));
  };

  it('has what finds a fault, and the two newest checkpoints', async () => {
    const folder = await keepLab('mine');
    // As if a third one were just being written.
    writeFileSync(join(folder, 'checkpoint-000000.dlc'), 'oldest');
    writeFileSync(join(folder, 'checkpoint-000002.dlc'), 'newest');
    writeFileSync(join(folder, 'private.txt'), 'not of the lab');
    mkdirSync(join(home, 'logs'));
    writeFileSync(join(home, 'logs', 'duplexlab.log'), 'opened /x?key=secretsecret\n');
    const target = join(home, 'bundle.zip');
    const told: number[] = [];
    const onProgress = (fraction: number) => void told.push(fraction);
    const size = await writeBundle(target, { home, folder, status: null }, { onProgress });
    expect(readFileSync(target).length).toBe(size);
    expect(told.at(-1)).toBe(1);
    const files = read(target);
    expect([...files.keys()].sort()).toEqual([
      'README.txt',
      'about.json',
      'doctor.json',
      'lab/checkpoint-000001.dlc',
      'lab/checkpoint-000002.dlc',
      'lab/commands.log',
      'lab/lab.yaml',
      'logs/duplexlab.log',
      'status.json',
    ]);
    expect(files.get('lab/lab.yaml')).toBe(Buffer.from(LAB50_TEXT).toString('latin1'));
    expect(files.get('logs/duplexlab.log')).not.toContain('secret');
    expect(JSON.parse(files.get('doctor.json')!)).toHaveLength(9);
  });

  // Linux alone has a device that is always full.
  it.runIf(process.platform === 'linux')('says that the disk is full, leaves nothing', async () => {
    const link = join(home, 'full.zip');
    symlinkSync('/dev/full', `${link}.${process.pid}.tmp`);
    await expect(writeBundle(link, { home, folder: null, status: null })).rejects.toThrow('ENOSPC');
    expect(readdirSync(home)).not.toContain('full.zip');
  });

  it('given up, it leaves nothing behind', async () => {
    const folder = await keepLab('mine');
    const target = join(home, 'bundle.zip');
    const sources = { home, folder, status: null };
    // Before anything, while it reads, and while what it has read is packed.
    const late = new AbortController();
    const onProgress = (fraction: number) => fraction === 1 && late.abort();
    for (const progress of [
      { signal: AbortSignal.abort() },
      { signal: AbortSignal.timeout(2) },
      { signal: late.signal, onProgress },
    ]) {
      await expect(writeBundle(target, sources, progress)).rejects.toThrow(/abort/i);
      expect(() => readFileSync(target)).toThrow(/ENOENT/);
      expect(readdirSync(home).sort()).toEqual(['labs']);
    }
  });
});
