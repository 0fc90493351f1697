// Starts an application folder as Electron would: its package's main, with its own argv.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { double } from './electron-double.mjs';

const [, , root, ...rest] = process.argv;
const { main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
process.argv = [process.argv[0], root, ...rest];
double.appPath = resolve(root);
await import(pathToFileURL(resolve(root, main)).href);
