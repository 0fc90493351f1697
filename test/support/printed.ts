import { vi } from 'vitest';
import { main } from '../../src/cli/index.ts';

/** One call of the program: its exit code and what it printed. */
export async function printed(args: string[]): Promise<{ code: number; out: string; err: string }> {
  const told = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      told[stream] += String(text);
      return true;
    }),
  );
  try {
    return { code: await main(args), out: told.stdout, err: told.stderr };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
