import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { programRoot } from '../runtime/program-root.ts';

/** Wrong usage: one sentence for stderr, exit code 2. */
export class UsageError extends Error {}

/** `node:util` parsing whose complaints are usage errors. */
export function parseCommandLine<T extends ParseArgsConfig>(config: T) {
  try {
    return parseArgs(config);
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\.(?:\s|$)/);
    throw new UsageError(`${sentence}; "duplexlab help" shows the usage.`);
  }
}

/** A path as given, or the shipped lab of that name. */
export function findLabFile(lab: string): string {
  if (existsSync(lab)) return lab;
  const shipped = join(programRoot(), 'resources', 'labs', `${lab}.yaml`);
  return existsSync(shipped) ? shipped : lab;
}
