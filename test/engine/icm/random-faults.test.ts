import { describe, expect, it } from 'vitest';
import type { ConfigurationServerState } from '../../../src/engine/configuration/configuration-server.ts';
import type { ConfigurationLoggerState } from '../../../src/engine/icm/logger/configuration-logger.ts';
import type { MdsState } from '../../../src/engine/icm/mds/mds-state.ts';
import type { CallRouterState } from '../../../src/engine/icm/router/router.ts';
import { hashState } from '../../../src/engine/icm/router/router-state.ts';
import type { IconState } from '../../../src/engine/icon/icon-state.ts';
import { MINUTE, quietLab50, rowsOf, SECOND, watchLab } from '../../support/lab50.ts';
import { healEverything, runFaults } from '../../support/random-faults.ts';

const SEEDS = Number(process.env['DUPLEXLAB_FAULT_SEEDS'] ?? 12);
const FIRST = Number(process.env['DUPLEXLAB_FAULT_FIRST'] ?? 1);
/** Seeds that once failed: a one-way cut, a retired router, an edit lost, a stalled queue. */
const KEPT = [42, 91, 93, 181, 290];
const seeds = [...new Set([...KEPT, ...Array.from({ length: SEEDS }, (_, i) => FIRST + i)])];

describe('faults at random, then everything healed', () => {
  it.each(seeds)('seed %i: the pair is whole again and the data has arrived', (seed) => {
    const watched = watchLab(quietLab50({ seed }));
    const { lab } = watched;
    const told = runFaults(watched, seed);
    healEverything(watched);
    lab.simulation.runUntil(lab.simulation.nowUs + 4 * MINUTE);
    const server = lab.stateOf<ConfigurationServerState>('confserv')!;
    const person = server.objects.get('person:101')!;
    const fields = { ...person.fields, lastName: 'Afterwards' };
    lab.execute({ verb: 'update-object', object: { ...person, fields } });
    lab.execute({ verb: 'place-call', dialedNumber: '8101', ani: '5559999' });
    lab.simulation.runUntil(lab.simulation.nowUs + 20 * SECOND);

    const story = told.join('\n');
    const mds = ['ra-mds', 'rb-mds'].map((name) => lab.stateOf<MdsState>(name)!);
    expect(mds.map(({ state }) => state).sort(), story).toEqual([
      'Paired-Disabled',
      'Paired-Enabled',
    ]);
    expect(
      mds.map(({ transfers }) => transfers.size),
      story,
    ).toEqual([0, 0]);
    const routers = ['ra-rtr', 'rb-rtr'].map((name) => lab.stateOf<CallRouterState>(name)!);
    expect(
      routers.map(({ client }) => client.phase),
      story,
    ).toEqual(['active', 'active']);
    expect(hashState(routers[0].router), story).toBe(hashState(routers[1].router));
    const loggers = ['la-clgr', 'lb-clgr'].map(
      (name) => lab.stateOf<ConfigurationLoggerState>(name)!,
    );
    const revisions = [...loggers.map(({ database }) => database.revision), routers[0].revision];
    expect(revisions, story).toEqual([server.revision, server.revision, server.revision]);
    const icon = lab.stateOf<IconState>('icon1')!;
    expect(icon.pipeline.queued.length, story).toBe(0);
    const calls = rowsOf(watched.changes, 'G_CALL').map(({ CALLANI }) => CALLANI);
    expect(calls, story).toContain('5559999');
    const agent = rowsOf(watched.changes, 'GC_AGENT').find(({ ID }) => ID === 101);
    expect(agent?.['LASTNAME'], story).toBe('Afterwards');
  });
});
