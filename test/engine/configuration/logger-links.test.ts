import { describe, expect, it } from 'vitest';
import type { ConfigurationServerState } from '../../../src/engine/configuration/configuration-server.ts';
import type { Edit } from '../../../src/engine/configuration/transaction.ts';
import type { ConfigurationLoggerState } from '../../../src/engine/icm/logger/configuration-logger.ts';
import type { Lab } from '../../../src/engine/lab/lab.ts';
import { MINUTE, messagesOf, quietLab50, SECOND, watchLab } from '../../support/lab50.ts';

const server = (lab: Lab) => lab.stateOf<ConfigurationServerState>('confserv')!;
const revisionOf = (lab: Lab, side: 'a' | 'b') =>
  lab.stateOf<ConfigurationLoggerState>(`l${side}-clgr`)?.database.revision;

function newDns(lab: Lab, count: number): readonly Edit[] {
  const dn = [...server(lab).objects.values()].find(({ type }) => type === 'dn')!;
  return Array.from({ length: count }, (_, at) => {
    const fields = { ...dn.fields, number: `77${String(at).padStart(4, '0')}` };
    return { action: 'create', object: { ...dn, dbid: -1 - at, fields } } as const;
  });
}

describe('changes on their way to the Loggers', () => {
  it('are sent once, though each Logger of a pair confirms each of them', () => {
    const watched = watchLab(quietLab50());
    const { lab } = watched;
    lab.simulation.runUntil(4 * MINUTE);
    expect([revisionOf(lab, 'a'), revisionOf(lab, 'b')]).toEqual([0, 0]);
    const edits = newDns(lab, 1000);
    expect(lab.execute({ verb: 'edit-configuration', edits } as never).ok).toBe(true);
    lab.simulation.runUntil(lab.simulation.nowUs + 20 * SECOND);
    expect([revisionOf(lab, 'a'), revisionOf(lab, 'b')]).toEqual([1000, 1000]);
    expect(messagesOf(watched, 'configuration update')).toHaveLength(1000);
    // And each said once what it has when it came up.
    expect(messagesOf(watched, 'update applied')).toHaveLength(2002);
  });

  it('are sent again to a Logger that comes back with an older database', () => {
    const { lab } = watchLab(quietLab50());
    const run = (seconds: number) =>
      lab.simulation.runUntil(lab.simulation.nowUs + seconds * SECOND);
    const act = (command: Parameters<Lab['execute']>[0]) => {
      const result = lab.execute(command);
      if (!result.ok) throw new Error(result.error.message);
    };
    run(240);
    act({ verb: 'stop-side', side: 'B' });
    run(60);
    act({ verb: 'edit-configuration', edits: newDns(lab, 450) } as never);
    run(30);
    expect(revisionOf(lab, 'a')).toBe(450);
    act({ verb: 'stop-side', side: 'A' });
    run(60);
    // It was away while the changes were made, and nobody is there to bring it up to date.
    act({ verb: 'start-side', side: 'B' });
    run(240);
    expect(revisionOf(lab, 'b')).toBe(450);
  });
});
