import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeskState, LabShelf } from '../../src/contract/desk.ts';
import type { RpcEvent } from '../../src/contract/rpc.ts';
import { LabDesk } from '../../src/runtime/desk/lab-desk.ts';
import { ProgramLog } from '../../src/runtime/desk/program-log.ts';
import { type BrowserHost, startBrowserHost } from '../../src/server/browser-host.ts';
import { LAB50_FILE } from '../support/lab50.ts';

/** The desk with real threads: what may go wrong between two labs. */
describe('the desk', () => {
  let home: string;
  let desk: LabDesk;
  let host: BrowserHost | undefined;
  const events: RpcEvent[] = [];

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'duplexlab-'));
    events.length = 0;
    desk = await openDesk(join(home, 'labs', 'first'));
    await desk.ready();
  });
  afterEach(async () => {
    await host?.close();
    host = undefined;
    await desk.close();
    rmSync(home, { recursive: true, force: true });
  });

  async function openDesk(folder: string): Promise<LabDesk> {
    const log = await ProgramLog.open(home);
    const opened = new LabDesk(
      { labFile: LAB50_FILE, folder, fresh: false },
      {
        home,
        log,
        chooseTarget: async (name) => {
          const ownFolder = mkdtempSync(join(home, 'download-'));
          return { path: join(ownFolder, name), ownFolder };
        },
      },
    );
    opened.onEvent((event) => void events.push(event));
    return opened;
  }

  async function ask<T>(method: string, parameters: object = {}): Promise<T> {
    const reply = await desk.call(method, parameters);
    if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
    return reply.value as T;
  }
  const create = (name: string) => ask<DeskState>('desk.create', { name, from: { shipped: 'ha' } });
  const shelf = async () => (await ask<LabShelf>('desk.labs')).kept;
  const idOf = async (name: string) => (await shelf()).find((lab) => lab.name === name)!.id;
  const statesByName = async () =>
    Object.fromEntries((await shelf()).map(({ name, state }) => [name, state]));

  it('goes from lab to lab; each is saved and free again', async () => {
    expect(await create('second')).toMatchObject({ labName: 'second', serial: 2 });
    await ask('desk.open', { id: await idOf('first') });
    expect(await statesByName()).toEqual({ first: 'open', second: 'closed' });
    await expect(create('Second')).rejects.toThrow('name-taken');
    // Of the lab before nothing is heard any more.
    const serials = events.filter(({ event }) => event === 'desk').length;
    expect(serials).toBeGreaterThan(2);
  });

  it('an opening that is cancelled leaves no lock and no folder', async () => {
    for (const waitMs of [0, 50, 150, 300]) {
      const creating = create('given up');
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      await ask('desk.cancel');
      const outcome = await creating.then(
        () => 'created',
        (error: Error) => error.message,
      );
      if (outcome === 'created') {
        await ask('desk.open', { id: await idOf('first') });
        await ask('desk.remove', { id: await idOf('given up') });
      } else expect(outcome).toContain('cancelled');
      expect(existsSync(join(home, 'labs', 'given up'))).toBe(false);
    }
    expect(await statesByName()).toEqual({ first: 'open' });
    expect(await ask('lab.status')).toBeDefined();
  });

  it('one lab at a time is opened', async () => {
    // Which of the two comes first is up to the disk.
    const outcomes = await Promise.allSettled([create('one'), create('one')]);
    const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? each.reason : []));
    expect(refused).toEqual([expect.objectContaining({ message: 'busy: one is being opened.' })]);
    expect(existsSync(join(home, 'labs', 'one', 'commands.log'))).toBe(true);
  });

  it('a link to the lab that is open is that lab, and no second writer of it', async () => {
    symlinkSync(join(home, 'labs', 'first'), join(home, 'labs', 'link'));
    const kept = await shelf();
    expect(kept.map(({ name, state }) => [name, state])).toEqual([['first', 'open']]);
    expect(await ask('desk.open', { id: kept[0].id })).toMatchObject({ serial: 1 });
  });

  it('takes aside only what stands among its own labs', async () => {
    const elsewhere = join(home, 'labs-mine', 'foo');
    await create('second');
    await desk.close();
    desk = await openDesk(elsewhere);
    await desk.ready();
    await ask('desk.open', { id: await idOf('first') });
    expect(await ask('desk.remove', { id: await idOf('foo') })).toEqual({ undo: null });
    expect(existsSync(join(elsewhere, 'commands.log'))).toBe(true);
  });

  it.each(['..', '.', '../x', 'a/b', 'a\\b', 'nul\0', '', 'x.'])(
    'a file may not be named %j',
    async (name) => {
      await expect(ask('files.target', { name })).rejects.toThrow('invalid-parameters');
      expect(existsSync(join(home, 'labs', 'first', 'commands.log'))).toBe(true);
    },
  );

  it.each(['..', '../x', 'a/b', 'a\\b', 'nul\0', '', 'x.', 'con'])(
    'a lab may not be named %j',
    async (name) => {
      await expect(create(name)).rejects.toThrow('invalid-parameters');
      expect(readdirSync(join(home, 'labs'))).toEqual(['first']);
    },
  );

  it('leave to write is good once, and what nobody fetches goes', async () => {
    const { token } = await ask<{ token: string }>('files.target', { name: 'idb.sqlite' });
    const what = { kind: 'idb', database: 'idb' };
    const written = await ask<{ download: string }>('files.write', { token, what });
    expect(written.download).toBe(`/download/${token}`);
    await expect(ask('files.write', { token, what })).rejects.toThrow('no-such-file');
    const file = desk.fetch(token)!;
    expect(existsSync(file.path)).toBe(true);
    expect(desk.fetch(token)).toBeUndefined();
    await file.remove();
    await ask('files.target', { name: 'other.sqlite' });
    await desk.close();
    expect(readdirSync(home).filter((name) => name.startsWith('download-'))).toEqual([]);
  });

  it('a file that is given up leaves nothing', async () => {
    const { token } = await ask<{ token: string }>('files.target', { name: 'idb.sqlite' });
    const writing = ask('files.write', { token, what: { kind: 'idb', database: 'idb' } });
    await ask('files.cancel', { token });
    await expect(writing).rejects.toThrow('cancelled');
    expect(readdirSync(home).filter((name) => name.startsWith('download-'))).toEqual([]);
  });

  it('closes once, and takes nothing on while it does', async () => {
    const closing = desk.close();
    await expect(create('late')).rejects.toThrow('closing');
    await Promise.all([closing, desk.close()]);
    mkdirSync(join(home, 'still here'));
  });

  it('whatever is sent to the browser host is answered', async () => {
    host = await startBrowserHost(desk);
    const { port } = host;
    const status = (path: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const request = get({ host: '127.0.0.1', port, path }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        request.on('error', reject);
      });
    expect(await status('//')).toBe(400);
    expect(await status('/download/aaaaaaaaaaaaaaaaaaaaaaaa')).toBe(403);
    expect(await status('/')).toBe(403);
    expect(await ask('lab.status')).toBeDefined();
  });
});
