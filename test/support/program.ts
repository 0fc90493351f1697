import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { programRoot } from '../../src/runtime/program-root.ts';

/** The program as a user starts it, with its output as it comes. */
export interface RunningProgram {
  readonly child: ChildProcess;
  output(): string;
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** `input` is typed at once, and then ends. */
export function startProgram(
  args: readonly string[],
  environment = {},
  input?: string,
): RunningProgram {
  const root = programRoot();
  const child = spawn(process.execPath, [join(root, 'bin', 'duplexlab.mjs'), ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(input);
  let text = '';
  child.stdout!.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    text += chunk;
  });
  const ended = new Promise<number | string>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? code ?? -1));
  });
  return {
    child,
    ended,
    output: () => text,
    async waitFor(pattern, timeoutMs = 30_000) {
      const deadline = Date.now() + timeoutMs;
      for (;;) {
        const match = text.match(pattern);
        if (match) return match;
        if (Date.now() > deadline) throw new Error(`${pattern} did not appear in:\n${text}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}
