import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningProgram, startProgram } from './program.ts';

/** A lab served to a browser, as `npm start` does it. */
export type LabProgram = {
  /** Where the program keeps everything: `home`, and the first lab in `lab`. */
  readonly folder: string;
  readonly program: RunningProgram;
  /** With the key that is good for one browser. */
  readonly address: string;
};

export async function serveLab(args: readonly string[]): Promise<LabProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'duplexlab-'));
  const lab = join(folder, 'lab');
  const home = { DUPLEXLAB_HOME: join(folder, 'home') };
  const program = startProgram(['start', ...args, '--browser', '--folder', lab], home);
  const [address] = await program.waitFor(/http:\S+/);
  return { folder, program, address };
}

/** Ends it as Ctrl+C does; answers its exit code. */
export async function endLab({ folder, program }: LabProgram): Promise<number | string> {
  program.child.kill('SIGINT');
  const code = await program.ended;
  rmSync(folder, { recursive: true, force: true });
  return code;
}
