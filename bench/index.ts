import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programRoot } from '../src/runtime/program-root.ts';
import { type FigureResult, formatFigures } from './figures.ts';
import { benchIcon } from './icon.ts';
import { benchIdbPage } from './idb-page.ts';
import { benchLabEvents } from './lab-events.ts';
import { type BenchResult, formatResult } from './measure.ts';
import { benchStateTransfer } from './state-transfer.ts';
import { WINDOW_BENCHES } from './window/index.ts';

/** `npm run bench [-- NAME]`: ours beside peers and limits in one run; JSON goes to out/bench. */
const BENCHES = {
  'state-transfer': benchStateTransfer,
  icon: benchIcon,
  'lab-events': benchLabEvents,
  'idb-page': benchIdbPage,
  ...WINDOW_BENCHES,
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
  const results: (BenchResult | FigureResult)[] = [await bench()].flat();
  for (const result of results) {
    const lines = 'figures' in result ? formatFigures(name, result) : formatResult(result);
    process.stdout.write(`${lines.join('\n')}\n\n`);
    const file = 'figures' in result ? name : result.bench;
    writeFileSync(join(folder, `${file}.json`), `${JSON.stringify(result, null, 2)}\n`);
  }
}
