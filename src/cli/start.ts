import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LabDesk } from '../runtime/desk/lab-desk.ts';
import { ProgramLog } from '../runtime/desk/program-log.ts';
import { defaultFolder, homeFolder } from '../runtime/home.ts';
import { programRoot, programVersion } from '../runtime/program-root.ts';
import { isAlive, refuseIfInUse } from '../runtime/store/folder-lock.ts';
import { limitGarbageThreads } from '../runtime/worker/garbage-threads.ts';
import { startBrowserHost } from '../server/browser-host.ts';
import { electronRuntime } from './electron-runtime.ts';
import { findLabFile, parseCommandLine, UsageError } from './usage.ts';

const DEFAULT_LAB = 'lab50';
/** Exit code of a lab that is not opened. */
const FAILED = 1;
const MAY_LOSE =
  'It is tried again every few seconds: free space, and wait. Ctrl+C once more stops ' +
  'all the same; what was done since the last durable moment is lost then.';

/** `duplexlab start`: the lab with a screen. */
export async function startCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine({
    args: [...args],
    allowPositionals: true,
    options: {
      browser: { type: 'boolean', default: false },
      port: { type: 'string' },
      folder: { type: 'string' },
      fresh: { type: 'boolean', default: false },
    },
  });
  if (positionals.length > 1) throw new UsageError('Name one lab at most.');
  const labFile = resolve(findLabFile(positionals[0] ?? DEFAULT_LAB));
  if (values.folder === '') throw new UsageError('--folder needs the name of a folder.');
  const folder = resolve(values.folder ?? defaultFolder(labFile));
  const lab = { labFile, folder, fresh: values.fresh ?? false };
  const port = parsePort(values.port);
  if (!values.browser && port === undefined) {
    const runtime = await electronRuntime(programRoot());
    if (runtime.ok) return startElectron(runtime.path, lab);
    process.stdout.write(`${runtime.reason} The lab opens in the browser instead.\n`);
  }
  return serveBrowser(lab, port);
}

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(`--port takes a number from 0 to 65535, not "${text}".`);
}

type Lab = { labFile: string; folder: string; fresh: boolean };

function startElectron(runtime: string, lab: Lab): Promise<number> {
  const args = [programRoot(), '--lab', lab.labFile, '--folder', lab.folder];
  if (lab.fresh) args.push('--fresh');
  const child = spawn(runtime, args, { stdio: 'inherit' });
  return new Promise((done) => {
    child.on('error', (error) => {
      process.stderr.write(`Electron could not be started: ${error.message}\n`);
      done(1);
    });
    child.on('close', (code) => done(code ?? 1));
  });
}

async function serveBrowser(lab: Lab, port: number | undefined): Promise<number> {
  // Said before an address is, that would lead to nothing.
  await refuseIfInUse(lab.folder);
  await refuseIfUnwritable(lab.folder);
  if (!(await refuseWithMistakes(lab))) return FAILED;
  limitGarbageThreads();
  const home = homeFolder();
  const log = await ProgramLog.open(home);
  await clearDownloads(home);
  log.write('info', `browser host of Duplex Lab ${programVersion()}, Node ${process.version}`);
  const desk = new LabDesk(lab, {
    home,
    log,
    chooseTarget: (name) => placeForDownload(home, name),
  });
  const stopped = new Promise<void>((stop) => {
    process.once('SIGTERM', () => stop());
    let isAsked = false;
    process.on('SIGINT', () => {
      if (isAsked || desk.problem === null) return stop();
      isAsked = true;
      process.stderr.write(`\n${desk.problem}\n${MAY_LOSE}\n`);
    });
  });
  // The page loads while the lab opens.
  const serving = serve(desk, lab.folder, port);
  const opened = Promise.all([serving, desk.ready()]).then(([, notices]) => {
    for (const notice of notices) process.stderr.write(`${notice}\n`);
  });
  let problem: string | null = null;
  try {
    await Promise.race([opened, stopped]);
    await stopped;
  } finally {
    await serving.then(
      (host) => host.close(),
      () => {},
    );
    problem = await desk.close();
  }
  if (problem === null) process.stdout.write('\nThe lab is saved.\n');
  else process.stderr.write(`\n${problem}\nWhat was done since the last durable moment is lost.\n`);
  return problem === null ? 0 : 1;
}

/** Throws a sentence where no lab can be kept. */
async function refuseIfUnwritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`The lab cannot be kept in ${folder} (${code}); name another --folder.`);
  }
}

/** Names the mistakes of a lab file that is to begin a new lab; true: there are none. */
async function refuseWithMistakes({ folder, fresh, labFile }: Lab): Promise<boolean> {
  const names = await readdir(folder);
  if (names.length > 0 && !fresh) return true;
  const { formatProblem, readLabFile } = await import('../runtime/lab-file.ts');
  const file = await readLabFile(labFile);
  if (file.ok) return true;
  for (const problem of file.problems) process.stderr.write(`${formatProblem(problem)}\n`);
  // It was made to see whether it can be; with something in it, it stays.
  await rmdir(folder).catch(() => {});
  return false;
}

async function serve(desk: LabDesk, folder: string, port: number | undefined) {
  const host = await startBrowserHost(desk, port);
  process.stdout.write(`Duplex Lab: ${host.address}\n`);
  process.stdout.write(`Lab folder: ${folder}\nPress Ctrl+C to save and stop.\n`);
  return host;
}

/** A folder of its own, until the browser has fetched it. */
async function placeForDownload(home: string, name: string) {
  const own = `${process.pid}-${randomBytes(12).toString('hex')}`;
  const ownFolder = join(home, 'downloads', own);
  await mkdir(ownFolder, { recursive: true });
  return { path: join(ownFolder, name), ownFolder };
}

/** What programs have left there that are no more. */
async function clearDownloads(home: string): Promise<void> {
  const folder = join(home, 'downloads');
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names.filter((one) => !isAlive(Number(one.split('-')[0])))) {
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
  }
}
