import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProgram } from '../support/program.ts';

/** The built program, fed as a user feeds it. */
describe('duplexlab shell', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'duplexlab-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  async function sit(args: readonly string[], ...lines: string[]) {
    const environment = { DUPLEXLAB_HOME: home };
    const input = `${lines.join('\n')}\n`;
    const program = startProgram(['shell', ...args], environment, input);
    return { code: await program.ended, output: program.output() };
  }

  it('runs a sitting: echo, answers, lab time, another host, the lab itself', async () => {
    const { code, output } = await sit(
      ['--scratch', '--host', 'ra'],
      ':run 3m',
      'rttest /cust lab50',
      'status',
      'quit',
      ':lab cut private cca ccb',
      ':host rb',
      'ping -n 1 ccap',
      ':time',
      'exit',
      'never reached',
    );
    expect(code).toBe(0);
    expect(output).toContain('C:\\>:run 3m\n09:03:00.000 standing still\n');
    expect(output).toContain('C:\\>rttest /cust lab50\nrttest: status\nRouter version:');
    expect(output).toMatch(/Router Sync: .*\(A->B\)/);
    expect(output).toContain(':lab cut private cca ccb\nok\n');
    expect(output).toContain('Request timed out.');
    expect(output).toMatch(/09:03:00\.000 standing still\nC:\\>exit\n$/);
    expect(output).not.toContain('never reached');
  });

  it('takes both IDBs of a lab with two ICONs as they are after a failure', async () => {
    const [one, two] = ['one.db', 'two.db'].map((name) => join(home, name));
    const { output } = await sit(
      ['ha', '--scratch', '--host', 'lab'],
      ':run 3m',
      'do crash-process process=icon2',
      ':run 3m',
      ':snapshot',
      `:snapshot ${one} ${one}`,
      `:snapshot ${one} ${two}`,
      'calls in idb2',
      'calls in idb3',
      'choice',
    );
    expect(output).toContain('Write it like: :snapshot one.db two.db');
    expect(output).toContain('Each :snapshot needs a file of its own.');
    expect(output).toContain(`IDB snapshot of ICON2: ${two}`);
    expect(output).toContain('This lab has no database "idb3". Use one of: idb, idb2.');
    expect(output).toMatch(/ICON2 lacks TS_East: the other IDB has later data/);
    const told = startProgram(['merge', one, two, '--into', join(home, 'm.db')], {});
    expect(await told.ended).toBe(0);
    expect(told.output()).toMatch(/calls: \d+ from one.db, 0 from two.db/);
  });

  it('takes the configuration out and in as files, as one edit that undo takes back', async () => {
    const people = join(home, 'some people.csv');
    const all = join(home, 'all.json');
    const bad = join(home, 'bad.csv');
    writeFileSync(bad, 'name,tenant\nGreek,Nowhere\n');
    const more = join(home, 'more.csv');
    writeFileSync(more, 'name,tenant\nGreek,Northwind\nEnglish,Northwind\n');
    const { code, output } = await sit(
      ['--scratch'],
      ':run 1m',
      `:export "${people}" person`,
      `:export "${people}" person`,
      `:export ${all}`,
      `:export ${join(home, 'x.csv')}`,
      `:export ${join(home, 'x.txt')} person`,
      `:import ${bad} skill`,
      `:import ${more} skil`,
      `:import ${join(home, 'none.json')}`,
      `:import ${all}`,
    );
    expect(code).toBe(0);
    expect(output).toContain(`Written: ${people}\n`);
    expect(output).toContain(`${people}: it is there already; choose another name.`);
    expect(output).toContain('A table has objects of one type');
    expect(output).toContain('Write it like: :export all.json');
    expect(output).toContain('line 2: Tenant: there is no Tenant "Nowhere"\nNothing was imported.');
    expect(output).toContain('There is no type "skil"; there are: tenant,');
    expect(output).toContain('there is no such file or folder.');
    expect(output).toContain('Everything in the file is in the configuration already.');
    expect(readFileSync(people, 'utf8').split('\r\n')).toHaveLength(62);
    const { objects } = JSON.parse(readFileSync(all, 'utf8')) as {
      objects: { type: string; fields: { name: string } }[];
    };
    const tenant = objects.find(({ type }) => type === 'tenant')!.fields.name;
    writeFileSync(more, `name,tenant\nGreek,${tenant}\nLatin,${tenant}\n`);
    const second = await sit(
      ['--scratch'],
      ':export early.json',
      `:import ${more} skill`,
      ':run 1m',
      `:import ${more} skill`,
      ':lab do undo-edit',
      ':lab do undo-edit',
    );
    expect(second.output).toContain('confserv is not running. Start confserv first.');
    expect(second.output).toContain('file: cannot be read: confserv is stopped');
    expect(second.output).toContain('Imported: 2 created, 0 changed, 0 as they were.');
    expect(second.output).toMatch(/do undo-edit\nok\n.*do undo-edit\nThere is nothing to undo\./s);
  });

  it('is the same lab the next time', async () => {
    await sit(['--host', 'cca'], ':run 1m', 'reg add HKLM\\SOFTWARE\\Mine /v a /d kept');
    const { code, output } = await sit(
      ['--host', 'cca'],
      ':time',
      'reg query HKLM\\SOFTWARE\\Mine',
    );
    expect(code).toBe(0);
    expect(output).toContain('09:01:00.000 standing still');
    expect(output).toContain('    a    REG_SZ    kept');
  });

  it('a sitting that is given twice says the same twice', async () => {
    const lines = [':run 5m', 'cdlog lab50 ra', 'dumplog rtr mds', 'netstat -ano'];
    const one = await sit(['--scratch'], ...lines);
    const two = await sit(['--scratch'], ...lines);
    expect(one.output.length).toBeGreaterThan(2000);
    expect(two.output).toBe(one.output);
  });

  it.each([
    [['--host', 'nobody', '--scratch'], /no host or node "nobody"\. Hosts: lab, cca/],
    [['nolab'], /no file nolab/],
    [['--scratch', '--fresh'], /--scratch keeps the lab nowhere/],
    [['--speed', 'x', '--scratch'], /--speed takes a number/],
  ])('%j is wrong usage', async (args, sentence) => {
    const { code, output } = await sit(args);
    expect(code).toBe(2);
    expect(output).toMatch(sentence);
  });

  it('its own commands say how they are written', async () => {
    const { output } = await sit(['--scratch'], ':help', ':run', ':speed x', ':host', ':nope');
    expect(output).toContain(':run DURATION');
    expect(output).toContain('Write it like: :run 30s');
    expect(output).toContain('Write it like: :speed 10');
    expect(output).toContain('There is no ":nope"');
  });
});
