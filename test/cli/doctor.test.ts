import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProgram } from '../support/program.ts';

/** As somebody types it who has never seen the program. */
describe('doctor and bundle in a terminal', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'duplexlab-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  async function run(...args: string[]) {
    const program = startProgram(args, { DUPLEXLAB_HOME: home });
    const code = await program.ended;
    return { code, output: program.output() };
  }

  it('the doctor says what is well, also as JSON', async () => {
    const { code, output } = await run('doctor');
    expect(code).toBe(0);
    expect(output).toMatch(/^good {5}Program: Duplex Lab [\d.]+, engine \d+, is complete\.$/m);
    const checks = JSON.parse((await run('doctor', '--json')).output) as { verdict: string }[];
    expect(checks).toHaveLength(9);
  });

  it('what is bad is the exit code', async () => {
    const file = join(home, 'in the way');
    writeFileSync(file, '');
    const program = startProgram(['doctor'], { DUPLEXLAB_HOME: file });
    expect(await program.ended).toBe(1);
    expect(program.output()).toMatch(/^bad +Home folder: /m);
  });

  it('a bundle is written, and never over something', async () => {
    const target = join(home, 'bundle.zip');
    expect(await run('bundle', '--into', target)).toMatchObject({ code: 0 });
    expect(existsSync(target)).toBe(true);
    const again = await run('bundle', '--into', target);
    expect(again).toMatchObject({
      code: 2,
      output: `--into: ${target} exists; name another file.\n`,
    });
  });

  it.each([
    [['bundle'], '--into needs a file name'],
    [['bundle', '--into', '/nowhere/x.zip'], 'the folder /nowhere is missing or read-only'],
    [['bundle', '--into', 'x.zip', '--folder', '/'], 'there is no lab in /'],
    [['doctor', '--what'], "Unknown option '--what'"],
  ])('%j is told in a sentence', async (args, sentence) => {
    const { code, output } = await run(...args);
    expect(code).toBe(2);
    expect(output).toContain(sentence);
    expect(output.trim().split('\n')).toHaveLength(1);
  });

  it('a lab that is open is not offered a second time', async () => {
    const folder = join(home, 'lab');
    const first = startProgram(['start', '--browser', '--folder', folder], {
      DUPLEXLAB_HOME: home,
    });
    await first.waitFor(/http:\S+/);
    await first.waitFor(/Lab folder/);
    // The lock comes when the lab opens, beside the address.
    while (!existsSync(join(folder, 'in-use'))) await new Promise((done) => setTimeout(done, 50));
    const { code, output } = await run('start', '--browser', '--folder', folder);
    expect(code).toBe(1);
    expect(output).toContain('is open in another program');
    expect(output).not.toContain('http:');
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
  });
});
