import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { programRoot } from '../runtime/program-root.ts';
import { LabClient } from '../runtime/worker/lab-client.ts';
import { startBrowserHost } from '../server/browser-host.ts';
import { electronRuntime } from './electron-runtime.ts';
import { defaultFolder } from './lab-options.ts';
import { findLabFile, parseCommandLine, UsageError } from './usage.ts';

const DEFAULT_LAB = 'lab50';

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
  return serveBrowser(lab, port ?? 0);
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

async function serveBrowser(lab: Lab, port: number): Promise<number> {
  const client = await LabClient.open(lab);
  for (const notice of client.notices) process.stderr.write(`${notice}\n`);
  const host = await startBrowserHost(client, port).catch(async (error) => {
    await client.close();
    throw error;
  });
  process.stdout.write(`Duplex Lab: ${host.address}\n`);
  process.stdout.write(`Lab folder: ${lab.folder}\nPress Ctrl+C to save and stop.\n`);
  await new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop());
  });
  await host.close();
  await client.close();
  process.stdout.write('\nThe lab is saved.\n');
  return 0;
}
