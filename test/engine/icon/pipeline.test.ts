import { describe, expect, it } from 'vitest';
import { Desk } from '../../support/desk.ts';
import { SECOND } from '../../support/lab50.ts';

/** A call that is on while the pipeline is in trouble. */
function answered(desk: Desk): void {
  desk.say('call 2001 5550100', 'phone 2001 answer');
}

const inserts = (desk: Desk) =>
  desk.watched.changes
    .filter(({ op }) => op === 'insert')
    .map(({ table, row }) => `${table} ${row}`);

describe('the accumulator', () => {
  it('acc-queue-lifespan: rows leave for the queue when they are old enough', () => {
    const desk = new Desk({ options: { 'acc-queue-lifespan': '30' } });
    desk.run(40);
    answered(desk);
    desk.run(10);
    expect(desk.rows('G_CALL')).toEqual([]);
    expect(desk.icon.pipeline.accumulator.rows).toBeGreaterThan(5);
    desk.run(25);
    expect(desk.rows('G_CALL')).toHaveLength(1);
    expect(desk.icon.pipeline.accumulator.rows).toBe(0);
  });

  it('acc-queue-size: rows leave when there are so many', () => {
    const desk = new Desk({ options: { 'acc-queue-lifespan': '3600', 'acc-queue-size': '3' } });
    answered(desk);
    expect(desk.rows('G_CALL')).toHaveLength(1);
    expect(desk.icon.pipeline.accumulator.rows).toBeLessThan(3);
  });
});

describe('the persistent queue', () => {
  it('IDB is down: the queue grows and alarms, nothing is lost, then it catches up', () => {
    const desk = new Desk({ options: { 'pq-backlog-alarm-threshold': '3' } });
    desk.do({ verb: 'stop-process', process: 'idb' });
    for (let i = 0; i < 5; i++) {
      desk.say(`call 2001 555010${i}`, 'phone 2001 answer', 'phone 2001 hang up');
    }
    expect(desk.icon.pipeline.queued.length).toBeGreaterThan(3);
    const ids = () =>
      desk.watched.lines.map(({ event }) => event).filter((id) => /^09-2502[56]/.test(id));
    expect(ids()).toEqual(['09-25025']);
    desk.do({ verb: 'start-process', process: 'idb' });
    desk.run(30);
    expect(ids()).toEqual(['09-25025', '09-25026']);
    expect(desk.icon.pipeline.queued).toEqual([]);
    expect(desk.rows('G_CALL').map(({ STATE }) => STATE)).toEqual([2, 2, 2, 2, 2]);
    expect(new Set(inserts(desk)).size).toBe(inserts(desk).length);
  });

  it('a damaged file is put aside when ICON starts, and what can be read of it is stored', () => {
    const desk = new Desk();
    desk.do({ verb: 'stop-process', process: 'idb' });
    answered(desk);
    desk.run(5);
    desk.say('phone 2001 hang up');
    desk.run(5);
    desk.do({ verb: 'stop-process', process: 'icon1' });
    desk.do({ verb: 'corrupt-file', host: 'icon', path: `icon_103.pq` });
    desk.do({ verb: 'start-process', process: 'icon1' });
    desk.do({ verb: 'start-process', process: 'idb' });
    desk.run(30);
    const files = [...desk.watched.lab.simulation.world.hosts.get('icon')!.disk.files.keys()];
    expect(files.filter((name) => /^icon_103\.pq\.\d+\.bad$/.test(name))).toHaveLength(1);
    expect(desk.watched.lines.map(({ event }) => event)).toContain('09-25012');
    expect(desk.icon.pipeline.queued).toEqual([]);
  });

  it('a file damaged while ICON runs costs the record that is damaged, not the others', () => {
    const desk = new Desk();
    desk.do({ verb: 'stop-process', process: 'idb' });
    desk.say('phone 2001 login 4001');
    desk.run(3);
    desk.say('phone 2002 login 4002');
    desk.run(3);
    desk.say('phone 2003 login 4003');
    desk.run(3);
    desk.do({ verb: 'corrupt-file', host: 'icon', path: 'icon_103.pq' });
    desk.do({ verb: 'start-process', process: 'idb' });
    desk.run(10);
    expect(desk.watched.lines.map(({ event }) => event)).toContain('09-25024');
    expect(desk.rows('G_LOGIN_SESSION')).toHaveLength(2);
  });

  it('pq-startup-purge compacts the file and keeps what IDB does not have', () => {
    const desk = new Desk({ options: { 'pq-startup-purge': '1' } });
    desk.do({ verb: 'stop-process', process: 'idb' });
    answered(desk);
    for (const second of [1, 2, 3]) {
      desk.say(`data 2001 KEY=${second}`, 'phone 2001 dnd on', 'phone 2001 dnd off');
    }
    desk.run(5);
    desk.do({ verb: 'start-process', process: 'idb' });
    // In the middle of catching up, so that a part of the file is not needed any more.
    const { simulation } = desk.watched.lab;
    while ((desk.icon.pipeline.queued.at(0)?.at ?? 0) === 0 && simulation.nowUs < 90 * SECOND) {
      simulation.runUntil(simulation.nowUs + 1000);
    }
    desk.do({ verb: 'stop-process', process: 'icon1' });
    desk.do({ verb: 'start-process', process: 'icon1' });
    desk.run(20);
    expect(desk.watched.lines.some(({ text }) => text.includes('was compacted'))).toBe(true);
    expect(new Set(inserts(desk)).size).toBe(inserts(desk).length);
    expect(desk.rows('G_CALL')).toHaveLength(1);
  });

  it('pq-dbname names the file; with :memory: it is gone with its ICON', () => {
    const named = new Desk({ options: { 'pq-dbname': 'my.pq' } });
    answered(named);
    const disk = (desk: Desk) => desk.watched.lab.simulation.world.hosts.get('icon')!.disk.files;
    expect(disk(named).has('my.pq')).toBe(true);
    const volatile = new Desk({ options: { 'pq-dbname': ':memory:' } });
    volatile.do({ verb: 'stop-process', process: 'idb' });
    answered(volatile);
    volatile.run(5);
    volatile.do({ verb: 'stop-process', process: 'icon1' });
    volatile.do({ verb: 'start-process', process: 'icon1' });
    volatile.do({ verb: 'start-process', process: 'idb' });
    volatile.run(30);
    expect(volatile.rows('G_CALL')).toEqual([]);
  });
});
