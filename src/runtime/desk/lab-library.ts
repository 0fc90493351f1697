import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { KeptLab, LabShelf, LabSummary } from '../../contract/desk.ts';
import { programRoot } from '../program-root.ts';
import { DEFINITION_FILE, LOG_FILE } from '../store/file-names.ts';
import { isInUse } from '../store/folder-lock.ts';
import { isThere } from '../store/is-there.ts';
import { replaceWhole } from '../store/replace-whole.ts';

const MAX_RECENT = 50;
const recentFile = z.object({
  version: z.literal(1),
  labs: z.array(z.object({ folder: z.string(), usedMs: z.number() })),
});
type Recent = z.output<typeof recentFile>['labs'][number];

/** The labs that come along and those that are kept: what there is to open. */
export class LabLibrary {
  /** Folders that were taken aside, by what brings them back. */
  private readonly removed = new Map<string, { readonly from: string; readonly to: string }>();

  constructor(private readonly home: string) {}

  async shelf(openFolder: string | null): Promise<LabShelf> {
    const { summarize } = await import('./check-lab-file.ts');
    const shipped = await Promise.all(
      (await shippedFiles()).map((file) => readShipped(file, summarize)),
    );
    const folders = await this.folders();
    const kept = await Promise.all(folders.map((one) => describeKept(one, openFolder, summarize)));
    const there = kept.filter((lab) => lab !== undefined);
    return { shipped, kept: there.sort((a, b) => b.usedMs - a.usedMs) };
  }

  /** Where a new lab of that name goes; undefined if there is one already. */
  async placeFor(name: string): Promise<string | undefined> {
    const place = join(this.home, 'labs', name);
    // Some file systems take `Lab` and `lab` for one.
    const names = await readdir(join(this.home, 'labs')).catch((): string[] => []);
    const isTaken = names.some((taken) => taken.toLowerCase() === name.toLowerCase());
    if (isTaken) return undefined;
    await mkdir(join(this.home, 'labs'), { recursive: true });
    return place;
  }

  async folderOf(id: string): Promise<string | undefined> {
    return (await this.folders()).find(({ folder }) => idOf(folder) === id)?.folder;
  }

  /** Remembers that a lab was opened. A list that cannot be written is no reason to fail. */
  async noteUsed(named: string): Promise<void> {
    const folder = await realFolder(named);
    const others = (await this.recent()).filter((one) => one.folder !== folder);
    const labs = [{ folder, usedMs: Date.now() }, ...others].slice(0, MAX_RECENT);
    await this.writeRecent(labs);
  }

  /**
   * Takes a lab off the list. One of ours goes aside, whole, and the answer brings it back; one in
   * a folder of the user's own stays where it is.
   */
  async remove(folder: string): Promise<string | null> {
    await this.writeRecent((await this.recent()).filter((one) => one.folder !== folder));
    if (dirname(folder) !== (await realFolder(join(this.home, 'labs')))) return null;
    const shelf = join(this.home, 'removed');
    await mkdir(shelf, { recursive: true });
    const names = await readdir(shelf);
    let number = 1;
    while (names.includes(`${basename(folder)}-${number}`)) number++;
    const to = join(shelf, `${basename(folder)}-${number}`);
    await rename(folder, to);
    const undo = idOf(to);
    this.removed.set(undo, { from: folder, to });
    return undo;
  }

  /** False if there is nothing to bring back, or another lab has the place. */
  async restore(undo: string): Promise<boolean> {
    const found = this.removed.get(undo);
    if (!found || (await isThere(found.from))) return false;
    await rename(found.to, found.from);
    this.removed.delete(undo);
    return true;
  }

  private async folders(): Promise<Recent[]> {
    const recent = await this.recent();
    const labs = join(this.home, 'labs');
    const names = await readdir(labs).catch((): string[] => []);
    const named = [...recent, ...names.map((name) => ({ folder: join(labs, name), usedMs: 0 }))];
    // Ways to one folder are one lab: its newest use comes first.
    const found = new Map<string, Recent>();
    for (const { folder, usedMs } of named) {
      const real = await realFolder(folder);
      if (!found.has(real)) found.set(real, { folder: real, usedMs });
    }
    return [...found.values()];
  }

  private async recent(): Promise<Recent[]> {
    try {
      const text = await readFile(this.recentPath, 'utf8');
      return recentFile.parse(JSON.parse(text)).labs;
    } catch {
      return [];
    }
  }

  private async writeRecent(labs: readonly Recent[]): Promise<void> {
    const text = `${JSON.stringify({ version: 1, labs }, null, 2)}\n`;
    try {
      await mkdir(this.home, { recursive: true });
      await replaceWhole(this.recentPath, Buffer.from(text));
    } catch {
      return;
    }
  }

  private get recentPath(): string {
    return join(this.home, 'recent.json');
  }
}

export async function shippedFiles(): Promise<string[]> {
  const folder = join(programRoot(), 'resources', 'labs');
  const names = await readdir(folder);
  return names.filter((name) => name.endsWith('.yaml')).map((name) => join(folder, name));
}

type Summarize = (text: string) => LabSummary;

async function readShipped(
  path: string,
  summarize: Summarize,
): Promise<LabShelf['shipped'][number]> {
  const text = await readFile(path, 'utf8');
  return { file: basename(path, '.yaml'), ...summarize(text) };
}

async function describeKept(
  { folder, usedMs }: Recent,
  openFolder: string | null,
  summarize: Summarize,
): Promise<KeptLab | undefined> {
  if (!(await isThere(join(folder, LOG_FILE)))) return undefined;
  const text = await readFile(join(folder, DEFINITION_FILE), 'utf8').catch(() => '');
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return { bytes: found?.size ?? 0, changedMs: found?.mtimeMs ?? 0 };
    }),
  );
  const isOpen = openFolder !== null && folder === (await realFolder(openFolder));
  const inUse = !isOpen && (await isInUse(folder));
  return {
    id: idOf(folder),
    name: basename(folder),
    description: summarize(text).description,
    folder,
    usedMs: Math.round(usedMs || Math.max(0, ...sizes.map(({ changedMs }) => changedMs))),
    sizeBytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
    state: isOpen ? 'open' : inUse ? 'in another program' : 'closed',
  };
}

/** A screen names a folder by this, and never by its path. */
function idOf(folder: string): string {
  return createHash('sha256').update(folder).digest('base64url').slice(0, 22);
}

/** The folder itself, whatever links lead to it; as named where there is none. */
export function realFolder(folder: string): Promise<string> {
  return realpath(folder).catch(() => folder);
}
