import { describe, expect, it } from 'vitest';
import { Desk } from '../../../support/desk.ts';

const HANG = 'do hang-process process=icon1';
const RELEASE = 'do release-process process=icon1';

function desk(options: Record<string, string> = { 'heartbeat-period': '30' }): Desk {
  return new Desk({ options });
}

const events = ({ watched }: Desk) =>
  watched.lines
    .filter(({ event, process }) => process === 'lca' && event !== 'LCA-watching')
    .map(({ event }) => event);
const runs = ({ watched }: Desk) => watched.lab.simulation.process('icon1').incarnation;

describe('unresponsive process detection', () => {
  it('an ICON that hangs is found after the period, and started anew', () => {
    const lab = desk();
    lab.run(300);
    expect(events(lab)).toEqual([]);
    lab.say(HANG);
    lab.run(18);
    expect(events(lab)).toEqual([]);
    lab.run(15);
    expect(events(lab)).toEqual(['LCA-restarted']);
    expect(runs(lab)).toBe(2);
    lab.run(300);
    expect(runs(lab)).toBe(2);
    lab.say('call 8001 5550100', 'outside 5550100 hang up');
    lab.run(8);
    expect(lab.rows('G_CALL')).toHaveLength(1);
  });

  it('with hangup-restart off it is told, and who lives again is told as well', () => {
    const lab = desk({ 'heartbeat-period': '30', 'hangup-restart': 'false' });
    lab.say(HANG);
    lab.run(40);
    expect(events(lab)).toEqual(['LCA-unresponsive']);
    lab.run(300);
    expect(events(lab)).toEqual(['LCA-unresponsive']);
    lab.say(RELEASE);
    lab.run(20);
    expect(events(lab)).toEqual(['LCA-unresponsive', 'LCA-responsive']);
    expect(runs(lab)).toBe(1);
  });

  it('somebody restarts it: it does not hang any more', () => {
    const lab = desk({ 'heartbeat-period': '30', 'hangup-restart': 'false' });
    lab.say(HANG);
    lab.run(40);
    lab.say('do stop-process process=icon1', 'do start-process process=icon1');
    lab.run(60);
    expect(events(lab)).toEqual(['LCA-unresponsive', 'LCA-ended']);
  });

  it('a short hang, a graceful stop and a crash are none of it', () => {
    const lab = desk();
    lab.say(HANG);
    lab.run(5);
    lab.say(RELEASE);
    lab.run(60);
    for (const verb of ['stop-process', 'crash-process']) {
      lab.say(`do ${verb} process=icon1`);
      lab.run(60);
      lab.say('do start-process process=icon1');
      lab.run(30);
    }
    expect(events(lab)).toEqual([]);
    expect(runs(lab)).toBe(3);
  });

  it('nobody looks without the option; it counts at once', () => {
    const lab = desk({});
    lab.say(HANG);
    lab.run(600);
    lab.say(RELEASE);
    lab.run(10);
    expect(events(lab)).toEqual([]);
    const own = lab.application('ICON1');
    lab.do({
      verb: 'update-object',
      object: { ...own, options: { ...own.options, sml: { 'heartbeat-period': '60' } } },
    });
    lab.run(10);
    lab.say(HANG);
    lab.run(70);
    expect(events(lab)).toEqual(['LCA-restarted']);
  });

  it('an LCA that has hung itself does not take others for hung', () => {
    const lab = desk();
    lab.say('do hang-process process=lca');
    lab.run(120);
    lab.say('do release-process process=lca');
    lab.run(120);
    expect(events(lab)).toEqual([]);
    expect(runs(lab)).toBe(1);
  });

  it('an alarm does not outlive the LCA that raised it', () => {
    const lab = desk({ 'heartbeat-period': '30', 'hangup-restart': 'false' });
    lab.say(HANG);
    lab.run(40);
    lab.say('do crash-process process=lca', 'do start-process process=lca', RELEASE);
    lab.run(40);
    const lines = lab.watched.lines.filter(({ process }) => process === 'lca');
    expect(lines.map(({ event }) => event)).toEqual([
      ...['LCA-watching', 'LCA-unresponsive', 'LCA-watching'],
    ]);
  });

  it('LCA may be away: ICON finds it when it is back', () => {
    const lab = desk();
    lab.say('do stop-process process=lca');
    lab.run(60);
    lab.say('do start-process process=lca');
    lab.run(20);
    lab.say(HANG);
    lab.run(45);
    expect(events(lab)).toEqual(['LCA-restarted']);
  });
});
