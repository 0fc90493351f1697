import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fuseProblems, setFuses, WANTED_FUSES } from '../../release/fuses.ts';

/** What stands before the fuses in Electron's program, as its documentation says. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Version 1 and eight fuses, as Electron is shipped. */
const SHIPPED = ['\x01', '\x08', '1', '0', '1', '1', '0', '0', '0', '1'].join('');
const REST = '\x7fELF and the rest of a program';

describe('the fuses of a packaged program', () => {
  let folder: string;
  let program: string;
  const write = (wire: string) =>
    writeFileSync(program, `${REST}${SENTINEL}${wire}${REST}`, 'latin1');
  const wire = () => readFileSync(program, 'latin1').split(SENTINEL)[1].slice(2, 10);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'duplexlab-'));
    program = join(folder, 'duplexlab');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are found wrong as Electron is shipped, each with what it allows', async () => {
    write(SHIPPED);
    expect(await fuseProblems(program)).toEqual([
      'RunAsNode is on: it can be run as plain Node.',
      'EnableNodeOptionsEnvironmentVariable is on: it obeys NODE_OPTIONS.',
      'EnableNodeCliInspectArguments is on: it lets a debugger in with --inspect.',
      'EnableEmbeddedAsarIntegrityValidation is off: it starts with an archive that somebody ' +
        'has changed.',
      'OnlyLoadAppFromAsar is off: it starts a folder that stands in the place of its archive.',
      'GrantFileProtocolExtraPrivileges is on: its file: pages may do more than other pages.',
    ]);
  });

  it('are set, and nothing else of the program is', async () => {
    write(SHIPPED);
    const sizeBytes = readFileSync(program).length;
    await setFuses(program);
    expect(await fuseProblems(program)).toEqual([]);
    // Cookies and snapshots are left as they were.
    expect(wire()).toBe('00001100');
    const bytes = readFileSync(program, 'latin1');
    expect(bytes).toHaveLength(sizeBytes);
    expect([bytes.startsWith(REST), bytes.endsWith(REST)]).toEqual([true, true]);
  });

  it.each(WANTED_FUSES.map((fuse) => [fuse.option, fuse] as const))(
    'fuse %i alone is missed',
    async (option) => {
      write(SHIPPED);
      await setFuses(program);
      const fuses = [...wire()];
      fuses[option] = fuses[option] === '1' ? '0' : '1';
      write(`\x01\x08${fuses.join('')}`);
      expect(await fuseProblems(program)).toHaveLength(1);
      fuses[option] = 'r';
      write(`\x01\x08${fuses.join('')}`);
      expect(await fuseProblems(program)).toEqual([
        expect.stringContaining('is not in this version of Electron'),
      ]);
    },
  );

  it('are not looked for in what is no Electron', async () => {
    writeFileSync(program, REST);
    await expect(setFuses(program)).rejects.toThrow();
    await expect(fuseProblems(program)).rejects.toThrow();
    await expect(fuseProblems(join(folder, 'none'))).rejects.toThrow();
  });
});
