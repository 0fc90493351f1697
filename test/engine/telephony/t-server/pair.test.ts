import { describe, expect, it } from 'vitest';
import { RECORD_STATE } from '../../../../src/engine/idb/dictionary.ts';
import type { TServerState } from '../../../../src/engine/telephony/t-server/t-server-state.ts';
import { Desk, shippedLab } from '../../../support/desk.ts';

const PRIMARY = 'ts-east';
const BACKUP = 'ts-east-b';
const PROVIDER = 'G_DSS_GCC_PROVIDER';

function paired(): Desk {
  const { sites } = shippedLab('desk');
  const [east, ...others] = sites;
  const all = [{ ...east, backupTServer: 'TS_East_B' }, ...others];
  const desk = new Desk({ options: { 'use-dss-monitor': '1' } }, { sites: all });
  desk.say('phone 2001 login 4001', 'phone 2001 ready');
  return desk;
}

const stateOf = (desk: Desk, process: string) => desk.watched.lab.stateOf<TServerState>(process);
const roles = (desk: Desk) =>
  [PRIMARY, BACKUP].map((process) => {
    const state = stateOf(desk, process);
    if (!state) return 'stopped';
    return `${state.serving ? 'primary' : 'backup'}${state.linkUp ? ', linked' : ''}`;
  });
const known = (desk: Desk, process: string) => {
  const { agents, calls, outOfService } = stateOf(desk, process)!;
  return { agents, calls, outOfService };
};
const clients = (desk: Desk, process: string) => stateOf(desk, process)!.clients.size;
const connections = (desk: Desk) => desk.cells(PROVIDER, 'DSCONN_TYPE', 'DS_DBID', 'DS_DBID_PRIM');

/** A call that is answered; its identifier. */
function answeredCall(desk: Desk, ani = '5550100'): string {
  desk.say(`call 7001 ${ani}`);
  desk.run(2);
  desk.say('phone 2001 answer');
  return String(desk.cells('G_CALL', 'CALLID').at(-1)?.[0]);
}

