import { fuseProblems, setFuses } from './fuses.ts';

const USAGE = `Usage:
  npm run fuses -- set PROGRAM
  npm run fuses -- check PROGRAM

For whoever packages the program: PROGRAM is the packaged executable, on macOS the .app folder.
"set" turns Electron's fuses as docs/window.md says and reads them back, "check" only reads them.
Exit code 0: all are as they should be, 1: some are not, 2: wrong usage or no such program.
`;

async function main([verb, program, ...more]: readonly string[]): Promise<number> {
  if (verb === '--help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if ((verb !== 'set' && verb !== 'check') || !program || more.length > 0) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    if (verb === 'set') await setFuses(program);
    const problems = await fuseProblems(program);
    for (const problem of problems) process.stdout.write(`${problem}\n`);
    if (problems.length === 0)
      process.stdout.write(`${program}: all fuses are as they should be\n`);
    return problems.length === 0 ? 0 : 1;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The fuses of ${program} could not be read: ${why}\n`);
    return 2;
  }
}

process.exitCode = await main(process.argv.slice(2));
