import { existsSync, readdirSync } from 'node:fs';
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
    const { message } = error as Error;
    const dashed = /Option '(--[a-z]+)' argument is ambiguous/.exec(message);
    if (dashed) throw new UsageError(`${dashed[1]} needs a value that does not begin with "-".`);
    const [sentence] = message.split(/\.(?:\s|$)/);
    throw new UsageError(`${sentence}; "duplexlab help" shows the usage.`);
  }
}

/** A path as given, or the shipped lab of that name; anything else is refused with the choices. */
export function findLabFile(lab: string): string {
  if (existsSync(lab)) return lab;
  const shipped = join(programRoot(), 'resources', 'labs');
  const file = join(shipped, `${lab}.yaml`);
  if (existsSync(file)) return file;
  const names = readdirSync(shipped).map((name) => name.replace(/\.yaml$/, ''));
  throw new UsageError(
    `There is no file ${lab} and no shipped lab of that name (${names.join(', ')}).`,
  );
}
