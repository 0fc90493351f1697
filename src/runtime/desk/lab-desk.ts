import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  DESK_PARAMETERS,
  type DeskMethods,
  type DeskState,
  type FileContent,
  type FileWritten,
} from '../../contract/desk.ts';
import { checkAgainst, type LabStatus, type RpcEvent, type RpcReply } from '../../contract/rpc.ts';
import { programRoot } from '../program-root.ts';
import { Refused } from '../refused.ts';
import { DEFINITION_FILE } from '../store/file-names.ts';
import { isInUse } from '../store/folder-lock.ts';
import type { Progress } from '../store/write-in-chunks.ts';
import { tellError } from '../tell-error.ts';
import { LabClient } from '../worker/lab-client.ts';
import type { LabToOpen } from '../worker/messages.ts';
import { cancelled, notAsked, notOpened, notWritten, refused } from './desk-errors.ts';
import { type FetchedFile, FileGrants, type FileTarget } from './file-grants.ts';
import { LabLibrary, realFolder } from './lab-library.ts';
import type { ProgramLog } from './program-log.ts';

export type DeskOptions = {
  readonly home: string;
  readonly log: ProgramLog;
  /** Asks the user where a file is to go; null: nowhere. */
  readonly chooseTarget: (name: string) => Promise<FileTarget | null>;
};

type Opening = { readonly name: string; fraction: number | null; readonly abort: AbortController };
type Kept = LabToOpen & { readonly folder: string };

/** The lab that is open, and the way to another one: what every shell talks to. */
export class LabDesk {
  private client: Promise<LabClient>;
  private folder: string;
  private serial = 1;
  private opening: Opening | undefined;
  /** The lab before is saved while the next one is there already. */
  private closing: Promise<void> = Promise.resolve();
  private readonly library: LabLibrary;
  private readonly grants = new FileGrants();
  private readonly writing = new Map<string, AbortController>();
  private readonly atWork = new Set<Promise<unknown>>();
  private readonly firstAbort = new AbortController();
  private stopListening = () => {};
  private closed: Promise<string | null> | undefined;
  private readonly listeners = new Set<(event: RpcEvent) => void>();
  private status: LabStatus | null = null;

  constructor(
    first: Kept,
    private readonly options: DeskOptions,
  ) {
    this.library = new LabLibrary(options.home);
    this.folder = first.folder;
    this.client = this.openFirst(first);
    this.client.then(
      () => this.noteOpened(),
      () => {},
    );
  }

  private async openFirst(first: Kept): Promise<LabClient> {
    const opening = this.beginOpening(basename(first.folder), this.firstAbort);
    try {
      return this.listen(await LabClient.open(first, this.progressOf(opening)));
    } catch (error) {
      if (this.firstAbort.signal.aborted) throw new Error(`${opening.name}: cancelled.`);
      throw error;
    } finally {
      this.endOpening();
    }
  }

  private beginOpening(name: string, abort: AbortController): Opening {
    const opening: Opening = { name, fraction: null, abort };
    this.opening = opening;
    this.tellState();
    return opening;
  }

  private progressOf(opening: Opening): Progress {
    const onProgress = (fraction: number) => {
      opening.fraction = fraction;
      this.tellState();
    };
    return { onProgress, signal: opening.abort.signal };
  }

  private endOpening(): void {
    this.opening = undefined;
    this.tellState();
  }

  /** The lab that was named at the start is open; rejects with a sentence if it cannot be. */
  async ready(): Promise<readonly string[]> {
    return (await this.client).notices;
  }

