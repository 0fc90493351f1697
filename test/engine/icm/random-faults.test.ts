import { describe, expect, it } from 'vitest';
import type { ConfigurationServerState } from '../../../src/engine/configuration/configuration-server.ts';
import type { ConfigurationLoggerState } from '../../../src/engine/icm/logger/configuration-logger.ts';
import type { MdsState } from '../../../src/engine/icm/mds/mds-state.ts';
import type { CallRouterState } from '../../../src/engine/icm/router/call-router-state.ts';
import { hashState } from '../../../src/engine/icm/router/router-state.ts';
import type { IconState } from '../../../src/engine/icon/icon-state.ts';
import {
  MINUTE,
  quietLab50,
  rowsOf,
  SECOND,
  type WatchedLab,
  watchLab,
} from '../../support/lab50.ts';
import { healEverything, runFaults } from '../../support/random-faults.ts';

const SEEDS = Number(process.env['DUPLEXLAB_FAULT_SEEDS'] ?? 12);
const FIRST = Number(process.env['DUPLEXLAB_FAULT_FIRST'] ?? 1);
/** Seeds that fail when quiet sessions have no keepalive. */
const KEPT = [42, 93];
const seeds = [...new Set([...KEPT, ...Array.from({ length: SEEDS }, (_, i) => FIRST + i)])];

/** What is not whole in a lab without faults, in words. */
function problemsOf({ lab, changes }: WatchedLab): string[] {
  const found: string[] = [];
  const must = (holds: boolean, problem: string) => void (holds || found.push(problem));
  const mds = ['ra-mds', 'rb-mds'].map((name) => lab.stateOf<MdsState>(name)!);
  const states = mds.map(({ state }) => state).sort();
  must(states.join() === 'Paired-Disabled,Paired-Enabled', `synchronizers: ${states}`);
  must(
    mds.every(({ transfers }) => transfers.size === 0),
    'a transfer was left behind',
  );
  const routers = ['ra-rtr', 'rb-rtr'].map((name) => lab.stateOf<CallRouterState>(name)!);
  const phases = routers.map(({ client }) => client.phase);
  must(phases.join() === 'active,active', `routers: ${phases}`);
  must(hashState(routers[0].router) === hashState(routers[1].router), 'the routers differ');
  const { revision } = lab.stateOf<ConfigurationServerState>('confserv')!;
  const known = [
    ...['la-clgr', 'lb-clgr'].map(
      (name) => lab.stateOf<ConfigurationLoggerState>(name)!.database.revision,
    ),
    ...routers.map((router) => router.revision),
  ];
  must(
    known.every((one) => one === revision),
    `revisions: ${known}, the server has ${revision}`,
  );
  const { queued } = lab.stateOf<IconState>('icon1')!.pipeline;
  must(queued.length === 0, `${queued.length} records are stuck in the queue of ICON`);
  const callers = rowsOf(changes, 'G_CALL').map(({ CALLANI }) => CALLANI);
  must(callers.includes(LAST_CALLER), 'the last call has no row');
  const agent = rowsOf(changes, 'GC_AGENT').find(({ ID }) => ID === 101);
  must(agent?.['LASTNAME'] === 'Afterwards', 'the last edit has not reached IDB');
  return found;
}

const LAST_CALLER = '5559999';

/** Faults, healing, four minutes of peace, then one edit and one call. */
function live(seed: number): { watched: WatchedLab; told: string[] } {
  const watched = watchLab(quietLab50({ seed }));
  const { lab } = watched;
  const told = runFaults(watched, seed);
  healEverything(watched);
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

  it('the check can fail: a flipped bit, a lost revision, a cut link are seen', () => {
    const { watched } = live(1);
    const { lab } = watched;
    const router = lab.stateOf<CallRouterState>('rb-rtr')!;
    router.router.tables.agent.words[9] ^= 1;
    expect(problemsOf(watched)).toEqual(['the routers differ']);
    router.router.tables.agent.words[9] ^= 1;
    router.revision--;
    expect(problemsOf(watched)[0]).toContain('revisions:');
    router.revision++;
    lab.execute({ verb: 'cut', network: 'private', from: 'cca', to: 'ccb' });
    lab.simulation.runUntil(lab.simulation.nowUs + 30 * SECOND);
    expect(problemsOf(watched)[0]).toContain('synchronizers:');
  });
});
