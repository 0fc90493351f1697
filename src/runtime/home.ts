import { homedir } from 'node:os';
import { basename, join } from 'node:path';

/** Where the program keeps what is the user's: labs, log files, what was taken aside. */
export function homeFolder(): string {
  return process.env['DUPLEXLAB_HOME'] ?? join(homedir(), '.duplexlab');
}

/** The folder in which a lab goes on when none is named. */
export function defaultFolder(labFile: string): string {
  return join(homeFolder(), 'labs', basename(labFile).replace(/\.ya?ml$/, ''));
}