  onEvent(listener: (event: RpcEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Sends a request as it came to whom it concerns; it is checked there. Never rejects. */
  async call(method: string, parameters: unknown): Promise<RpcReply> {
    if (Object.hasOwn(DESK_PARAMETERS, method)) return this.answer(method, parameters);
    const client = await this.client.catch((error) => notOpened(error));
    if (!(client instanceof LabClient)) return { id: 0, ok: false, error: client };
    try {
      const reply = await client.call(method, parameters);
      if (!reply.ok && reply.error.code === 'internal-error') {
        this.options.log.write('error', `${method}: ${reply.error.message}`);
      }
      return reply;
    } catch (error) {
      return { id: 0, ok: false, error: notAsked(error) };
    }
  }

  /** A file that waits to be fetched by a browser. */
  fetch(token: string): FetchedFile | undefined {
    return this.grants.fetch(token);
  }

  /** Why the lab that is open is no longer saved, or null. */
  get problem(): string | null {
    return this.status?.durability.problem ?? null;
  }

  /**
   * Saves the lab and ends its thread; once, however often it is asked. Answers why something is
   * not saved, or null.
   */
  close(): Promise<string | null> {
    this.closed ??= this.closeOnce();
    return this.closed;
  }

  private async closeOnce(): Promise<string | null> {
    this.firstAbort.abort();
    this.opening?.abort.abort();
    for (const abort of this.writing.values()) abort.abort();
    await Promise.allSettled(this.atWork);
    await this.closing;
    const problem = await this.client.then(
      (client) => client.close(),
      () => null,
    );
    await this.grants.close();
    this.noteClosed(problem);
    await this.options.log.close();
    return problem;
  }

  private noteClosed(problem: string | null): void {
    const { log } = this.options;
    if (problem === null) log.write('info', 'the lab is saved and closed');
    else log.write('error', `the lab is closed, and not all of it is saved: ${problem}`);
  }

  private async answer(method: string, parameters: unknown): Promise<RpcReply> {
    const checked = checkAgainst(DESK_PARAMETERS, method, parameters);
    if (!checked.ok) return { id: 0, ok: false, error: checked.error };
    const run = this.methods[checked.method] as (parameters: unknown) => unknown;
    const work = (async () => {
      if (this.closed) throw refused('closing', 'The program is ending.', 'Start it again.');
      return run(checked.parameters);
    })();
    // A dialog of the system may stay open as long as the user likes.
    if (method !== 'files.target') this.atWork.add(work);
    try {
      return { id: 0, ok: true, value: await work };
    } catch (error) {
      if (error instanceof Refused) return { id: 0, ok: false, error: error.error };
      this.options.log.write('error', `${method}: ${String(error)}`);
      const message = `${method} failed: ${tellError(error)}.`;
      const remedy = 'The doctor in the menu Help may know why.';
      return { id: 0, ok: false, error: { code: 'failed', message, remedy, effect: 'possible' } };
    } finally {
      this.atWork.delete(work);
    }
  }

  private readonly methods: DeskMethods = {
    'desk.state': () => this.state(),
    'desk.labs': async () => {
      // One that is being saved just now is in use until then.
      await this.closing;
      return this.library.shelf(this.folder);
    },
    'desk.check': async ({ name, text }) => {
      const { checkLabFile } = await import('./check-lab-file.ts');
      return checkLabFile(name, text);
    },
    'desk.create': async ({ from, name }) => {
      const folder = await this.library.placeFor(name);
      if (folder === undefined) {
        throw refused('name-taken', `There is a lab "${name}" already.`, 'Choose another name.');
      }
      const lab =
        'shipped' in from
          ? { labFile: shippedFile(from.shipped) }
          : { labFile: from.name, text: from.text };
      return this.switchTo({ ...lab, folder, fresh: false }, true);
    },
    'desk.open': async ({ id }) => {
      const folder = await this.folderOf(id);
      if (folder === (await realFolder(this.folder))) return this.state();
      await this.closing;
      if (await isInUse(folder)) {
        const message = `${basename(folder)} is open in another program.`;
        throw refused('lab-open', message, 'Close that program first.');
      }
      return this.switchTo({ labFile: join(folder, DEFINITION_FILE), folder, fresh: false });
    },
    'desk.revive': async () => {
      this.options.log.write('warning', 'the lab did not answer and is opened again');
      await (await this.client).revive();
      return null;
    },
    'desk.cancel': () => {
      this.opening?.abort.abort();
      return null;
    },
    'desk.remove': async ({ id }) => {
      const folder = await this.folderOf(id);
      const { kept } = await this.library.shelf(this.folder);
      const state = kept.find((lab) => lab.id === id)?.state;
      if (state !== 'closed') {
        const remedy = 'Open another lab first, or close the program that has it.';
        throw refused('lab-open', `${basename(folder)} is ${state ?? 'not there'}.`, remedy);
      }
      return { undo: await this.library.remove(folder) };
    },
    'desk.restore': async ({ id }) => {
      if (await this.library.restore(id)) return null;
      const remedy = 'What was removed stands in the folder "removed" beside the labs.';
      throw refused('not-restored', 'The lab could not be brought back.', remedy);
    },
    'desk.doctor': async () => {
      const { diagnose } = await import('./doctor.ts');
      return diagnose(this.options.home);
    },
    'desk.report': ({ message, where }) => {
      this.options.log.write('error', `window: ${message} (${where})`);
      return null;
    },
    'files.target': async ({ name }) => {
      const target = await this.options.chooseTarget(name);
      return target && { token: this.grants.add(target), name: basename(target.path) };
    },
    'files.write': ({ token, what }) => this.write(token, what),
    'files.cancel': async ({ token }) => {
      this.writing.get(token)?.abort();
      await this.grants.drop(token);
      return null;
    },
  };

  private state(): DeskState {
    const { opening, serial } = this;
    const { fraction = null, name = '' } = opening ?? {};
    return {
      serial,
      labName: basename(this.folder),
      opening: opening ? { name, fraction } : null,
    };
  }

  private async folderOf(id: string): Promise<string> {
    const folder = await this.library.folderOf(id);
    if (folder !== undefined) return folder;
    throw refused('no-such-lab', 'That lab is no longer there.', 'Look at the list again.');
  }

  /** Opens another lab beside the one that is open, which then is saved and closed. */
  private async switchTo(lab: Kept, isNew = false): Promise<DeskState> {
    if (this.opening) {
      const message = `${this.opening.name} is being opened.`;
      throw refused('busy', message, 'Wait for it, or cancel that.');
    }
    const { problem } = this;
    if (problem !== null) {
      const message = `The lab that is open cannot be saved and would be lost. ${problem}`;
      throw refused('not-saved', message, 'Mend that first, or end the program.');
    }
    const abort = new AbortController();
    const opening = this.beginOpening(basename(lab.folder), abort);
    try {
      await this.closing;
      const before = await this.client;
      const next = await LabClient.open(lab, this.progressOf(opening));
      this.stopListening();
      this.client = Promise.resolve(this.listen(next));
      this.folder = lab.folder;
      this.serial++;
      this.closing = before.close().then((problem) => this.noteClosed(problem));
    } catch (error) {
      // It was begun for this, and its name is to be free again.
      if (isNew) await rm(lab.folder, { recursive: true, force: true });
      throw new Refused(abort.signal.aborted ? cancelled(opening.name) : notOpened(error));
    } finally {
      this.endOpening();
    }
    await this.noteOpened();
    return this.state();
  }

  private listen(client: LabClient): LabClient {
    this.status = null;
    this.stopListening = client.onStatus((status) => {
      this.status = status;
      this.tell({ event: 'status', data: status });
    });
    for (const notice of client.notices) this.options.log.write('warning', notice);
    return client;
  }

  private async noteOpened(): Promise<void> {
    this.options.log.write('info', `opened ${this.folder}`);
    await this.library.noteUsed(this.folder);
  }

  private async write(token: string, what: FileContent): Promise<FileWritten> {
    const grant = this.grants.take(token);
    if (!grant) {
      throw refused('no-such-file', 'Nobody has chosen where this file goes.', 'Choose it again.');
    }
    const { abort, ownFolder, path } = grant;
    const { signal } = abort;
    const onProgress = (fraction: number) =>
      this.tell({ event: 'file', data: { token, fraction } });
    this.writing.set(token, abort);
    this.tell({ event: 'file', data: { token, fraction: null } });
    try {
      const sizeBytes = await this.writeContent(what, path, { onProgress, signal });
      this.grants.finish(token);
      const download = ownFolder !== null ? `/download/${token}` : null;
      return { name: basename(path), sizeBytes, download };
    } catch (error) {
      await this.grants.drop(token);
      throw new Refused(signal.aborted ? cancelled(basename(path)) : notWritten(error));
    } finally {
      this.writing.delete(token);
    }
  }

  private async writeContent(what: FileContent, path: string, progress: Progress): Promise<number> {
    if (what.kind === 'idb') return (await this.client).saveIdb(what.database, path, progress);
    const { writeBundle } = await import('./debug-bundle.ts');
    const { folder, status } = this;
    return writeBundle(path, { home: this.options.home, folder, status }, progress);
  }

  private tellState(): void {
    this.tell({ event: 'desk', data: this.state() });
  }

  private tell(event: RpcEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

function shippedFile(name: string): string {
  return join(programRoot(), 'resources', 'labs', `${basename(name)}.yaml`);
}
