/**
 * A host's simulated disk. A write is pending until it is synced; a host that loses power forgets
 * what is pending, a process that dies does not.
 */

export interface FileState {
  /** The file as programs see it now; spare room behind `sizeBytes`. */
  bytes: Uint8Array;
  sizeBytes: number;
  /** How much of the start of `bytes` is durable, unless `replaced` holds the durable content. */
  durableSizeBytes: number;
  /** The durable content that an unsynced replacement has not yet pushed out. */
  replaced: Uint8Array | null;
  /** Lab moment of the last write. */
  modifiedUs: number;
  /** The process that has the file open for writing, as long as it runs; empty for none. */
  writer: string;
}

export interface DiskState {
  /** Time a sync takes, lab microseconds. */
  readonly syncUs: number;
  readonly files: Map<string, FileState>;
}

export function createDisk(syncUs: number): DiskState {
  return { syncUs, files: new Map() };
}

export function readFile(disk: DiskState, path: string): Uint8Array | undefined {
  const file = disk.files.get(path);
  return file?.bytes.subarray(0, file.sizeBytes);
}

export function appendFile(
  disk: DiskState,
  path: string,
  bytes: Uint8Array,
  nowUs: number,
  writer = '',
): void {
  const file = openFile(disk, path);
  file.writer = writer;
  file.modifiedUs = nowUs;
  const sizeBytes = file.sizeBytes + bytes.length;
  if (sizeBytes > file.bytes.length) {
    const grown = new Uint8Array(Math.max(sizeBytes, file.bytes.length * 2, 256));
    grown.set(file.bytes.subarray(0, file.sizeBytes));
    file.bytes = grown;
  }
  file.bytes.set(bytes, file.sizeBytes);
  file.sizeBytes = sizeBytes;
}

/**
 * Replaces the whole content; the old content stays durable until the next sync. The file takes
 * `bytes` over: nobody writes into them any more.
 */
export function replaceFile(
  disk: DiskState,
  path: string,
  bytes: Uint8Array,
  nowUs: number,
  writer = '',
): void {
  const file = openFile(disk, path);
  file.writer = writer;
  file.modifiedUs = nowUs;
  file.replaced ??= file.bytes.subarray(0, file.durableSizeBytes);
  file.bytes = bytes;
  file.sizeBytes = bytes.length;
}

/** A fault: one byte in the middle is not what was written. */
export function corruptFile(disk: DiskState, path: string): void {
  const file = disk.files.get(path);
  if (file && file.sizeBytes > 0) file.bytes[file.sizeBytes >> 1] ^= 0xff;
}

export function syncFile(disk: DiskState, path: string): void {
  const file = disk.files.get(path);
  if (!file) return;
  file.durableSizeBytes = file.sizeBytes;
  file.replaced = null;
}

/** Power loss: every file falls back to what was synced; a file never synced is gone. */
export function losePending(disk: DiskState): void {
  for (const [path, file] of [...disk.files]) {
    if (file.replaced) {
      file.bytes = file.replaced;
      file.durableSizeBytes = file.replaced.length;
      file.replaced = null;
    }
    file.sizeBytes = file.durableSizeBytes;
    if (file.sizeBytes === 0) disk.files.delete(path);
  }
}

function openFile(disk: DiskState, path: string): FileState {
  let file = disk.files.get(path);
  if (!file) {
    file = {
      bytes: new Uint8Array(0),
      sizeBytes: 0,
      durableSizeBytes: 0,
      replaced: null,
      modifiedUs: 0,
      writer: '',
    };
    disk.files.set(path, file);
  }
  return file;
}
