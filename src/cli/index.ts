import { programVersion } from '../runtime/program-root.ts';
import { UsageError } from './usage.ts';

const HELP = `Duplex Lab: a duplexed ICM CallRouter pair and an Interaction Concentrator, offline.

Usage:
  duplexlab start [LAB] [--browser] [--port N] [--folder DIR] [--fresh]
        Open the lab: in the desktop app where Electron's runtime is at hand, else in the browser.
        It goes on where it was; --fresh sets that lab aside and begins a new one. In the browser it
        takes the first free one of the ports 4780 to 4789, where settings and layouts are kept.
  duplexlab run LAB [--until TIME] [--export FILE] [--json] [--seed N]
        Run a lab without a screen, as fast as it goes, and print what happened. In a lab with two
        ICONs a second --export takes the second IDB.
  duplexlab shell [LAB] [--host NAME] [--folder DIR] [--fresh | --scratch] [--speed N]
        The consoles of the lab's hosts in a terminal, or fed from a file: rttest, dumplog, reg.
        NAME is a host or node such as ra or pg1a. The lab is the one that start opens; --scratch
        takes a new one that is kept nowhere. :help tells the rest.
  duplexlab gaps FILE [SECOND] [--from MOMENT] [--at MOMENT] [--no-data SECONDS] [--json]
        How far an IDB snapshot can be trusted: is it available, where are gaps in its data and why,
        which calls are unreliable; with that of a second ICON, which of the two is the better one
        when. MOMENT is GMT such as "2026-03-02 15:04:05".
  duplexlab merge ONE TWO --into FILE [--at MOMENT] [--no-data SECONDS] [--json]
        One extraction of the IDBs of two ICONs (snapshots, or what extract made of them): each call
        from the one that has it reliably; what neither has is flagged.
  duplexlab extract SNAPSHOT --into FILE [--batch N] [--json]
        Take what came or changed since the last time out of an IDB snapshot: interactions the three
        recommended steps, agents' sessions, raw and as a small star of facts. Goes on where it was.
  duplexlab check LAB
        Check a lab file and name every mistake with its line.
  duplexlab doctor [--json]
        What the program finds out about itself and this machine. Exit code 1 if something is bad.
  duplexlab bundle --into FILE [--folder DIR]
        A zip file for whoever looks for a fault of the program: versions, doctor, log files, and
        the lab in DIR. Names of the user and of the machine are taken out.
  duplexlab help
  duplexlab --version

LAB is a lab file (resources/labs/lab50.yaml is the one that comes along) or the name of a shipped
lab. TIME is lab time such as 90s, 15m or 2h.
`;

/** Runs one command line; resolves to the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  process.stdout.on('error', endWithoutReader);
  try {
    if (rest.includes('--help') || rest.includes('-h')) return await main(['help']);
    switch (command) {
      case undefined:
      case 'help':
      case '--help':
      case '-h':
        process.stdout.write(HELP);
        return command === undefined ? 2 : 0;
      case '--version':
      case 'version':
        process.stdout.write(`${programVersion()}\n`);
        return 0;
      case 'run':
        return await (await import('./run.ts')).runCommand(rest);
      case 'doctor':
        return await (await import('./doctor.ts')).doctorCommand(rest);
      case 'bundle':
        return await (await import('./bundle.ts')).bundleCommand(rest);
      case 'check':
        return await (await import('./check.ts')).checkCommand(rest);
      case 'gaps':
        return await (await import('./gaps.ts')).gapsCommand(rest);
      case 'merge':
        return await (await import('./merge.ts')).mergeCommand(rest);
      case 'extract':
        return await (await import('./extract.ts')).extractCommand(rest);
      case 'shell':
        return await (await import('./shell.ts')).shellCommand(rest);
      case 'start':
        return await (await import('./start.ts')).startCommand(rest);
      default:
        throw new UsageError(`There is no command "${command}"; "duplexlab help" lists them.`);
    }
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n`);
      return 2;
    }
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`Duplex Lab failed: ${message}\n`);
    if (process.env['DUPLEXLAB_DEBUG'] && error instanceof Error) {
      process.stderr.write(`${error.stack}\n`);
    }
    return 1;
  }
}

/** Nobody reads what is printed (a closed pipe, a full disk): there is nobody to tell. */
function endWithoutReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') process.stderr.write(`Output failed: ${error.message}\n`);
  process.exit(1);
}
