import { describe, expect, it } from 'vitest';
import type { TopologyLink } from '../../src/contract/rpc.ts';
import { reportTopology } from '../../src/runtime/topology-report.ts';
import { Desk } from '../support/desk.ts';

const linkOf = (desk: Desk, key: string): TopologyLink | undefined =>
  reportTopology(desk.watched.lab).links.find(
    ({ ends, network }) => `${network} ${ends.join(' ')}` === key,
  );

describe('the topology', () => {
  it('has each host in its group and on its side, with its processes and their states', () => {
    const desk = new Desk({ routers: true });
    desk.do({ verb: 'hang-process', process: 'ra-rtr' });
    desk.do({ verb: 'stop-process', process: 'icon1' });
    const { hosts } = reportTopology(desk.watched.lab);
    const host = (name: string) => hosts.find((one) => one.name === name)!;
    const shown = (name: string) => [host(name).group, host(name).side];
    expect(shown('cca')).toEqual(['controller', 'A']);
    expect(shown('pg1b')).toEqual(['gateway', 'B']);
    expect(shown('ts-east')).toEqual(['site', null]);
    expect(shown('icon')).toEqual(['icon', null]);
    expect(shown('people')).toEqual(['server', null]);
    const process = (name: string) =>
      hosts.flatMap(({ processes }) => processes).find((one) => one.name === name)!;
    expect(process('ra-rtr')).toMatchObject({ state: 'hung', isSupervised: true });
    expect(process('icon1')).toMatchObject({ state: 'stopped', isSupervised: false });
    expect(process('idb')).toMatchObject({ kind: 'rdbms', state: 'running' });
    desk.do({ verb: 'crash-host', host: 'ccb' });
    expect(reportTopology(desk.watched.lab).hosts.find((one) => one.name === 'ccb')?.isUp).toBe(
      false,
    );
  });

  it('has a link for those who talk, with what has gone over it', () => {
    const desk = new Desk();
    const before = linkOf(desk, 'public icon ts-east')!;
    expect(before).toMatchObject({ sessions: 1 });
    desk.say('call 8001 5550100');
    desk.run(2);
    expect(linkOf(desk, 'public icon ts-east')!.sentBytes).toBeGreaterThan(before.sentBytes);
    expect(linkOf(desk, 'public idb ts-east')).toBeUndefined();
  });

  it('says of each direction whether it is cut or changed, also when nobody talks any more', () => {
    const desk = new Desk();
    desk.do({ verb: 'cut', network: 'public', from: 'icon', to: 'ts-east' });
    desk.do({
      verb: 'set-link',
      network: 'public',
      from: 'ts-east',
      to: 'icon',
      lossRate: 0.2,
    });
    desk.run(60);
    const link = linkOf(desk, 'public icon ts-east')!;
    expect(link.sessions).toBe(0);
    expect(link.directions[0]).toMatchObject({ isCut: true, isChanged: false });
    expect(link.directions[1]).toMatchObject({ isCut: false, isChanged: true, lossRate: 0.2 });
  });
});
