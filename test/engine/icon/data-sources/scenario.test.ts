import { describe, expect, it } from 'vitest';
import { Desk } from '../../../support/desk.ts';

/**
 * The scenario of the source document (Determining Data Availability), one ICON and one T-Server:
 * after each step the table has the cells that it shows, and nothing else.
 */

const COLUMNS = ['DSCONN_TYPE', 'ICON_STIME', 'DSCONN_STIME', 'ICON_ETIME', 'DSCONN_ETIME'];
type Row = readonly unknown[];

class Story {
  readonly desk = new Desk({ options: { 'use-dss-monitor': '1' } });
  /** When a step was seen by ICON, as the column has it. */
  readonly t: Record<string, unknown> = {};

  get table(): Row[] {
    return this.desk.cells('G_DSS_GCC_PROVIDER', ...COLUMNS);
  }

  /** "ICON starts, connects and writes some data" to "T-Server reconnects to the switch". */
  upToT5(): void {
    const { desk } = this;
    // ICON is there before the T-Server.
    desk.say('do stop-process process=icon1', 'do stop-process process=ts-east');
    desk.say('do start-process process=icon1');
    desk.run(10);
    desk.say('do start-process process=ts-east');
    desk.run(10);
    this.call();
    const [[, t0, t1]] = this.table;
    Object.assign(this.t, { t0, t1 });
    expect(this.table).toEqual([[1, t0, t1, null, null]]);

    desk.say('cut public icon ts-east');
    desk.run(40);
    this.t['t2'] = this.table[0][4];
    expect(this.table).toEqual([[1, t0, t1, null, this.t['t2']]]);

    desk.say('repair public icon ts-east');
    desk.run(10);
    expect(this.table).toHaveLength(1);
    this.call();
    this.t['t3'] = this.table[1][2];
    expect(this.table.slice(1)).toEqual([[2, t0, this.t['t3'], null, null]]);

    desk.say('cut public ts-east sw-east');
    desk.run(40);
    this.t['t4'] = this.table[1][4];
    expect(this.table.slice(1)).toEqual([[2, t0, this.t['t3'], null, this.t['t4']]]);

    desk.say('repair public ts-east sw-east');
    desk.run(10);
    this.call();
    this.t['t5'] = this.table[2][2];
    expect(this.table.slice(2)).toEqual([[4, t0, this.t['t5'], null, null]]);
    const times = ['t0', 't1', 't2', 't3', 't4', 't5'].map((name) => String(this.t[name]));
    expect(new Set(times).size).toBe(6);
    expect(times).toEqual([...times].sort());
  }

  call(): void {
    this.desk.say('call 8001 5550100', 'outside 5550100 hang up');
    this.desk.run(8);
  }

  /** The present lab time as a date column has it. */
  get now(): string {
    const { simulation } = this.desk.watched.lab;
    const seconds = simulation.world.epochSeconds + Math.floor(simulation.nowUs / 1e6);
    return new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  }
}

describe('t0 to t6', () => {
  it('ICON shuts down gracefully: the row is told when it restarts', () => {
    const story = new Story();
    story.upToT5();
    const before = story.table;
    const { t0, t5 } = story.t;
    const t6 = story.now;
    story.desk.say('do stop-process process=icon1');
    story.desk.run(30);
    expect(story.table).toEqual(before);
    story.desk.say('do start-process process=icon1');
    story.desk.run(20);
    expect(story.table).toEqual([...before.slice(0, 2), [4, t0, t5, t6, t6]]);
    // t7: another run of ICON, its first connection, and its first event.
    story.call();
    expect(story.table).toHaveLength(4);
    const [type, iconStart, connected, ...ends] = story.table[3];
    expect([type, ends]).toEqual([1, [null, null]]);
    expect(String(iconStart) > t6 && String(connected) >= String(iconStart)).toBe(true);
  });

  it('ICON shuts down unexpectedly: the row stays, and its last event is near', () => {
    const story = new Story();
    story.upToT5();
    const before = story.table;
    const t6 = story.now;
    story.desk.say('do crash-process process=icon1');
    story.desk.run(30);
    story.desk.say('do start-process process=icon1');
    story.desk.run(20);
    expect(story.table).toEqual(before);
    story.call();
    expect(story.table.slice(0, 3)).toEqual(before);
    expect(story.table[3][0]).toBe(1);
    const [, , last] = story.desk.rows('G_DSS_GCC_PROVIDER');
    expect(String(last['LEVENT_ITIME']) <= t6).toBe(true);
    expect(last['LEVENT_ITIME']).toBe(last['LEVENT_DSTIME']);
  });

  it('what a graceful stop finds in the accumulator is not lost', () => {
    const story = new Story();
    story.desk.say('call 8001 5550100');
    story.desk.sayNow('do stop-process process=icon1');
    expect(story.desk.rows('G_CALL')).toEqual([]);
    story.desk.say('do start-process process=icon1');
    story.desk.run(20);
    expect(story.desk.rows('G_CALL')).toHaveLength(1);
  });

  it('what a graceful stop has written is on the disk when the host loses its power', () => {
    const story = new Story();
    story.call();
    story.desk.say('do stop-process process=icon1');
    const t6 = story.now;
    story.desk.run(60);
    story.desk.do({ verb: 'crash-host', host: 'icon' });
    story.desk.do({ verb: 'boot-host', host: 'icon' });
    story.desk.run(20);
    const [[, , , iconEnd]] = story.table;
    expect(String(iconEnd) <= t6 && iconEnd !== null).toBe(true);
  });

  it('an ICON that hangs is ended, not asked: its row stays', () => {
    const story = new Story();
    story.call();
    const before = story.table;
    story.desk.say(
      'do hang-process process=icon1',
      'do stop-process process=icon1',
      'do start-process process=icon1',
    );
    story.desk.run(20);
    expect(story.table).toEqual(before);
  });

  it('the host of ICON loses its power: its row stays', () => {
    const story = new Story();
    story.call();
    const before = story.table;
    story.desk.do({ verb: 'crash-host', host: 'icon' });
    story.desk.do({ verb: 'boot-host', host: 'icon' });
    story.desk.run(20);
    expect(story.table).toEqual(before);
  });
});
