import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';

const MAX_GRANTS = 20;

/** A place that the user has named, or that a browser will fetch from. */
export type FileTarget = {
  readonly path: string;
  /** Where it stands alone until a browser has fetched it; null: where the user wants it. */
  readonly ownFolder: string | null;
};

/** A file on its way to a browser. */
export type FetchedFile = {
  readonly path: string;
  readonly name: string;
  readonly remove: () => Promise<void>;
};

type Grant = FileTarget & {
  readonly abort: AbortController;
  state: 'given' | 'being written' | 'written';
};

/**
 * Leave to write one file. A screen names it by a token that it was given for a place which the
 * user chose; it never says a path.
 */
export class FileGrants {
  private readonly grants = new Map<string, Grant>();

  add(target: FileTarget): string {
    const token = randomBytes(24).toString('base64url');
    const [oldest] = this.grants.keys();
    if (this.grants.size >= MAX_GRANTS && oldest !== undefined) void this.drop(oldest);
    this.grants.set(token, { ...target, abort: new AbortController(), state: 'given' });
    return token;
  }

  /** The place that a token is good for, once; undefined: it is good for none. */
  take(token: string): Grant | undefined {
    const grant = this.grants.get(token);
    if (grant?.state !== 'given') return undefined;
    grant.state = 'being written';
    return grant;
  }

  /** It is written: where the user wanted it, or for a browser to fetch. */
  finish(token: string): void {
    const grant = this.grants.get(token);
    if (grant?.ownFolder) grant.state = 'written';
    else this.grants.delete(token);
  }

  /** A file that has been written and waits to be fetched; only once. */
  fetch(token: string): FetchedFile | undefined {
    const grant = this.grants.get(token);
    if (grant?.state !== 'written') return undefined;
    this.grants.delete(token);
    const { ownFolder, path } = grant;
    return { path, name: basename(path), remove: () => removeFolder(ownFolder) };
  }

  /** Takes leave back, and what was written for a browser with it. */
  async drop(token: string): Promise<void> {
    const grant = this.grants.get(token);
    this.grants.delete(token);
    await removeFolder(grant?.ownFolder ?? null);
  }

  async close(): Promise<void> {
    for (const token of [...this.grants.keys()]) await this.drop(token);
  }
}

/** Where that cannot be done (a system that holds files), the next start of the program does it. */
async function removeFolder(folder: string | null): Promise<void> {
  if (folder === null) return;
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
}
