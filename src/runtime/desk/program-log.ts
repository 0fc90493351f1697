import { mkdir } from 'node:fs/promises';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

const FILE_NAME = 'duplexlab.log';
const FILES_KEPT = 4;
const MAX_LINE_CHARACTERS = 4000;

export type Severity = 'info' | 'warning' | 'error';

/** What the program did and what went wrong, for whoever looks for a fault of it. */
export class ProgramLog {
  private constructor(
    private readonly stream: RotatingFileStream | undefined,
    private readonly redact: (text: string) => string,
  ) {}

  /** In the folder `logs`: a file of a megabyte and a few older ones. Never fails. */
  static async open(home: string, size: `${number}${'K' | 'M'}` = '1M'): Promise<ProgramLog> {
    const folder = join(home, 'logs');
    try {
      await mkdir(folder, { recursive: true });
    } catch {
      return new ProgramLog(undefined, redactor());
    }
    // The classical way: the newest of the older ones is number 1.
    const nameOf = (index: unknown) => (index ? `duplexlab.${index}.log` : FILE_NAME);
    const stream = createStream(nameOf, { path: folder, size, rotate: FILES_KEPT });
    // A full disk must not take the lab with it: what is not written is lost.
    stream.on('error', () => {});
    stream.on('warning', () => {});
    return new ProgramLog(stream, redactor());
  }

  write(severity: Severity, text: string): void {
    const line = this.redact(text)
      .replace(/[\r\n]+/g, ' | ')
      .slice(0, MAX_LINE_CHARACTERS);
    this.stream?.write(`${new Date().toISOString()} ${severity} ${line}\n`);
  }

  close(): Promise<void> {
    const { stream } = this;
    if (!stream) return Promise.resolve();
    return new Promise((resolve) => {
      stream.end(() => resolve());
    });
  }
}

/**
 * Takes out of a text who and where the user is, and every key: a log file may be handed on. What a
 * lab holds is invented and stays.
 */
export function redactor(person = whoAndWhere()): (text: string) => string {
  const names = [person.user, person.host].filter((name) => name.length > 2).map(escaped);
  const home = new RegExp(escaped(person.home), 'gi');
  const words =
    names.length > 0 ? new RegExp(`(?<![\\w-])(${names.join('|')})(?![\\w-])`, 'gi') : null;
  return (text) => {
    const short = text
      .replace(/([?&]key=|duplexlab-key-\d+=)[\w-]+/g, '$1…')
      .replace(person.home.length > 1 ? home : /(?!)/, '~');
    return words ? short.replace(words, '…') : short;
  };
}

/** A system may know nobody of that name: then there is nothing to take out. */
function whoAndWhere() {
  const ask = (what: () => string) => {
    try {
      return what();
    } catch {
      return '';
    }
  };
  return { home: ask(homedir), user: ask(() => userInfo().username), host: ask(hostname) };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
