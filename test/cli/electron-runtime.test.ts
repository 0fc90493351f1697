import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { electronRuntime } from '../../src/cli/electron-runtime.ts';

describe("finding Electron's runtime", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'duplexlab-'));
    vi.stubEnv('DISPLAY', ':1');
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', undefined);
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(root, { recursive: true, force: true });
  });

  /** An electron package whose installer is this script. */
  function install(script: string): string {
    const folder = join(root, 'node_modules', 'electron');
    mkdirSync(join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'install.js'), script);
    return folder;
  }

  it('uses one that is there', async () => {
    const folder = install('process.exit(1)');
    writeFileSync(join(folder, 'path.txt'), 'electron');
    writeFileSync(join(folder, 'dist', 'electron'), '');
    const path = join(folder, 'dist', 'electron');
    expect(await electronRuntime(root)).toEqual({ ok: true, path });
  });

  it('fetches one that can be had', async () => {
    install(`
      const { writeFileSync } = require('node:fs');
      writeFileSync(__dirname + '/path.txt', 'electron');
      writeFileSync(__dirname + '/dist/electron', '');
    `);
    expect(await electronRuntime(root)).toMatchObject({ ok: true });
  });

  it('says in one line that it cannot be had, and never hangs on it', async () => {
    const reason = "Electron's runtime is not here and could not be fetched.";
    install('process.exit(1)');
    expect(await electronRuntime(root)).toEqual({ ok: false, reason });
    install('setInterval(() => {}, 1000)');
    const startMs = performance.now();
    expect(await electronRuntime(root, 300)).toEqual({ ok: false, reason });
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });

  it('does not look for a window where there is no display', async () => {
    if (process.platform !== 'linux') return;
    vi.stubEnv('DISPLAY', undefined);
    vi.stubEnv('WAYLAND_DISPLAY', undefined);
    install('process.exit(1)');
    const reason = 'There is no display for a window here.';
    expect(await electronRuntime(root)).toEqual({ ok: false, reason });
  });

  it('says so where the package itself is missing', async () => {
    expect(await electronRuntime(root)).toMatchObject({ ok: false });
  });
});
