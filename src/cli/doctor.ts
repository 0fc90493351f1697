import { diagnose } from '../runtime/desk/doctor.ts';
import { homeFolder } from '../runtime/home.ts';
import { parseCommandLine } from './usage.ts';

const WORDS = { good: 'good   ', warning: 'warning', bad: 'bad    ' } as const;

/** `duplexlab doctor`: what the program finds out about itself and the machine. */
export async function doctorCommand(args: readonly string[]): Promise<number> {
  const { values } = parseCommandLine({
    args: [...args],
    options: { json: { type: 'boolean', default: false } },
  });
  const checks = await diagnose(homeFolder());
  if (values.json) process.stdout.write(`${JSON.stringify(checks, null, 2)}\n`);
  else {
    for (const { name, remedy, text, verdict } of checks) {
      process.stdout.write(`${WORDS[verdict]}  ${name}: ${text}\n`);
      if (remedy) process.stdout.write(`         ${remedy}\n`);
    }
  }
  return checks.some(({ verdict }) => verdict === 'bad') ? 1 : 0;
}
