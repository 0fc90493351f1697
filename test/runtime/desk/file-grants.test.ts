import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileGrants } from '../../../src/runtime/desk/file-grants.ts';

describe('leave to write a file', () => {
  let home: string;
  let grants: FileGrants;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'duplexlab-'));
    grants = new FileGrants();
  });
  afterEach(() => rmSync(home, { recursive: true }));

  /** Where a browser will fetch it from, with something in it. */
  function forBrowser() {
    const ownFolder = mkdtempSync(join(home, 'download-'));
    const path = join(ownFolder, 'idb.sqlite');
    writeFileSync(path, 'content');
    return { path, ownFolder };
  }
  const chosen = () => ({ path: join(home, 'mine.sqlite'), ownFolder: null });

  it('is good for one file, before and after it is written', () => {
    for (const target of [chosen(), forBrowser()]) {
      const token = grants.add(target);
      expect(grants.take(token)).toMatchObject(target);
      expect(grants.take(token)).toBeUndefined();
      grants.finish(token);
      expect(grants.take(token)).toBeUndefined();
    }
  });

  it('has a token that nobody guesses', () => {
    const tokens = Array.from({ length: 20 }, () => grants.add(chosen()));
    expect(new Set(tokens).size).toBe(20);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{32}$/);
    for (const other of ['', 'x'.repeat(32), tokens[0].slice(1), '__proto__']) {
      expect([grants.take(other), grants.fetch(other)]).toEqual([undefined, undefined]);
    }
  });

  it('a file is fetched once, and then it is gone', async () => {
    const target = forBrowser();
    const token = grants.add(target);
    grants.take(token);
    grants.finish(token);
    const file = grants.fetch(token)!;
    expect(file).toMatchObject({ path: target.path, name: 'idb.sqlite' });
    expect(grants.fetch(token)).toBeUndefined();
    expect(readFileSync(file.path, 'utf8')).toBe('content');
    await file.remove();
    expect(existsSync(target.ownFolder)).toBe(false);
  });

  it('nothing is fetched before it is whole, nor what stands where the user wanted it', () => {
    const token = grants.add(forBrowser());
    expect(grants.fetch(token)).toBeUndefined();
    grants.take(token);
    expect(grants.fetch(token)).toBeUndefined();
    const own = grants.add(chosen());
    grants.take(own);
    grants.finish(own);
    expect(grants.fetch(own)).toBeUndefined();
  });

  it('that is taken back is good for nothing, and what was written goes', async () => {
    const target = forBrowser();
    const token = grants.add(target);
    grants.take(token);
    grants.finish(token);
    await grants.drop(token);
    expect([grants.take(token), grants.fetch(token)]).toEqual([undefined, undefined]);
    expect(existsSync(target.ownFolder)).toBe(false);
  });

  it('the oldest goes when there are too many, and all at the end', async () => {
    const targets = Array.from({ length: 21 }, forBrowser);
    const tokens = targets.map((target) => grants.add(target));
    expect(grants.take(tokens[0])).toBeUndefined();
    expect(grants.take(tokens[1])).toBeDefined();
    await grants.close();
    expect(grants.take(tokens[2])).toBeUndefined();
    await expect.poll(() => targets.filter(({ path }) => existsSync(path))).toEqual([]);
  });
});
