import {
  access,
  constants,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hashHex } from '../../engine/kernel/hash.ts';
import { encodeRecord } from '../../engine/kernel/record-log.ts';
import type { LabDefinition } from '../../engine/lab/definition.ts';
import { formatProblem, parseLabFile } from '../lab-file.ts';
import { RunningLab } from '../running-lab.ts';
import {
  type Checkpoint,
  readCheckpointFile,
  type WriteCheckpoint,
  writeCheckpointFile,
} from './checkpoint.ts';
import { CommandLog, type LogEntry, type LogFile, openLogFile, readLog } from './command-log.ts';
import { DEFINITION_FILE, LOG_FILE } from './file-names.ts';
import { lockFolder } from './folder-lock.ts';
import type { TakenLab } from './take-lab.ts';

/** Changes whenever the same log would no longer give the same run. */
export const ENGINE_VERSION = '17';

const CHECKPOINT_NAME = /^checkpoint-(\d{6})\.dlc$/;
const CHECKPOINTS_KEPT = 2;

export class FolderError extends Error {}

export interface OpenedLab {
  readonly running: RunningLab;
  readonly folder: LabFolder;
  /** What was found and done about it, in sentences for people. */
  readonly notices: readonly string[];
  /** Opened at a checkpoint: what is needed to rebuild the history before it. */
  readonly past: LabPast | null;
  /** Broken invariant that ended the replay: the lab can be looked at, not run. */
  readonly crash: string | null;
}

export interface LabPast {
  readonly entries: readonly LogEntry[];
  readonly until: { readonly eventCount: number; readonly journalHash: string };
}

/** The folder of a lab: its definition, the command log and the two newest checkpoints. */
export class LabFolder {
  private constructor(
    readonly path: string,
    readonly log: CommandLog,
    private readonly unlock: () => Promise<void>,
    private lastCheckpoint: number,
  ) {}

  static async exists(path: string): Promise<boolean> {
    const names = await readdir(path).catch((): string[] => []);
    return names.includes(LOG_FILE);
  }

  /** A sentence when the folder's lab is not the one that the lab file describes now. */
  static async differsFrom(path: string, labFile: string): Promise<string | undefined> {
    const kept = await readFile(join(path, DEFINITION_FILE), 'utf8');
    const named = await readFile(labFile, 'utf8').catch(() => kept);
    if (named === kept) return undefined;
    return (
      `${labFile} differs from the lab that this folder was made with. The lab goes on as it ` +
      'was; start with --fresh to set it aside and begin a new one.'
    );
  }

  /** Moves a lab out of the way, whole, and says where to. */
  static async setAside(path: string): Promise<string> {
    const unlock = await lockFolder(path);
    await unlock();
    const names = await readdir(dirname(path));
    let number = 1;
    while (names.includes(`${basename(path)}.before-${number}`)) number++;
    const aside = `${path}.before-${number}`;
    await rename(path, aside);
    return aside;
  }

