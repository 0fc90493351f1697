import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Session } from './session.ts';

/**
 * Each text file is a sitting: a command, dashes, the exact output, an empty line. Lines with #
 * tell the story. DUPLEXLAB_REWRITE=1 writes the outputs anew; commit them only when you understand
 * every changed line.
 */
const FOLDER = import.meta.dirname;
const REWRITE = process.env['DUPLEXLAB_REWRITE'] === '1';
const DASHES = '----';

async function replay(text: string): Promise<string> {
  const session = new Session();
  const written: string[] = [];
  const lines = text.split('\n');
  try {
    for (let at = 0; at < lines.length; at++) {
      const line = lines[at];
      if (lines[at + 1] !== DASHES) {
        if (line === '' || line.startsWith('#')) written.push(line);
        continue;
      }
      written.push(line, DASHES, ...(await session.execute(line)).map((one) => one.trimEnd()));
      at += 2;
      while (at < lines.length && !endsOutput(lines, at)) at++;
      at--;
    }
  } finally {
    session.close();
  }
  return `${written.join('\n').trimEnd()}\n`;
}

/** Output ends at the empty line before the next comment or command, or at the end of the file. */
function endsOutput(lines: readonly string[], at: number): boolean {
  if (lines[at] !== '') return false;
  const next = lines[at + 1];
  return next === undefined || next === '' || next.startsWith('#') || lines[at + 2] === DASHES;
}

describe('transcripts', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
  it.each(files)('%s', async (name) => {
    const path = join(FOLDER, name);
    const text = readFileSync(path, 'utf8');
    const replayed = await replay(text);
    if (REWRITE) writeFileSync(path, replayed);
    expect(replayed).toBe(REWRITE ? replayed : text);
  });
});
