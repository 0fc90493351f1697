import { describe, expect, it } from 'vitest';
import type { ConfigurationServerState } from '../../../src/engine/configuration/configuration-server.ts';
import { Desk } from '../../support/desk.ts';

function connect(desk: Desk, ...names: string[]): void {
  const { objects } = desk.watched.lab.stateOf<ConfigurationServerState>('confserv')!;
  const applications = [...objects.values()].filter(({ type }) => type === 'application');
  const connections = names.map((name) => {
    return applications.find(({ fields }) => fields['name'] === name)!.dbid;
  });
  const own = desk.application('ICON1');
  desk.do({ verb: 'update-object', object: { ...own, fields: { ...own.fields, connections } } });
  desk.run(3);
}

function restart(desk: Desk): void {
  desk.do({ verb: 'stop-process', process: 'icon1' });
  desk.run(3);
  desk.do({ verb: 'start-process', process: 'icon1' });
  desk.run(15);
}

const servers = (desk: Desk) => [...desk.icon.links.keys()];

describe('the Connections tab of ICON', () => {
  it('names every data source of a fresh lab', () => {
    expect(servers(new Desk())).toEqual(['TS_East', 'TS_West']);
    const channels = new Desk({ lab: 'channels' });
    expect(servers(channels)).toEqual(['TS_Main']);
    expect([channels.icon.outbound.open, channels.icon.media.open]).toEqual([true, true]);
  });

  it('counts when ICON starts: of other sources nothing is known', () => {
    const desk = new Desk();
    connect(desk, 'TS_East');
    expect(servers(desk)).toEqual(['TS_East', 'TS_West']);
    restart(desk);
    expect(servers(desk)).toEqual(['TS_East']);
    desk.say('phone 3001 dial 3002', 'phone 2001 dial 2002');
    desk.run(3);
    expect(desk.cells('G_CALL', 'CALLANI')).toEqual([['2001']]);
  });

  it('leaves out campaigns and other media as well', () => {
    const desk = new Desk({ lab: 'channels' });
    connect(desk, 'TS_Main');
    restart(desk);
    desk.say('campaign Winback load', 'submit email Inbound_Email');
    desk.run(5);
    expect([desk.rows('GO_CAMPAIGN'), desk.rows('G_CALL')]).toEqual([[], []]);
  });
});
