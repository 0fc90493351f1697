#!/usr/bin/env node
// Starts the built program; builds it first where that has not happened yet.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'out', 'main', 'cli.js');

if (!existsSync(program)) {
  const vite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  if (!existsSync(vite)) {
    console.error('Duplex Lab is not installed here. Run: npm ci');
    process.exit(1);
  }
  console.error('Building Duplex Lab, once...');
  const built = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (built.status !== 0) process.exit(1);
}

const { main } = await import(pathToFileURL(program).href);
process.exitCode = await main(process.argv.slice(2));
