import type { ConfigurationServerState } from '../../src/engine/configuration/configuration-server.ts';
import { createRandomState, nextBelow, type RandomState } from '../../src/engine/kernel/random.ts';
import type { LabCommand } from '../../src/engine/lab/commands.ts';
import { SECOND, type WatchedLab } from './lab50.ts';

const HOSTS = ['cca', 'ccb'] as const;
const PROCESSES = ['ra-rtr', 'rb-rtr', 'la-clgr', 'lb-clgr', 'ra-mds', 'rb-mds', 'ra-ccag'];
const PUBLIC = ['pg1a', 'pg2a', 'confserv', 'icon', 'idb', 'ts-chicago', 'sw-denver'];

function pick<T>(random: RandomState, choices: readonly T[]): T {
  return choices[nextBelow(random, choices.length)];
}

function fault(random: RandomState): LabCommand[] {
  const [from, to] = nextBelow(random, 2) === 0 ? HOSTS : [HOSTS[1], HOSTS[0]];
  const side = pick(random, ['A', 'B'] as const);
  const process = pick(random, PROCESSES);
  const host = pick(random, [...HOSTS, ...PUBLIC]);
  const link = { network: 'private', from, to } as const;
  const back = { network: 'private', from: to, to: from } as const;
  const away = { network: 'public', from: pick(random, PUBLIC), to: pick(random, HOSTS) } as const;
  return pick<LabCommand[]>(random, [
    [{ verb: 'cut', ...link }],
    [
      { verb: 'cut', ...link },
      { verb: 'cut', ...back },
    ],
    [
      { verb: 'repair', ...link },
      { verb: 'repair', ...back },
    ],
    [{ verb: 'set-link', ...link, delayUs: 1000 * nextBelow(random, 200), lossRate: 0.1 }],
    [{ verb: 'cut', ...away }],
    [{ verb: 'repair', ...away }],
    [{ verb: 'stop-side', side }],
    [{ verb: 'start-side', side }],
    [{ verb: 'stop-process', process }],
    [{ verb: 'start-process', process }],
    [{ verb: 'crash-host', host }],
    [{ verb: 'boot-host', host }],
    [{ verb: 'place-call', dialedNumber: '8001', ani: '5550100' }],
  ]);
}

/** Somebody edits a person, whatever else is broken. */
function edit({ lab }: WatchedLab, random: RandomState): LabCommand[] {
  const server = lab.stateOf<ConfigurationServerState>('confserv');
  const person = server?.objects.get(`person:${101 + nextBelow(random, 3)}`);
  if (!person) return [];
  const fields = { ...person.fields, lastName: `Name ${nextBelow(random, 1000)}` };
  return [{ verb: 'update-object', object: { ...person, fields } }];
}

/** Faults at random moments for two lab minutes: the same for the same seed. */
export function runFaults(watched: WatchedLab, seed: number): string[] {
  const { lab } = watched;
  const random = createRandomState(seed, 'faults');
  const told: string[] = [];
  lab.simulation.runUntil(150 * SECOND);
  while (lab.simulation.nowUs < 270 * SECOND) {
    lab.simulation.runUntil(lab.simulation.nowUs + nextBelow(random, 8 * SECOND));
    const commands = nextBelow(random, 4) === 0 ? edit(watched, random) : fault(random);
    for (const command of commands) {
      lab.execute(command);
      told.push(`${(lab.simulation.nowUs / SECOND).toFixed(3)} ${JSON.stringify(command)}`);
    }
  }
  return told;
}

/** Takes every fault back: power on, links whole, every process started. */
export function healEverything({ lab }: WatchedLab): void {
  const { world } = lab.simulation;
  for (const { name, up } of world.hosts.values()) {
    if (!up) lab.execute({ verb: 'boot-host', host: name });
  }
  for (const { network, from, to } of [...world.paths.values()]) {
    if (network === 'loopback') continue;
    lab.execute({ verb: 'repair', network, from, to });
    const { delayUs, lossRate } = world.networks.get(network)!;
    lab.execute({ verb: 'set-link', network, from, to, delayUs, lossRate });
  }
  for (const { name, running } of world.processes.values()) {
    if (!running) lab.execute({ verb: 'start-process', process: name });
  }
}
