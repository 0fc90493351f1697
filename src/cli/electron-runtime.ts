import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type ElectronRuntime =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly reason: string };

/** Longest time a first start waits for the runtime to arrive. */
const FETCH_LIMIT_MS = 120_000;

/** Finds Electron's runtime, fetches it where that is possible, or says in one line why not. */
export async function electronRuntime(
  root: string,
  fetchLimitMs = FETCH_LIMIT_MS,
): Promise<ElectronRuntime> {
  const noScreen =
    process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'];
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const folder = join(root, 'node_modules', 'electron');
  const found = installedRuntime(folder, override);
  if (found && (override || !noScreen)) return { ok: true, path: found };
  if (noScreen) return { ok: false, reason: 'There is no display for a window here.' };
  if (!existsSync(join(folder, 'install.js'))) {
    return { ok: false, reason: 'Electron is not installed here.' };
  }
  process.stdout.write("Fetching Electron's runtime (once)...\n");
  const fetched = await fetchRuntime(join(folder, 'install.js'), fetchLimitMs);
  const path = fetched ? installedRuntime(folder, override) : undefined;
  if (path) return { ok: true, path };
  return { ok: false, reason: "Electron's runtime is not here and could not be fetched." };
}

function installedRuntime(folder: string, override: string | undefined): string | undefined {
  const pathFile = join(folder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : undefined;
  if (override) return existing(join(override, name ?? 'electron'));
  return name ? existing(join(folder, 'dist', name)) : undefined;
}

function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined;
}

/** Electron's own installer, silent, and ended if it takes too long. */
function fetchRuntime(installer: string, limitMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [installer], { stdio: 'ignore' });
  return new Promise((done) => {
    const limit = setTimeout(() => child.kill(), limitMs);
    child.on('error', () => done(false));
    child.on('close', (code) => {
      clearTimeout(limit);
      done(code === 0);
    });
  });
}
