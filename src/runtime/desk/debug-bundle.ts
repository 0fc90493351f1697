import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { arch, platform, release } from 'node:os';
import { basename, join } from 'node:path';
import { AsyncZipDeflate, strToU8, Zip, ZipPassThrough } from 'fflate';
import type { LabStatus } from '../../contract/rpc.ts';
import { programVersion } from '../program-root.ts';
import { ENGINE_VERSION } from '../store/lab-folder.ts';
import { temporaryOf } from '../store/replace-whole.ts';
import type { Progress } from '../store/write-in-chunks.ts';
import { diagnose } from './doctor.ts';
import { redactor } from './program-log.ts';

const READ_ME = `What somebody needs to find a fault of Duplex Lab.

about.json      versions of the program, of Node.js and of the operating system
doctor.json     what the program found out about itself and the machine
status.json     what the window showed of the lab at this moment
logs/           the program's own log files
lab/            the lab file, the command log and the newest checkpoints: with them the same run can
                be had again. All calls, people and numbers in them are those of the lab.

Folders of the user, the user's name and the machine's are taken out of the first four. Nothing is
sent anywhere: it is for you to hand on.
`;

export type BundleSources = {
  readonly home: string;
  /** Folder of the lab that is open; null if it is kept nowhere. */
  readonly folder: string | null;
  readonly status: LabStatus | null;
};

/** Writes a zip file with all of that; answers its bytes. Given up, it leaves nothing behind. */
export async function writeBundle(
  path: string,
  { folder, home, status }: BundleSources,
  { onProgress, signal }: Progress = {},
): Promise<number> {
  const redact = redactor();
  // Inside of JSON a backslash is two: texts are looked at before they are written.
  const change = (_key: string, value: unknown) =>
    typeof value === 'string' ? redact(value) : value;
  const json = (value: unknown) => strToU8(`${JSON.stringify(value, change, 2)}\n`);
  const about = {
    program: programVersion(),
    engine: ENGINE_VERSION,
    versions: process.versions,
    system: `${platform()} ${release()} ${arch()}`,
  };
  const files = [...(await logFiles(home)), ...(folder ? await labFiles(folder) : [])];
  const temporary = temporaryOf(path);
  const target = await open(temporary, 'w');
  const written = new ZipInto(target);
  try {
    written.text('README.txt', strToU8(READ_ME));
    written.text('about.json', json(about));
    written.text('doctor.json', json(await diagnose(home)));
    written.text('status.json', json(status));
    for (const [at, file] of files.entries()) {
      signal?.throwIfAborted();
      await written.file(file, file.isLog ? redact : undefined, signal);
      onProgress?.((at + 1) / files.length);
    }
    const sizeBytes = await written.end(signal);
    await target.sync();
    await target.close();
    await rename(temporary, path);
    return sizeBytes;
  } catch (error) {
    await written.stop();
    await target.close().catch(() => {});
    await rm(temporary, { force: true });
    throw error;
  }
}

type BundledFile = { readonly name: string; readonly path: string; readonly isLog?: boolean };

async function logFiles(home: string): Promise<BundledFile[]> {
  const folder = join(home, 'logs');
  const names = await readdir(folder).catch((): string[] => []);
  return names
    .filter((name) => name.endsWith('.log'))
    .map((name) => ({ name: `logs/${name}`, path: join(folder, name), isLog: true }));
}

/** The two newest checkpoints: the last one may be on its way to the disk. */
async function labFiles(folder: string): Promise<BundledFile[]> {
  const names = (await readdir(folder)).sort();
  const newest = names.filter((name) => /^checkpoint-\d+\.dlc$/.test(name)).slice(-2);
  const wanted = names.filter(
    (name) => newest.includes(name) || name === 'lab.yaml' || name === 'commands.log',
  );
  return wanted.map((name) => ({ name: `lab/${basename(name)}`, path: join(folder, name) }));
}

/** A zip file that is written as it grows. */
class ZipInto {
  private sizeBytes = 0;
  private problem: Error | undefined;
  private writing: Promise<unknown> = Promise.resolve();
  private readonly zip: Zip;
  private readonly ended: Promise<void>;

  constructor(target: { appendFile(data: Uint8Array): Promise<void> }) {
    let onEnd = () => {};
    let onError: (error: Error) => void = () => {};
    this.ended = new Promise((resolve, reject) => {
      onEnd = resolve;
      onError = reject;
    });
    // Nobody waits for it where the bundle is given up.
    this.ended.catch(() => {});
    this.zip = new Zip((error, chunk, final) => {
      if (error) return onError(error);
      this.sizeBytes += chunk.length;
      this.writing = this.writing
        .then(() => (this.problem ? undefined : target.appendFile(chunk)))
        .catch((failure: Error) => {
          this.problem ??= failure;
        });
      if (final) onEnd();
    });
  }

  text(name: string, content: Uint8Array): void {
    const entry = new ZipPassThrough(name);
    this.zip.add(entry);
    entry.push(content, true);
  }

  async file(
    { name, path }: BundledFile,
    change?: (text: string) => string,
    signal?: AbortSignal,
  ): Promise<void> {
    const entry = new AsyncZipDeflate(name);
    this.zip.add(entry);
    if (change) {
      const parts: Buffer[] = [];
      for await (const part of createReadStream(path)) parts.push(part as Buffer);
      entry.push(strToU8(change(Buffer.concat(parts).toString('utf8'))), true);
      return;
    }
    for await (const part of createReadStream(path)) {
      signal?.throwIfAborted();
      entry.push(new Uint8Array(part), false);
    }
    entry.push(new Uint8Array(0), true);
  }

  /** Ends in the middle; what is on its way to the file gets there first. */
  async stop(): Promise<void> {
    this.zip.terminate();
    await this.writing;
  }

  /** What has been read is still being packed: that takes longest, and can be given up, too. */
  async end(signal?: AbortSignal): Promise<number> {
    signal?.throwIfAborted();
    this.zip.end();
    const givenUp = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    await Promise.race([this.ended, givenUp]);
    await this.writing;
    if (this.problem) throw this.problem;
    return this.sizeBytes;
  }
}
