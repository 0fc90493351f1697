import type { LabEvent } from '../../../src/engine/kernel/events.ts';
import type { JournalSink } from '../../../src/engine/kernel/journal.ts';
import type { NetworkState } from '../../../src/engine/kernel/network.ts';
import type { Behaviour, Context } from '../../../src/engine/kernel/process.ts';
import { type BehaviourTable, Simulation } from '../../../src/engine/kernel/simulation.ts';

/** A behaviour from a few functions, for kernel tests. */
export function behaviour<S>(kind: string, parts: Partial<Behaviour<S>>): Behaviour<S> {
  return { kind, create: () => ({}) as S, onStart() {}, ...parts };
}

export interface Heard {
  readonly atUs: number;
  readonly text: string;
}

export function recordingJournal(): JournalSink & { events: LabEvent[]; lines: Heard[] } {
  const events: LabEvent[] = [];
  const lines: Heard[] = [];
  return {
    events,
    lines,
    onEvent: (event) => void events.push(event),
    onLogLine: ({ atUs, text }) => void lines.push({ atUs, text }),
    onOutput() {},
  };
}

export const LAN: NetworkState = {
  name: 'lan',
  delayUs: 1000,
  jitterUs: 0,
  bandwidthBitsPerSecond: 1e12,
  lossRate: 0,
};

/** Two hosts `left` and `right`, a process on each, one network. */
export function twoHosts(
  left: Behaviour<never> | Behaviour<unknown>,
  right: Behaviour<never> | Behaviour<unknown>,
  network: Partial<NetworkState> = {},
  seed = 1,
) {
  const journal = recordingJournal();
  const behaviours: BehaviourTable = new Map([
    ['left', left as Behaviour<unknown>],
    ['right', right as Behaviour<unknown>],
  ]);
  const simulation = Simulation.create(
    {
      seed,
      epochSeconds: 1_772_442_000,
      hosts: ['left', 'right'].map((name) => ({ name, diskSyncUs: 4000 })),
      networks: [{ ...LAN, ...network }],
      processes: ['left', 'right'].map((name) => ({ name, kind: name, host: name, config: {} })),
    },
    behaviours,
    journal,
  );
  simulation.startProcess('right');
  simulation.startProcess('left');
  return { simulation, journal, behaviours };
}

export const RIGHT = { host: 'right', port: 7000, network: 'lan' } as const;

/** A server that logs every message it gets and every close. */
export const listener = behaviour('right', {
  onStart: (context) => context.listen(7000),
  onMessage: (context, { message }) => context.log('info', String(message['text'])),
  onClosed: (context, _session, reason) => context.log('warn', reason),
});

export type AnyContext = Context<unknown>;
