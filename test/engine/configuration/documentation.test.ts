import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OptionType } from '../../../src/engine/configuration/option.ts';
import { SERVER_OPTIONS } from '../../../src/engine/configuration/server-options.ts';
import { ICON_OPTIONS } from '../../../src/engine/icon/options.ts';
import { programRoot } from '../../../src/runtime/program-root.ts';

const ROOT = programRoot();
const MANUAL = readFileSync(join(ROOT, 'docs', 'configuration.md'), 'utf8');
const ICON_TESTS = join(ROOT, 'test', 'engine', 'icon');

/** `CFG-04, 05` names two. */
function idsIn(text: string): string[] {
  return [...text.matchAll(/CFG-\d\d(?:, \d\d)*/g)].flatMap(([found]) =>
    [...found.matchAll(/\d\d/g)].map(([number]) => `CFG-${number}`),
  );
}

describe('docs/configuration.md', () => {
  it('every sentence of the source that it lists has a test, and every test a sentence', () => {
    const listed = [...MANUAL.matchAll(/^\| (CFG-\d\d) \|/gm)].map(([, id]) => id);
    const titles = readdirSync(ICON_TESTS)
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => readFileSync(join(ICON_TESTS, file), 'utf8'))
      .flatMap((text) => [...text.matchAll(/['`](CFG-[^'`]*)/g)])
      .flatMap(([, title]) => idsIn(title));
    expect(new Set(listed)).toEqual(new Set(titles));
    expect(listed).toHaveLength(new Set(listed).size);
  });

  it.each([
    ['Configuration Server', Object.values(SERVER_OPTIONS)],
    ['ICON', Object.values(ICON_OPTIONS)],
  ])('the options of %s are there as they are declared', (_name, options) => {
    for (const { name, section, initial, effect, about } of options as readonly OptionType[]) {
      expect(MANUAL).toContain(`| \`${name}\` | ${section} | ${initial} | ${effect} | ${about} |`);
    }
  });

  it('defaults of ICON options agree with the fidelity data', () => {
    const data = readFileSync(join(ROOT, 'resources', 'icon', 'icon-options.tsv'), 'utf8');
    for (const { section, name, initial, confidence } of Object.values(ICON_OPTIONS)) {
      // Where no source gives a default, ours is no vendor's fact.
      if (confidence === 'emulator choice') expect(data).not.toContain(`\t${name}\t${initial}\t`);
      else expect(data).toContain(`\n${section}\t${name}\t${initial}\t`);
    }
  });
});
