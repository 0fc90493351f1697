import { formatProblem, readLabFile } from '../runtime/lab-file.ts';
import { findLabFile, parseCommandLine, UsageError } from './usage.ts';

/** `duplexlab check`: is this lab file right? */
export async function checkCommand(args: readonly string[]): Promise<number> {
  const { positionals } = parseCommandLine({ args: [...args], allowPositionals: true });
  if (positionals.length !== 1) {
    throw new UsageError('Name one lab file, such as: duplexlab check my-lab.yaml');
  }
  const file = await readLabFile(findLabFile(positionals[0]));
  if (!file.ok) {
    for (const problem of file.problems) process.stderr.write(`${formatProblem(problem)}\n`);
    return 1;
  }
  const { name, agents, sites } = file.definition;
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  const size = `${count(sites.length, 'site')}, ${count(agents.length, 'agent')}`;
  process.stdout.write(`${name}: good (${size})\n`);
  return 0;
}
