import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programRoot } from '../src/runtime/program-root.ts';
import { benchIcon } from './icon.ts';
import { benchLabEvents } from './lab-events.ts';
import { formatResult } from './measure.ts';
import { benchStateTransfer } from './state-transfer.ts';

/** `npm run bench [-- NAME]`: ours beside peers and limits in one run; JSON goes to out/bench. */
const BENCHES = {
  'state-transfer': benchStateTransfer,
  icon: benchIcon,
  'lab-events': benchLabEvents,
} as const;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark "${unknown[0]}"; there are: `);
  process.stderr.write(`${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
const folder = join(programRoot(), 'out', 'bench');
mkdirSync(folder, { recursive: true });
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const result of [await bench()].flat()) {
    process.stdout.write(`${formatResult(result).join('\n')}\n\n`);
    writeFileSync(join(folder, `${result.bench}.json`), `${JSON.stringify(result, null, 2)}\n`);
  }
}
