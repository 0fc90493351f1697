import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProgramLog, redactor } from '../../../src/runtime/desk/program-log.ts';

describe('the log file', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'duplexlab-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));
  const text = (name: string) => readFileSync(join(home, 'logs', name), 'utf8');

  it('has one line for each thing that happened', async () => {
    const log = await ProgramLog.open(home);
    log.write('info', 'opened');
    log.write('error', 'two\nlines');
    await log.close();
    const [first, second, rest] = text('duplexlab.log').split('\n');
    expect(first).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z info opened$/);
    expect(second).toMatch(/ error two \| lines$/);
    expect(rest).toBe('');
  });

  it('goes on where it was, turns to a new file when one is full, keeps a few', async () => {
    for (let round = 0; round < 12; round++) {
      const log = await ProgramLog.open(home, '1K');
      for (let line = 0; line < 8; line++) log.write('info', `${round} ${'x'.repeat(200)}`);
      await log.close();
    }
    const names = readdirSync(join(home, 'logs')).filter((name) => name.endsWith('.log'));
    expect(names.length).toBeGreaterThan(2);
    expect(names.length).toBeLessThan(7);
    const all = names.map(text).join('');
    expect(all).toContain('11 xxx');
    expect(all).not.toContain(' 0 xxx');
  });

  it('a folder that cannot be written loses the log and nothing else', async () => {
    writeFileSync(join(home, 'logs'), 'in the way');
    const log = await ProgramLog.open(home);
    log.write('error', 'lost');
    await log.close();
    expect(readFileSync(join(home, 'logs'), 'utf8')).toBe('in the way');
  });
});

describe('what is taken out of a log', () => {
  const redact = redactor({ home: '/home/jane.doe', user: 'jane.doe', host: 'ACME-LAPTOP7' });

  it.each([
    ['opened /home/jane.doe/.duplexlab/labs/lab50', 'opened ~/.duplexlab/labs/lab50'],
    ['EACCES /HOME/JANE.DOE/x', 'EACCES ~/x'],
    ['jane.doe on acme-laptop7 said', '… on … said'],
    ['http://127.0.0.1:4780/?key=abc_DEF-123', 'http://127.0.0.1:4780/?key=…'],
    ['cookie duplexlab-key-4780=abc_DEF; x', 'cookie duplexlab-key-4780=…; x'],
    ['call to 8001 by Alice Adams', 'call to 8001 by Alice Adams'],
    ['myjane.doeish', 'myjane.doeish'],
  ])('%s', (said, kept) => {
    expect(redact(said)).toBe(kept);
  });

  it('a user with a short name leaves words whole', () => {
    const short = redactor({ home: '/', user: 'an', host: 'pc' });
    expect(short('/an answer from the pc')).toBe('/an answer from the pc');
  });
});
