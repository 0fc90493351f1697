import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { UsageError } from './usage.ts';

/** Options that several commands share. */

/** Where the program keeps what is the user's. */
export function homeFolder(): string {
  return process.env['DUPLEXLAB_HOME'] ?? join(homedir(), '.duplexlab');
}

/** The folder in which a lab goes on when none is named. */
export function defaultFolder(labFile: string): string {
  return join(homeFolder(), 'labs', basename(labFile).replace(/\.ya?ml$/, ''));
}

/** Lab seconds a second; 0 is as fast as it goes. */
export function parseSpeed(text: string): number {
  const speed = Number(text);
  if (text.trim() !== '' && speed >= 0 && speed <= 100_000) return speed;
  throw new UsageError(`--speed takes a number from 0 to 100000, not "${text}".`);
}
