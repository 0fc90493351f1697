import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labName } from '../../../src/contract/desk.ts';
import { checkLabFile } from '../../../src/runtime/desk/check-lab-file.ts';
import { LabLibrary } from '../../../src/runtime/desk/lab-library.ts';
import { LAB50_TEXT } from '../../support/lab50.ts';

describe('the labs that there are', () => {
  let home: string;
  let library: LabLibrary;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'duplexlab-'));
    library = new LabLibrary(home);
  });
  afterEach(() => rmSync(home, { recursive: true }));

  function keep(name: string, folder = join(home, 'labs', name)): string {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'lab.yaml'), LAB50_TEXT);
    writeFileSync(join(folder, 'commands.log'), 'x'.repeat(1000));
    return folder;
  }

  it('come along with the program, each with what is in it', async () => {
    const { kept, shipped } = await library.shelf(null);
    expect(kept).toEqual([]);
    expect(shipped.map(({ file }) => file)).toEqual(['channels', 'desk', 'ha', 'lab50']);
    expect(shipped.find(({ file }) => file === 'ha')).toMatchObject({ icons: 2 });
    expect(shipped.find(({ file }) => file === 'lab50')).toMatchObject({
      sites: 2,
      agents: 60,
      icons: 1,
    });
  });

  it('are kept: last used first, the open one named, others of this machine too', async () => {
    const one = keep('one');
    const two = keep('two');
    const elsewhere = keep('', join(home, 'elsewhere'));
    mkdirSync(join(home, 'labs', 'no lab'));
    await library.noteUsed(elsewhere);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await library.noteUsed(two);
    writeFileSync(join(one, 'in-use'), String(process.ppid));
    const { kept } = await library.shelf(two);
    const states = new Map(kept.map(({ name, state }) => [name, state]));
    expect(states).toEqual(
      new Map([
        ['one', 'in another program'],
        ['two', 'open'],
        ['elsewhere', 'closed'],
      ]),
    );
    expect(kept.map(({ name }) => name).indexOf('two')).toBeLessThan(
      kept.map(({ name }) => name).indexOf('elsewhere'),
    );
    expect(kept[0].sizeBytes).toBeGreaterThan(1000);
    expect(kept[0].description).toContain('Halden Outdoor');
    expect(await library.folderOf(kept.find(({ name }) => name === 'one')!.id)).toBe(one);
    expect(await library.folderOf('../../etc')).toBeUndefined();
  });

  it('a lab whose file is spoilt does not hide the others', async () => {
    keep('good');
    writeFileSync(join(keep('spoilt'), 'lab.yaml'), 'name: [');
    const { kept } = await library.shelf(null);
    expect(kept.map(({ name }) => name).sort()).toEqual(['good', 'spoilt']);
  });

  it('a list that is damaged is as if it were empty', async () => {
    keep('one');
    writeFileSync(join(home, 'recent.json'), '{"version": 1, "labs": "none');
    expect((await library.shelf(null)).kept.map(({ name }) => name)).toEqual(['one']);
    await library.noteUsed(join(home, 'labs', 'one'));
    expect(JSON.parse(readFileSync(join(home, 'recent.json'), 'utf8')).labs).toHaveLength(1);
  });

  it('a new one gets a place that nobody has, whatever the letters', async () => {
    keep('Training');
    expect(await library.placeFor('training')).toBeUndefined();
    expect(await library.placeFor('training 2')).toBe(join(home, 'labs', 'training 2'));
  });

  it('a removed one is whole and comes back; one elsewhere only leaves the list', async () => {
    const one = keep('one');
    const undo = await library.remove(one);
    expect(existsSync(one)).toBe(false);
    expect(existsSync(join(home, 'removed', 'one-1', 'commands.log'))).toBe(true);
    expect(await library.restore('nothing')).toBe(false);
    expect(await library.restore(undo!)).toBe(true);
    expect(existsSync(join(one, 'commands.log'))).toBe(true);
    expect(await library.restore(undo!)).toBe(false);

    const elsewhere = keep('', join(home, 'elsewhere'));
    await library.noteUsed(elsewhere);
    expect(await library.remove(elsewhere)).toBeNull();
    expect(existsSync(elsewhere)).toBe(true);
    expect((await library.shelf(null)).kept.map(({ name }) => name)).toEqual(['one']);
  });

  it('does not come back over another one', async () => {
    const undo = await library.remove(keep('one'));
    keep('one');
    expect(await library.restore(undo!)).toBe(false);
    expect(existsSync(join(home, 'removed', 'one-1', 'commands.log'))).toBe(true);
  });
});

describe('a lab file that somebody brings', () => {
  it('is told with every mistake and its line', () => {
    const found = checkLabFile('mine.yaml', LAB50_TEXT.replace('seed: 50', 'seed: many'));
    expect(found).toMatchObject({ ok: false });
    const line = LAB50_TEXT.split('\n').indexOf('seed: 50') + 1;
    expect(!found.ok && found.problems[0]).toMatchObject({ line });
    expect(checkLabFile('mine.yaml', '')).toMatchObject({ ok: false });
    expect(checkLabFile('mine.yaml', '\u0000\u0001 binary')).toMatchObject({ ok: false });
    expect(checkLabFile('mine.yaml', LAB50_TEXT)).toMatchObject({
      ok: true,
      summary: { name: 'lab50', sites: 2 },
    });
  });

  it.each([
    ['My lab 2', true],
    ['Übung 1', true],
    ['lab-a_b.c', true],
    ['', false],
    ['../x', false],
    ['a/b', false],
    ['a\\b', false],
    ['.hidden', false],
    ['ends.', false],
    ['ends ', false],
    ['con', false],
    ['COM1.lab', false],
    ['a\nb', false],
    ['x'.repeat(61), false],
  ])('the name %j: %s', (name, isGood) => {
    expect(labName.safeParse(name).success).toBe(isGood);
  });
});
