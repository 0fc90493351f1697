import { mkdir, readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { freemem } from 'node:os';
import { basename, join } from 'node:path';
import type { DoctorCheck } from '../../contract/desk.ts';
import { IDB_TABLES } from '../../engine/idb/schema.ts';
import { IdbDatabase } from '../idb/idb-database.ts';
import { parseLabFile } from '../lab-file.ts';
import { programRoot, programVersion } from '../program-root.ts';
import { checkLabFolder } from '../store/check-lab-folder.ts';
import { isInUse } from '../store/folder-lock.ts';
import { isThere } from '../store/is-there.ts';
import { ENGINE_VERSION } from '../store/lab-folder.ts';
import { shippedFiles } from './lab-library.ts';

const MEGABYTE = 1024 * 1024;
const MIN_FREE_DISK_MB = 500;
const MIN_FREE_MEMORY_MB = 300;
const MIN_NODE = [20, 19] as const;

type Finding = Omit<DoctorCheck, 'name'>;
const good = (text: string): Finding => ({ verdict: 'good', text, remedy: '' });
const warning = (text: string, remedy: string): Finding => ({ verdict: 'warning', text, remedy });
const bad = (text: string, remedy: string): Finding => ({ verdict: 'bad', text, remedy });

/** What the program needs of the machine and of its own files; labs are only looked at. */
export async function diagnose(home: string): Promise<DoctorCheck[]> {
  const checks: Readonly<Record<string, () => Promise<Finding>>> = {
    Program: checkProgram,
    'Node.js': async () => checkNode(process.versions.node),
    'Database engine': checkSqlite,
    'Shipped labs': checkShippedLabs,
    'Home folder': () => checkHome(home),
    'Disk space': () => checkDisk(home),
    Memory: async () => checkMemory(freemem()),
    'Loopback network': checkLoopback,
    'Kept labs': () => checkKeptLabs(home),
  };
  const found: DoctorCheck[] = [];
  for (const [name, check] of Object.entries(checks)) {
    const finding = await check().catch((error: Error) =>
      bad(`This could not be looked at: ${error.message}.`, 'Please report it.'),
    );
    found.push({ name, ...finding });
  }
  return found;
}

async function checkProgram(): Promise<Finding> {
  const needed = ['main/lab-worker.js', 'main/query-worker.js', 'renderer/index.html'];
  for (const file of needed) {
    if (!(await isThere(join(programRoot(), 'out', file))))
      return bad(`The file out/${file} is missing.`, 'Run "npm ci" again.');
  }
  return good(`Duplex Lab ${programVersion()}, engine ${ENGINE_VERSION}, is complete.`);
}

export function checkNode(version: string): Finding {
  const [major, minor] = version.split('.').map(Number);
  const isOld = major < MIN_NODE[0] || (major === MIN_NODE[0] && minor < MIN_NODE[1]);
  const wanted = MIN_NODE.join('.');
  if (isOld) return bad(`Version ${version} is too old.`, `Install Node.js ${wanted} or newer.`);
  return good(`Version ${version}.`);
}

async function checkSqlite(): Promise<Finding> {
  const idb = await IdbDatabase.create();
  const again = await IdbDatabase.open(idb.image());
  const [[integrity]] = again.readRows('PRAGMA integrity_check');
  const [[tables]] = again.readRows("SELECT count(*) FROM sqlite_master WHERE type = 'table'");
  idb.close();
  again.close();
  return judgeSqlite(String(integrity), Number(tables));
}

export function judgeSqlite(integrity: string, tables: number): Finding {
  if (integrity === 'ok' && tables >= IDB_TABLES.length) {
    return good('SQLite is loaded; an IDB was made, written and read back.');
  }
  const text = `An IDB that was read back has ${tables} tables; SQLite says: ${integrity}.`;
  return bad(text, 'Install the program again; is the memory of this machine sound?');
}

async function checkShippedLabs(): Promise<Finding> {
  const files = await shippedFiles();
  for (const file of files) {
    const parsed = parseLabFile(file, await readFile(file, 'utf8'));
    if (parsed.ok) continue;
    const [{ line, message }] = parsed.problems;
    return bad(`${basename(file)}, line ${line}: ${message}.`, 'Install the program again.');
  }
  return good(`${files.length} labs, all without mistakes.`);
}

async function checkHome(home: string): Promise<Finding> {
  const probe = join(home, `.doctor-${process.pid}`);
  try {
    await mkdir(home, { recursive: true });
    await writeFile(probe, 'written by the doctor');
    await rm(probe);
    return good(`Labs and log files are kept in ${home}; it can be written.`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return bad(
      `Nothing can be written in ${home} (${code}).`,
      'Make it writable, or name another folder in DUPLEXLAB_HOME.',
    );
  }
}

async function checkDisk(home: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(home);
  const freeMb = Math.floor((bavail * bsize) / MEGABYTE);
  const text = `${freeMb.toLocaleString('en-US')} MB are free where labs are kept.`;
  if (freeMb >= MIN_FREE_DISK_MB) return good(text);
  return warning(
    text,
    'Free some space: a lab that cannot be saved stops being saved, and says so.',
  );
}

export function checkMemory(freeBytes: number): Finding {
  const freeMb = Math.floor(freeBytes / MEGABYTE);
  const text = `${freeMb.toLocaleString('en-US')} MB are free.`;
  if (freeMb >= MIN_FREE_MEMORY_MB) return good(text);
  return warning(text, 'Close other programs: a lab with a long history needs a few hundred.');
}

async function checkLoopback(): Promise<Finding> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => server.close(() => resolve()));
  });
  return good('A browser on this machine can be served; nothing else is ever used.');
}

async function checkKeptLabs(home: string): Promise<Finding> {
  const labs = join(home, 'labs');
  const names = await readdir(labs).catch((): string[] => []);
  const problems: string[] = [];
  let inUse = 0;
  for (const name of names) {
    const folder = join(labs, name);
    if (await isInUse(folder)) inUse++;
    else problems.push(...(await checkLabFolder(folder)).map((text) => `${name}: ${text}`));
  }
  const count = `${names.length} ${names.length === 1 ? 'lab' : 'labs'}`;
  if (problems.length > 0) {
    return warning(
      `${count}; ${problems.join(' ')}`,
      'Opening such a lab says what it goes on from; nothing that cannot be read is deleted.',
    );
  }
  return good(
    inUse > 0 ? `${count}, ${inUse} open and not looked into.` : `${count}, all readable.`,
  );
}
