import { open, readFile } from 'node:fs/promises';
import { hashBytes } from '../../engine/kernel/hash.ts';
import { encodePlainData } from '../../engine/kernel/plain-data.ts';
import { decodePlainData } from '../../engine/kernel/plain-data-reader.ts';
import type { SavedLab } from '../running-lab.ts';
import type { LogPosition } from './command-log.ts';
import type { TakenLab } from './take-lab.ts';
import { writeInChunks } from './write-in-chunks.ts';

/** A checkpoint file: magic, hash of the body, body. Never overwritten, only replaced by newer. */
export type Checkpoint = LogPosition & {
  readonly engineVersion: string;
  readonly stateHash: string;
  readonly saved: SavedLab;
};

/** The hash of the state is made when it is written. */
export type TakenCheckpoint = TakenLab & { readonly engineVersion: string };
export type WriteCheckpoint = (path: string, taken: TakenCheckpoint) => Promise<void>;

const MAGIC = 'DUPLEXLAB CHECKPOINT 1\n';
const HASH_LENGTH = 32;

export async function writeCheckpointFile(path: string, taken: TakenCheckpoint): Promise<void> {
  const { engine: parts, eventCount, idbs, engineVersion, nowUs } = taken;
  const engine = new Uint8Array(Buffer.concat(parts));
  const stateHash = hashBytes(engine);
  const saved: SavedLab = { engine, idbs };
  const checkpoint: Checkpoint = { engineVersion, eventCount, nowUs, saved, stateHash };
  const body = encodePlainData(checkpoint);
  const head = new TextEncoder().encode(MAGIC + hashBytes(body));
  const file = await open(path, 'wx');
  try {
    await writeInChunks(file, Buffer.concat([head, body]));
  } finally {
    await file.close();
  }
  // Read back: an older checkpoint goes only when this one is known to be good.
  if (!(await readCheckpointFile(path))) throw new Error(`${path} could not be read back`);
}

/** Undefined if the file is not a whole checkpoint. */
export async function readCheckpointFile(path: string): Promise<Checkpoint | undefined> {
  const bytes = await readFile(path);
  const head = new TextDecoder().decode(bytes.subarray(0, MAGIC.length + HASH_LENGTH));
  const body = bytes.subarray(MAGIC.length + HASH_LENGTH);
  if (!head.startsWith(MAGIC) || head.slice(MAGIC.length) !== hashBytes(body)) return undefined;
  return decodePlainData(body) as unknown as Checkpoint;
}