  /** A new lab in an empty or missing folder. */
  static async create(
    path: string,
    definitionText: string,
    definition: LabDefinition,
    openFile: (path: string) => Promise<LogFile> = openLogFile,
  ): Promise<OpenedLab> {
    await prepareFolder(path);
    const unlock = await lockFolder(path);
    try {
      await writeSynced(join(path, DEFINITION_FILE), definitionText);
      return await LabFolder.begin(path, definition, unlock, openFile);
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /** The first moment of a lab whose definition is in its folder. */
  private static async begin(
    path: string,
    definition: LabDefinition,
    unlock: () => Promise<void>,
    openFile: (path: string) => Promise<LogFile> = openLogFile,
  ): Promise<OpenedLab> {
    const log = new CommandLog(await openFile(join(path, LOG_FILE)));
    await log.append({ kind: 'head', format: 1, engine: ENGINE_VERSION });
    const folder = new LabFolder(path, log, unlock, 0);
    const running = await RunningLab.create(definition);
    return { running, folder, notices: [], past: null, crash: null };
  }

  /** Goes on at the last durable moment. Nothing that cannot be read is deleted. */
  static async open(
    path: string,
    onProgress: (fraction: number) => void = () => {},
  ): Promise<OpenedLab> {
    const unlock = await lockFolder(path);
    try {
      return await LabFolder.openLocked(path, unlock, onProgress);
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  private static async openLocked(
    path: string,
    unlock: () => Promise<void>,
    onProgress: (fraction: number) => void,
  ): Promise<OpenedLab> {
    const notices: string[] = [];
    const definition = await readDefinition(path);
    const entries = await readEntries(path, notices);
    const { checkpoint, newest } = await readNewestCheckpoint(path, notices);
    if (entries.length === 0 && !checkpoint) return LabFolder.begin(path, definition, unlock);
    const head = entries[0];
    const sameEngine = head?.kind === 'head' && head.engine === ENGINE_VERSION;
    if (!sameEngine && !checkpoint) {
      throw new FolderError(
        `${path} is from another version of the program, which this one cannot go on from. ` +
          'Start with --fresh to set it aside and begin anew.',
      );
    }
    const running = checkpoint
      ? await RunningLab.restore(definition, checkpoint.saved)
      : await RunningLab.create(definition);
    if (checkpoint && running.lab.simulation.stateHash() !== checkpoint.stateHash) {
      notices.push(
        'The checkpoint was restored differently from how it was saved. Please report it.',
      );
    }
    const { eventCount } = running;
    const journalHash = hashHex(running.lab.simulation.world.journalHash);
    const past = sameEngine && checkpoint ? { entries, until: { eventCount, journalHash } } : null;
    const replayed = sameEngine ? replay(running, entries, notices, onProgress) : WHOLE;
    if (!sameEngine) {
      notices.push('The log is from another engine version: the lab goes on at its checkpoint.');
    }
    if (replayed.differsAt !== null) {
      await setTailAside(path, entries.slice(0, replayed.differsAt), notices);
    }
    const { crash } = replayed;
    const log = new CommandLog(await openLogFile(join(path, LOG_FILE)));
    return { running, folder: new LabFolder(path, log, unlock, newest), notices, past, crash };
  }

  /** Writes a checkpoint under a new number, verifies it, and lets the oldest go. */
  async checkpoint(taken: TakenLab, write: WriteCheckpoint = writeCheckpointFile): Promise<void> {
    const number = this.lastCheckpoint + 1;
    const path = join(this.path, checkpointName(number));
    await write(path, { ...taken, engineVersion: ENGINE_VERSION });
    this.lastCheckpoint = number;
    for (const old of await checkpointNumbers(this.path)) {
      if (old > number - CHECKPOINTS_KEPT) continue;
      await unlink(join(this.path, checkpointName(old)));
    }
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.unlock();
  }
}

type Replayed = { readonly differsAt: number | null; readonly crash: string | null };

const WHOLE: Replayed = { differsAt: null, crash: null };

/** Runs the log again; stops where the record and the replay part, or where the engine stops. */
function replay(
  running: RunningLab,
  entries: readonly LogEntry[],
  notices: string[],
  onProgress: (fraction: number) => void,
): Replayed {
  const { simulation } = running.lab;
  const first = running.eventCount;
  const last = entries.at(-1);
  const span = last && last.kind !== 'head' ? last.eventCount - first : 0;
  for (const [index, entry] of entries.entries()) {
    if (entry.kind === 'head' || entry.eventCount < running.eventCount) continue;
    if (entry.kind === 'clock' && entry.nowUs < running.nowUs) continue;
    try {
      simulation.runToCount(entry.eventCount);
      simulation.advanceClock(entry.nowUs);
      if (entry.kind === 'command') running.lab.execute(entry.command);
    } catch (error) {
      return { differsAt: null, crash: error instanceof Error ? error.message : String(error) };
    }
    if (span > 0) onProgress((running.eventCount - first) / span);
    if (entry.kind === 'command') continue;
    if (hashHex(simulation.world.journalHash) === entry.journalHash) continue;
    notices.push(
      `At lab time ${entry.nowUs / 1e6} s the replayed run differs from the recorded one; ` +
        'the lab goes on from the replayed state. Please report this.',
    );
    return { differsAt: index, crash: null };
  }
  return WHOLE;
}

/** What was recorded of a run that can no longer be had is kept, but not gone on from. */
async function setTailAside(
  path: string,
  kept: readonly LogEntry[],
  notices: string[],
): Promise<void> {
  const file = join(path, LOG_FILE);
  const aside = await keepDamaged(path, await readFile(file));
  notices.push(`The record as it was is kept in ${aside}.`);
  const next = join(path, `${LOG_FILE}.next`);
  await writeSynced(next, Buffer.concat(kept.map((entry) => encodeRecord(entry))));
  await rename(next, file);
}

async function prepareFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new FolderError(`The lab cannot be kept in ${path} (${code}); name another --folder.`);
  }
  const names = await readdir(path);
  if (names.length === 0) return;
  throw new FolderError(
    `${path} holds other files (${names.slice(0, 3).join(', ')}); a lab needs a folder of its own.`,
  );
}

async function readDefinition(path: string): Promise<LabDefinition> {
  const file = join(path, DEFINITION_FILE);
  const text = await readFile(file, 'utf8').catch(() => {
    throw new FolderError(`${path} holds no ${DEFINITION_FILE}: it is not the folder of a lab.`);
  });
  const parsed = parseLabFile(file, text);
  if (parsed.ok) return parsed.definition;
  throw new FolderError(parsed.problems.map(formatProblem).join('\n'));
}

async function readEntries(path: string, notices: string[]): Promise<readonly LogEntry[]> {
  const file = join(path, LOG_FILE);
  const bytes = await readFile(file);
  const { entries, goodBytes, badBytes } = readLog(bytes);
  if (badBytes === 0) return entries;
  const kept = await keepDamaged(path, bytes.subarray(goodBytes));
  await truncate(file, goodBytes);
  notices.push(
    `The last ${badBytes} bytes of the command log were damaged and were cut off; ` +
      `they are kept in ${kept}. The lab goes on at the last good record.`,
  );
  return entries;
}

async function keepDamaged(path: string, bytes: Uint8Array): Promise<string> {
  const names = await readdir(path);
  let number = 1;
  while (names.includes(`damaged-${number}.bin`)) number++;
  await writeSynced(join(path, `damaged-${number}.bin`), bytes);
  return `damaged-${number}.bin`;
}

async function readNewestCheckpoint(
  path: string,
  notices: string[],
): Promise<{ checkpoint: Checkpoint | undefined; newest: number }> {
  const numbers = await checkpointNumbers(path);
  const newest = Math.max(0, ...numbers);
  for (const number of numbers.reverse()) {
    const file = join(path, checkpointName(number));
    const checkpoint = await readCheckpointFile(file).catch(() => undefined);
    if (checkpoint?.engineVersion === ENGINE_VERSION) return { checkpoint, newest };
    if (!checkpoint) {
      await rename(file, `${file}.damaged`);
      notices.push(
        `${checkpointName(number)} is damaged and was set aside; an older way was used.`,
      );
    }
  }
  return { checkpoint: undefined, newest };
}

/** Numbers of the checkpoints in a folder, oldest first. */
export async function checkpointNumbers(path: string): Promise<number[]> {
  const names = await readdir(path);
  return names
    .map((name) => Number(CHECKPOINT_NAME.exec(name)?.[1]))
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
}

export function checkpointName(number: number): string {
  return `checkpoint-${String(number).padStart(6, '0')}.dlc`;
}

async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  await writeFile(path, content);
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
