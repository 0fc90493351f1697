import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TRACE } from '../src/engine/icm/ems/trace-groups.ts';
import { ICM_SETTINGS } from '../src/engine/icm/settings.ts';
import { TOOLS } from '../src/engine/icm/tools/shell.ts';
import { buildObjects } from '../src/engine/lab/build-objects.ts';
import { registryEntries } from '../src/engine/lab/registry.ts';
import { programRoot } from '../src/runtime/program-root.ts';
import { lab50 } from './support/lab50.ts';

const ROOT = programRoot();
const MAX_LINES = 400;
const MAX_COLUMNS = 100;

const FOLDERS = ['src', 'test', 'bench', 'swarm', 'release', 'pictures', 'bin', 'docs'];
const files = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/')),
  ),
];
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const code = files.filter((name) =>
  /^(src|test|bench|swarm|release|pictures|bin)\/.*\.(ts|vue|mjs)$/.test(name),
);

describe('the tree is tidy', () => {
  it(`files can be read in a sitting: at most ${MAX_LINES} lines`, () => {
    const long = code
      .map((name) => ({ name, lines: read(name).split('\n').length }))
      .filter(({ lines }) => lines > MAX_LINES);
    expect(long).toEqual([]);
  });

  it(`script lines have at most ${MAX_COLUMNS} columns`, () => {
    const wide = code
      .filter((name) => !name.endsWith('.vue'))
      .flatMap((name) =>
        read(name)
          .split('\n')
          .map((line, index) => ({ place: `${name}:${index + 1}`, columns: line.length, line }))
          // An import of one name cannot be broken over lines.
          .filter(({ columns, line }) => columns > MAX_COLUMNS && !line.startsWith('import ')),
      );
    expect(wide).toEqual([]);
  });

  it('names tell where a thing is: kebab-case.ts, PascalCase.vue', () => {
    const odd = code.filter((name) => {
      const base = name.split('/').at(-1)!;
      return base.endsWith('.vue')
        ? !/^[A-Z][A-Za-z]+\.vue$/.test(base)
        : !/^[a-z0-9-]+(\.test|\.d)?\.(ts|mjs)$/.test(base);
    });
    expect(odd).toEqual([]);
  });

  it('no owner-less notes, focused tests or unchecked types', () => {
    const banned =
      /\b(TODO|FIXME|XXX)\b|\b(it|test|describe)\.(only|todo)\b|: any\b|\bas any\b|@ts-ignore/;
    const found = code
      .filter((name) => name !== 'test/tidy.test.ts')
      .flatMap((name) =>
        read(name)
          .split('\n')
          .filter((line) => banned.test(line))
          .map((line) => `${name}: ${line.trim()}`),
      );
    expect(found).toEqual([]);
  });

  it('every document has one title, and every link in it leads somewhere', () => {
    const broken: string[] = [];
    for (const name of files.filter((file) => file.endsWith('.md'))) {
      const text = read(name).replace(/```[\s\S]*?```/g, '');
      const titles = text.split('\n').filter((line) => /^# /.test(line));
      if (titles.length !== 1) broken.push(`${name} has ${titles.length} titles`);
      for (const [, target] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
        if (/^https?:/.test(target)) continue;
        if (!existsSync(join(ROOT, dirname(name), target))) broken.push(`${name}: ${target}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it('facts that code cites exist in docs/fidelity', () => {
    const icm = read('docs/fidelity/icm.md');
    const cited = new Set(
      code.flatMap((name) => [...read(name).matchAll(/\bICM-[A-Z]+-\d\d\b/g)].map(([id]) => id)),
    );
    const missing = [...cited].filter((id) => !icm.includes(id));
    expect(cited.size).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });

  it('every tool, trace group and known registry value is in docs/tools.md', () => {
    const page = read('docs/tools.md');
    for (const { name } of TOOLS) expect(page, name).toContain(`\`${name}`);
    for (const groups of Object.values(TRACE)) {
      for (const group of Object.keys(groups)) expect(page, group).toContain(group);
    }
    const entries = [...registryEntries(lab50(), buildObjects(lab50())).values()].flat();
    const names = new Set(entries.map(({ path }) => path.slice(path.lastIndexOf('\\') + 1)));
    expect(names.size).toBeGreaterThan(10);
    for (const name of names) expect(page, name).toContain(`\`${name}\``);
  });

  it('every transcript is in the lab manual', () => {
    const manual = read('docs/lab-manual.md');
    const sittings = files.filter((name) => /^test\/transcripts\/.*\.txt$/.test(name));
    const missing = sittings.filter((name) => !manual.includes(name));
    expect(sittings.length).toBeGreaterThan(40);
    expect(missing).toEqual([]);
  });

  it('every setting of the Central Controller is in docs/lab-file.md', () => {
    const page = read('docs/lab-file.md');
    const missing = Object.keys(ICM_SETTINGS).filter((name) => !page.includes(`| \`${name}\` |`));
    expect(missing).toEqual([]);
  });

  it('the lock file names no registry and every dependency is pinned and recorded', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
    const { dependencies, devDependencies } = JSON.parse(read('package.json'));
    const versions = { ...dependencies, ...devDependencies } as Record<string, string>;
    const record = read('docs/dependencies.md');
    for (const [name, version] of Object.entries(versions)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(record, `${name} is not in docs/dependencies.md`).toContain(`\`${name}\``);
    }
  });
});
