import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventQueue } from '../src/engine/kernel/event-queue.ts';
import type { LabEvent } from '../src/engine/kernel/events.ts';
import type { JournalSink } from '../src/engine/kernel/journal.ts';
import type { LabDefinition } from '../src/engine/lab/definition.ts';
import { Lab } from '../src/engine/lab/lab.ts';
import { JournalStore } from '../src/runtime/journal/journal-store.ts';
import { parseLabFile } from '../src/runtime/lab-file.ts';
import { programRoot } from '../src/runtime/program-root.ts';
import { type BenchResult, compare } from './measure.ts';

const MINUTE_US = 60_000_000;
/** Both sides are up and paired by then. */
const FROM_US = 5 * MINUTE_US;
const TO_US = 35 * MINUTE_US;
const ROUNDS = 7;

/** The whole lab at work with its journal, beside the bare queue that holds its events. */
export async function benchLabEvents(): Promise<BenchResult> {
  const definition = readLab('lab50.yaml');
  const first = pairedLab(definition);
  const pending = first.simulation.pendingCount;
  const amount = runOn(first);
  const minutes = (TO_US - FROM_US) / MINUTE_US;
  // One lab for each round, made before the clock runs.
  const times = Array.from({ length: ROUNDS + 1 });
  const kept = times.map(() => pairedLab(definition, journalInto(new JournalStore())));
  const silent = times.map(() => pairedLab(definition));
  return compare(
    'lab-events',
    `${minutes} minutes of lab50 with its callers, ${pending} events pending`,
    { amount, unit: 'events', rounds: ROUNDS },
    [
      {
        name: 'the whole lab with its journal',
        role: 'ours',
        run: () => runOn(kept.pop()!),
      },
      { name: 'the whole lab, nothing kept', role: 'peer', run: () => runOn(silent.pop()!) },
      { name: 'the bare event queue', role: 'limit', run: () => churn(pending, amount) },
    ],
  );
}

function readLab(name: string): LabDefinition {
  const path = join(programRoot(), 'resources', 'labs', name);
  const parsed = parseLabFile(path, readFileSync(path, 'utf8'));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.definition;
}

function pairedLab(definition: LabDefinition, journal?: JournalSink): Lab {
  const lab = Lab.create(definition, journal);
  lab.simulation.runUntil(FROM_US);
  return lab;
}

/** How many events were executed. */
function runOn({ simulation }: Lab): number {
  const before = simulation.world.eventCount;
  simulation.runUntil(TO_US);
  return simulation.world.eventCount - before;
}

function journalInto(store: JournalStore): JournalSink {
  return {
    onEvent: (event) => store.append(event, event.dueUs),
    onLogLine: (line) => store.addLogLine(line),
    onOutput() {},
  };
}

/** As many events through a queue as long as the lab's, each due a while after its cause. */
function churn(pending: number, amount: number): number {
  const queue = new EventQueue();
  let seq = 1;
  const push = (dueUs: number) => queue.push(timer(dueUs, seq++));
  for (let i = 0; i < pending; i++) push((i * 7919) % 100_000);
  for (let i = 0; i < amount; i++) push(queue.pop()!.dueUs + 1 + ((i * 7919) % 100_000));
  return queue.size;
}

function timer(dueUs: number, seq: number): LabEvent {
  return { dueUs, seq, cause: 0, kind: 'timer', target: '', incarnation: 0, data: null };
}