describe('a redundant pair of T-Servers', () => {
  it('one has the link and the clients, the other one a copy of what it knows', () => {
    const desk = paired();
    expect(roles(desk)).toEqual(['primary, linked', 'backup']);
    expect([clients(desk, PRIMARY) > 0, clients(desk, BACKUP)]).toEqual([true, 0]);
    answeredCall(desk);
    desk.say('data 2001 Order=17', 'phone 2002 out of service');
    const { agents, calls, outOfService } = known(desk, BACKUP);
    expect([agents.size, calls.size, [...outOfService]]).toEqual([1, 1, ['2002']]);
    expect([...calls.values()][0].userData.get('Order')).toBe('17');
    expect(known(desk, BACKUP)).toEqual(known(desk, PRIMARY));
    desk.say('outside 5550100 hang up', 'phone 2001 logout', 'phone 2002 back in service');
    expect(known(desk, BACKUP)).toEqual(known(desk, PRIMARY));
    expect(known(desk, BACKUP).calls.size).toBe(0);
  });

  it('the primary dies: the call keeps its CallUUID, and the connection is of type 5', () => {
    const desk = paired();
    const uuid = answeredCall(desk);
    desk.say('data 2001 Order=17');
    desk.do({ verb: 'crash-process', process: PRIMARY });
    desk.run(10);
    expect(roles(desk)).toEqual(['stopped', 'primary, linked']);
    expect([...stateOf(desk, BACKUP)!.calls.values()].map((call) => call.uuid)).toEqual([uuid]);
    desk.say('data 2001 Order=18');
    expect([...known(desk, BACKUP).calls.values()][0].userData.get('Order')).toBe('18');
    desk.say('outside 5550100 hang up');
    desk.run(10);
    expect(desk.cells('G_CALL', 'CALLID', 'STATE')).toEqual([[uuid, RECORD_STATE.terminated]]);
    const own = desk.application('TS_East').dbid;
    const backup = desk.application('TS_East_B').dbid;
    expect(connections(desk)).toEqual([
      [1, own, own],
      [5, backup, own],
    ]);
  });

  it('what was there first comes back as the backup, until the other one fails in turn', () => {
    const desk = paired();
    desk.do({ verb: 'stop-process', process: PRIMARY });
    desk.run(10);
    const uuid = answeredCall(desk);
    desk.do({ verb: 'start-process', process: PRIMARY });
    desk.run(10);
    expect(roles(desk)).toEqual(['backup', 'primary, linked']);
    expect(known(desk, PRIMARY)).toEqual(known(desk, BACKUP));
    expect(clients(desk, PRIMARY)).toBe(0);
    desk.do({ verb: 'crash-process', process: BACKUP });
    desk.run(10);
    expect(roles(desk)).toEqual(['primary, linked', 'stopped']);
    desk.say('outside 5550100 hang up', 'phone 2001 ready');
    answeredCall(desk, '5550111');
    expect(desk.cells('G_CALL', 'CALLID')[0]).toEqual([uuid]);
    expect(connections(desk).map(([type]) => type)).toEqual([5, 5]);
  });

  it('the primary loses the switch: the backup takes the link and the clients', () => {
    const desk = paired();
    const uuid = answeredCall(desk);
    desk.say('cut public sw-east ts-east');
    desk.run(40);
    expect(roles(desk)).toEqual(['backup', 'primary, linked']);
    expect(clients(desk, PRIMARY)).toBe(0);
    desk.say('repair public sw-east ts-east');
    desk.run(30);
    expect(roles(desk)).toEqual(['backup', 'primary, linked']);
    desk.say('outside 5550100 hang up');
    expect(desk.cells('G_CALL', 'CALLID')).toEqual([[uuid]]);
  });

  it('only the two are cut off from each other: the switch keeps to the one it has', () => {
    const desk = paired();
    desk.say('cut public ts-east ts-east-b');
    desk.run(60);
    expect(roles(desk)).toEqual(['primary, linked', 'backup']);
    const uuid = answeredCall(desk);
    expect(known(desk, BACKUP).calls.size).toBe(0);
    desk.say('repair public ts-east ts-east-b');
    desk.run(10);
    expect(known(desk, BACKUP)).toEqual(known(desk, PRIMARY));
    expect([...known(desk, BACKUP).calls.values()].map((call) => call.uuid)).toEqual([uuid]);
  });

  it('the host of the primary is gone without a word: its link is given on all the same', () => {
    const desk = paired();
    desk.do({ verb: 'crash-host', host: PRIMARY });
    desk.run(60);
    expect(roles(desk)).toEqual(['stopped', 'primary, linked']);
  });

  it('without a switch the configured primary serves, and hears of it when it is there', () => {
    const desk = paired();
    desk.do({ verb: 'stop-process', process: 'sw-east' });
    desk.run(30);
    expect(roles(desk)).toEqual(['primary', 'backup']);
    for (const process of [PRIMARY, BACKUP]) desk.do({ verb: 'crash-process', process });
    for (const process of [PRIMARY, BACKUP]) desk.do({ verb: 'start-process', process });
    desk.run(30);
    expect(roles(desk)).toEqual(['primary', 'backup']);
    desk.do({ verb: 'start-process', process: 'sw-east' });
    desk.run(30);
    expect(roles(desk).toSorted()).toEqual(['backup', 'primary, linked']);
  });

  it('a backup whose primary does not come takes over after its patience', () => {
    const desk = paired();
    for (const process of [PRIMARY, BACKUP]) desk.do({ verb: 'crash-process', process });
    desk.do({ verb: 'start-process', process: BACKUP });
    desk.run(8);
    expect(roles(desk)).toEqual(['stopped', 'backup']);
    desk.run(4);
    expect(roles(desk)).toEqual(['stopped', 'primary, linked']);
  });
});
