import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { programRoot } from '../src/runtime/program-root.ts';

const ROOT = programRoot();
const SOURCE = join(ROOT, 'src');

/** docs/architecture.md, "What imports what". Types of the engine may pass into the contract. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  engine: [],
  contract: ['engine (types)'],
  runtime: ['engine', 'contract'],
  renderer: ['contract'],
  server: ['runtime', 'contract'],
  main: ['runtime', 'contract'],
  preload: [],
  cli: ['runtime', 'contract', 'server', 'engine'],
};

const RULE = `Imports go one way: ${Object.entries(MAY_IMPORT)
  .map(([layer, allowed]) => `${layer} <- ${allowed.join(', ') || 'nothing'}`)
  .join('; ')}.`;

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|vue)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(text: string): { specifier: string; typeOnly: boolean }[] {
  const quoted = /\s*['"]([^'"]+)['"]/.source;
  const pattern = new RegExp(
    `^\\s*(?:import|export)\\s+(type\\s+)?[^'"]*?from${quoted}` +
      `|import\\(${quoted}\\s*\\)|^\\s*import${quoted}`,
    'gm',
  );
  return [...text.matchAll(pattern)].map(([, type, from, dynamic, bare]) => ({
    specifier: from ?? dynamic ?? bare,
    typeOnly: type !== undefined,
  }));
}

function violations(file: string, text: string): string[] {
  const layer = relative(SOURCE, file).split(/[\\/]/)[0];
  const allowed = MAY_IMPORT[layer] ?? [];
  const found: string[] = [];
  for (const { specifier, typeOnly } of importsOf(text)) {
    if (!specifier.startsWith('.')) {
      if (specifier === 'electron' && layer !== 'main' && layer !== 'preload')
        found.push(specifier);
      if (layer === 'engine') found.push(specifier);
      if (layer === 'renderer' && specifier.startsWith('node:')) found.push(specifier);
      continue;
    }
    if (specifier.includes('/resources/')) continue;
    const target = relative(SOURCE, resolve(dirname(file), specifier)).split(/[\\/]/)[0];
    if (target === layer || allowed.includes(target)) continue;
    if (typeOnly && allowed.includes(`${target} (types)`)) continue;
    found.push(specifier);
  }
  return found.map((specifier) => `${relative(ROOT, file)} imports ${specifier}`);
}

describe('layers', () => {
  it(RULE, () => {
    const found = sourceFiles(SOURCE).flatMap((file) =>
      violations(file, readFileSync(file, 'utf8')),
    );
    expect(found, RULE).toEqual([]);
  });

  it('the rule can be broken, and is seen', () => {
    const breaks = (path: string, text: string) => violations(join(SOURCE, path), text).length;
    expect(breaks('engine/lab/x.ts', "import { readFile } from 'node:fs';")).toBe(1);
    expect(breaks('engine/lab/x.ts', "import { x } from '../../runtime/y.ts';")).toBe(1);
    expect(breaks('contract/x.ts', "import { Lab } from '../engine/lab/lab.ts';")).toBe(1);
    expect(breaks('contract/x.ts', "import type { Lab } from '../engine/lab/lab.ts';")).toBe(0);
    expect(breaks('renderer/x.ts', "import { x } from '../runtime/y.ts';")).toBe(1);
    expect(breaks('runtime/x.ts', "import { app } from 'electron';")).toBe(1);
  });

  it('the engine has no clock, no chance, no timer and no promise of its own', () => {
    const banned = new RegExp(
      [
        /\bnew Date\b|\bDate\.|Math\.random|setTimeout|setInterval|\bPromise\b|\basync\b/,
        /\bawait\b|process\.env|WeakMap|\bfor\s*\(\s*const\s+\w+\s+in\s+/,
      ]
        .map(({ source }) => source)
        .join('|'),
    );
    const offenders = sourceFiles(join(SOURCE, 'engine'))
      .map((file) => ({ file, text: withoutComments(readFileSync(file, 'utf8')) }))
      .flatMap(({ file, text }) =>
        text
          .split('\n')
          .filter((line) => banned.test(line))
          .map((line) => `${relative(ROOT, file)}: ${line.trim()}`),
      );
    expect(offenders).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}
