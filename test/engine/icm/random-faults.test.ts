import { describe, expect, it } from 'vitest';
import type { ConfigurationServerState } from '../../../src/engine/configuration/configuration-server.ts';
import type { CallRouterState } from '../../../src/engine/icm/router/call-router-state.ts';
import type { IconState } from '../../../src/engine/icon/icon-state.ts';
import { createRandomState } from '../../../src/engine/kernel/random.ts';
import { shortcomings } from '../../../swarm/convergence.ts';
import { FaultSource, healEverything, startStopped } from '../../../swarm/faults.ts';
import {
  MINUTE,
  quietLab50,
  rowsOf,
  SECOND,
  type WatchedLab,
  watchLab,
} from '../../support/lab50.ts';

const SEEDS = Number(process.env['DUPLEXLAB_FAULT_SEEDS'] ?? 12);
const FIRST = Number(process.env['DUPLEXLAB_FAULT_FIRST'] ?? 1);
/** Seeds that fail when quiet sessions have no keepalive. */
const KEPT = [42, 93];
const seeds = [...new Set([...KEPT, ...Array.from({ length: SEEDS }, (_, i) => FIRST + i)])];

/** What is not whole in a lab without faults, in words. */
function problemsOf({ lab, changes }: WatchedLab): string[] {
  const found: string[] = shortcomings(lab);
  const must = (holds: boolean, problem: string) => void (holds || found.push(problem));
  const { queued } = lab.stateOf<IconState>('icon1')!.pipeline;
  must(queued.length === 0, `${queued.length} records are stuck in the queue of ICON`);
  const callers = rowsOf(changes, 'G_CALL').map(({ CALLANI }) => CALLANI);
  must(callers.includes(LAST_CALLER), 'the last call has no row');
  const agent = rowsOf(changes, 'GC_AGENT').find(({ ID }) => ID === 101);
  must(agent?.['LASTNAME'] === 'Afterwards', 'the last edit has not reached IDB');
  return found;
}

const LAST_CALLER = '5559999';
/** Hosts of the other half of the lab, which fail as well. */
const OTHERS = ['icon', 'idb', 'confserv', 'ts-chicago', 'sw-denver'];

/** Faults, healing, four minutes of peace, then one edit and one call. */
function live(seed: number): { watched: WatchedLab; told: string[] } {
  const watched = watchLab(quietLab50({ seed }));
  const { lab } = watched;
  const told: string[] = [];
  const source = new FaultSource(lab, createRandomState(seed, 'faults'), OTHERS);
  lab.simulation.runUntil(150 * SECOND);
  while (lab.simulation.nowUs < 270 * SECOND) {
    lab.simulation.runUntil(lab.simulation.nowUs + source.pauseUs(4));
    for (const command of source.next()) {
      lab.execute(command);
      told.push(`${(lab.simulation.nowUs / SECOND).toFixed(3)} ${JSON.stringify(command)}`);
    }
  }
  healEverything(lab);
  lab.simulation.runUntil(lab.simulation.nowUs + SECOND);
  startStopped(lab);
  lab.simulation.runUntil(lab.simulation.nowUs + 4 * MINUTE);
  const person = lab.stateOf<ConfigurationServerState>('confserv')!.objects.get('person:101')!;
  const fields = { ...person.fields, lastName: 'Afterwards' };
  lab.execute({ verb: 'update-object', object: { ...person, fields } });
  lab.execute({ verb: 'place-call', dialedNumber: '8101', ani: LAST_CALLER });
  lab.simulation.runUntil(lab.simulation.nowUs + 20 * SECOND);
  return { watched, told };
}

describe('faults at random, then everything healed', () => {
  it.each(seeds)('seed %i: the pair is whole again and the data has arrived', (seed) => {
    const { watched, told } = live(seed);
    expect(problemsOf(watched), told.join('\n')).toEqual([]);
  });

  it('the check can fail: a flipped bit, a lost revision or object, a cut link', () => {
    const { watched } = live(1);
    const { lab } = watched;
    const router = lab.stateOf<CallRouterState>('rb-rtr')!;
    router.router.tables.agent.words[9] ^= 1;
    expect(problemsOf(watched)).toEqual(['the routers differ']);
    router.router.tables.agent.words[9] ^= 1;
    router.revision--;
    expect(problemsOf(watched)[0]).toContain('revisions ');
    router.revision++;
    const icon = lab.stateOf<IconState>('icon1')!;
    const [[key, object]] = icon.objects;
    icon.objects.delete(key);
    expect(problemsOf(watched)[0]).toContain('ICON1 holds');
    // What it knows that it missed is no broken promise.
    icon.gap = 'the history log is not active';
    expect(problemsOf(watched)).toEqual([]);
    icon.gap = '';
    icon.objects.set(key, object);
    lab.execute({ verb: 'cut', network: 'private', from: 'cca', to: 'ccb' });
    lab.simulation.runUntil(lab.simulation.nowUs + 30 * SECOND);
    expect(problemsOf(watched)[0]).toContain('ra-mds and rb-mds:');
  });
});
