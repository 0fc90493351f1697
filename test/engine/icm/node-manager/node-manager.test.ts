import { describe, expect, it } from 'vitest';
import { Lab } from '../../../../src/engine/lab/lab.ts';
import { MINUTE, quietLab50, SECOND, type WatchedLab, watchLab } from '../../../support/lab50.ts';

function paired(): WatchedLab {
  const watched = watchLab(quietLab50());
  watched.lab.simulation.runUntil(3 * MINUTE);
  return watched;
}

const run = ({ lab }: WatchedLab, us: number) => lab.simulation.runUntil(lab.simulation.nowUs + us);
const isUp = ({ lab }: WatchedLab, name: string) => lab.simulation.process(name).running;
const eventsOf = ({ lines }: WatchedLab, process: string, from: number) =>
  lines.slice(from).filter((line) => line.process === process && line.event !== '');

describe('the Node Manager', () => {
  it('starts the processes of its node in order', () => {
    const { lines } = paired();
    const started = lines
      .filter(({ process, event }) => process === 'ra-nm' && event === '102C111')
      .map(({ text }) => /process: (\S+),/.exec(text)?.[1]);
    expect(started).toEqual([
      'ra-mds',
      'ra-ccag',
      'ra-dba',
      'ra-rtr',
      'ra-rts',
      'ra-tsyr',
      'ra-cic',
    ]);
  });

  it('restarts at once what ran long enough, delayed what did not', () => {
    const watched = paired();
    watched.lab.execute({ verb: 'crash-process', process: 'ra-rts' });
    run(watched, 2 * SECOND);
    expect(isUp(watched, 'ra-rts')).toBe(true);
    const from = watched.lines.length;
    watched.lab.execute({ verb: 'crash-process', process: 'ra-rts' });
    run(watched, 59 * SECOND);
    const text = 'process has ended, its manager starts it again';
    expect(watched.lab.faults()).toEqual([{ kind: 'stopped process', where: 'ra-rts', text }]);
    expect(isUp(watched, 'ra-rts')).toBe(false);
    run(watched, 2 * SECOND);
    expect(isUp(watched, 'ra-rts')).toBe(true);
    expect(eventsOf(watched, 'ra-nm', from).map(({ event }) => event)).toEqual([
      '102C10E',
      '102C109',
      '102C10A',
      '102C110',
    ]);
  });

  it('leaves alone what an operator stopped, until someone starts it', () => {
    const watched = paired();
    watched.lab.execute({ verb: 'stop-process', process: 'rb-rts' });
    run(watched, 3 * MINUTE);
    expect(isUp(watched, 'rb-rts')).toBe(false);
    expect(watched.lab.faults()[0]?.text).toBe('process is stopped');
    watched.lab.execute({ verb: 'start-process', process: 'rb-rts' });
    run(watched, SECOND);
    watched.lab.execute({ verb: 'crash-process', process: 'rb-mds' });
    run(watched, 30 * SECOND);
    expect(isUp(watched, 'rb-rts')).toBe(true);
  });

  it('is itself restarted by its manager, and takes over what runs', () => {
    const watched = paired();
    const { startedUs } = watched.lab.simulation.process('ra-rtr');
    watched.lab.execute({ verb: 'crash-process', process: 'ra-nm' });
    run(watched, 5 * SECOND);
    expect(isUp(watched, 'ra-nm')).toBe(true);
    expect(watched.lab.simulation.process('ra-rtr').startedUs).toBe(startedUs);
    watched.lab.execute({ verb: 'crash-process', process: 'ra-rtr' });
    run(watched, 5 * SECOND);
    expect(isUp(watched, 'ra-rtr')).toBe(true);
  });

  it('finds a hung mds, and starts the node anew', () => {
    const watched = paired();
    const from = watched.lines.length;
    watched.lab.execute({ verb: 'hang-process', process: 'rb-mds' });
    run(watched, 40 * SECOND);
    expect(eventsOf(watched, 'rb-nm', from)[0]?.event).toBe('102C101');
    expect(isUp(watched, 'rb-mds')).toBe(true);
    expect(watched.lab.simulation.process('rb-mds').hung).toBe(false);
  });

  it('a stopped service stays down, and starts with its host', () => {
    const watched = paired();
    watched.lab.execute({ verb: 'stop-node', node: 'pg1b' });
    run(watched, MINUTE);
    expect(isUp(watched, 'pg1b-opc')).toBe(false);
    expect(watched.lab.faults()).toEqual([
      { kind: 'stopped service', where: 'pg1b', text: 'service is stopped' },
    ]);
    watched.lab.execute({ verb: 'crash-host', host: 'pg1b' });
    watched.lab.execute({ verb: 'boot-host', host: 'pg1b' });
    run(watched, MINUTE);
    expect(isUp(watched, 'pg1b-opc')).toBe(true);
  });
});

describe('a hung process', () => {
  it('handles nothing until it is released, and then all of it', () => {
    const watched = paired();
    const { lab, events } = watched;
    lab.execute({ verb: 'hang-process', process: 'ra-rts' });
    const from = events.length;
    run(watched, 40 * SECOND);
    expect(events.slice(from).some(({ target }) => target === 'ra-rts')).toBe(false);
    expect(lab.faults()).toContainEqual({
      kind: 'hung process',
      where: 'ra-rts',
      text: 'process hangs',
    });
    const waiting = lab.simulation.process('ra-rts').held.length;
    expect(waiting).toBeGreaterThan(1);
    lab.execute({ verb: 'release-process', process: 'ra-rts' });
    run(watched, 1000);
    const handled = events.slice(from).filter(({ target }) => target === 'ra-rts').length;
    expect(handled).toBe(waiting);
  });

  it('is the same after a checkpoint', () => {
    const watched = paired();
    const { simulation } = watched.lab;
    watched.lab.execute({ verb: 'hang-process', process: 'rb-rtr' });
    run(watched, 10 * SECOND);
    const restored = Lab.restore(quietLab50(), simulation.checkpoint());
    const untilUs = simulation.nowUs + MINUTE;
    for (const one of [simulation, restored.simulation]) one.runUntil(untilUs);
    expect(restored.simulation.stateHash()).toBe(simulation.stateHash());
  });
});
