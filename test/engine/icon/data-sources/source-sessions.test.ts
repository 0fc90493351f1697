import { describe, expect, it } from 'vitest';
import { Desk, shippedLab } from '../../../support/desk.ts';

const EPOCH = '2026-03-02';

function monitored(options: Record<string, string> = {}): Desk {
  return new Desk({ options: { 'use-dss-monitor': '1', ...options } });
}

/** A call from its begin to its end: five lab seconds. */
function call(desk: Desk, ani = '5550100'): void {
  desk.say(`call 8001 ${ani}`, `outside ${ani} hang up`);
  desk.run(8);
}

const PROVIDER = 'G_DSS_GCC_PROVIDER';
const sessions = (desk: Desk, ...columns: string[]) => desk.cells(PROVIDER, ...columns);
const domains = (desk: Desk, table: string) => desk.cells(table, 'GSYS_DOMAIN').flat();

describe('sessions of data sources', () => {
  it('a row is made with the first event that is stored, and says how far it reaches', () => {
    const desk = monitored();
    expect(sessions(desk, 'DSS_ID')).toEqual([]);
    call(desk);
    const columns = ['ICON_DBID', 'DS_DBID', 'DS_TYPE', 'DSCONN_TYPE', 'DSCONN_ETIME'];
    const { dbid } = desk.application('TS_East');
    const own = desk.application('ICON1').dbid;
    expect(sessions(desk, ...columns)).toEqual([[own, dbid, 1, 1, null]]);
    const [row] = desk.rows('G_DSS_GCC_PROVIDER');
    expect(String(row['ICON_STIME'])).toMatch(EPOCH);
    expect(row['FEVENT_ITS']).toBe(desk.cells('G_CALL', 'CREATED_TS')[0][0]);
    expect(row['LEVENT_ITS']).toBe(desk.cells('G_CALL', 'TERMINATED_TS')[0][0]);
    expect(String(row['FEVENT_DSSEQ']) < String(row['LEVENT_DSSEQ'])).toBe(true);
    call(desk, '5550177');
    expect(sessions(desk, 'LEVENT_ITS')).toEqual([[desk.cells('G_CALL', 'TERMINATED_TS')[1][0]]]);
  });

  it('every row of calls belongs to the session in which it was made', () => {
    const desk = monitored();
    call(desk);
    desk.do({ verb: 'stop-process', process: 'ts-east' });
    desk.run(5);
    desk.do({ verb: 'start-process', process: 'ts-east' });
    desk.run(10);
    call(desk);
    // It counts its events anew: that is how ICON knows that it has been started again.
    expect(sessions(desk, 'DSS_ID', 'DSCONN_TYPE')).toEqual([
      [1, 1],
      [2, 3],
    ]);
    for (const table of ['G_CALL', 'G_IR', 'G_CALL_STAT']) {
      expect([table, ...domains(desk, table)]).toEqual([table, 1, 2]);
    }
    expect(new Set(domains(desk, 'G_PARTY_HISTORY'))).toEqual(new Set([1, 2]));
  });

  it('the end of a connection is told, and the next one is a reconnection', () => {
    const desk = monitored();
    call(desk);
    desk.say('cut public icon ts-east');
    desk.run(30);
    desk.say('repair public icon ts-east');
    desk.run(20);
    call(desk);
    const [first, second] = desk.rows('G_DSS_GCC_PROVIDER');
    expect(first['DSCONN_ETIME']).not.toBeNull();
    expect(second).toMatchObject({ DSCONN_TYPE: 2, DSCONN_ETIME: null });
    expect(Number(second['DSCONN_SDSTS'])).toBeGreaterThan(Number(first['LEVENT_ITS']));
  });

  it('a T-Server without its switch has no session; with it again, one of another type', () => {
    const desk = monitored();
    call(desk);
    desk.say('cut public ts-east sw-east');
    desk.run(30);
    expect(sessions(desk, 'DSCONN_ETIME')[0][0]).not.toBeNull();
    desk.say('repair public ts-east sw-east');
    desk.run(20);
    call(desk);
    expect(sessions(desk, 'DSCONN_TYPE')).toEqual([[1], [4]]);
  });

  it('what a T-Server says while it has no switch begins no session', () => {
    const desk = monitored();
    desk.say('phone 2001 login 4001', 'cut public ts-east sw-east');
    desk.run(40);
    // It has forgotten who is logged in, and says so to ICON.
    desk.say('do stop-process process=ts-east', 'do start-process process=ts-east');
    desk.run(60);
    const glsSessions = () => desk.rows('G_DSS_GLS_PROVIDER');
    expect(glsSessions()).toHaveLength(1);
    desk.say('repair public ts-east sw-east');
    desk.run(20);
    const back = desk.watched.lab.simulation.nowUs / 1e6 - 22;
    desk.say('phone 2001 not ready Break', 'phone 2001 ready');
    desk.run(8);
    const [, second] = glsSessions();
    const epoch = desk.watched.lab.simulation.world.epochSeconds;
    expect(Number(second['DSCONN_SDSTS'])).toBeGreaterThanOrEqual(epoch + Math.floor(back));
  });

  it('without anything new for so long, all open sessions of the provider say so', () => {
    const desk = monitored({ 'dss-no-data-tout': '60' });
    call(desk);
    expect(sessions(desk, 'NODATA_IUTC')).toEqual([[null]]);
    desk.run(50);
    call(desk);
    desk.run(50);
    expect(sessions(desk, 'NODATA_IUTC')).toEqual([[null]]);
    desk.run(15);
    const [[told]] = sessions(desk, 'NODATA_IUTC');
    expect(Number(told)).toBeGreaterThan(Number(sessions(desk, 'LEVENT_ITS')[0][0]) + 59);
    desk.run(60);
    expect(Number(sessions(desk, 'NODATA_IUTC')[0][0])).toBe(Number(told) + 60);
  });

  it('one of three T-Servers with data is enough; with none, all three sessions say so', () => {
    const { sites } = shippedLab('desk');
    const third: (typeof sites)[number] = {
      ...sites[1],
      name: 'North',
      switch: 'NORTH_PBX',
      tServer: 'TS_North',
      peripheralGateway: 'PG3',
      peripheral: 'NORTH_ACD',
      routingPoints: [{ ...sites[1].routingPoints[0], dn: '8201', virtualQueue: '5201' }],
      queues: [{ ...sites[1].queues[0], dn: '7201' }],
      defaultQueue: '7201',
      translationNumbers: ['8921'],
    };
    const desk = new Desk({}, { sites: [...sites, third] });
    for (const dn of ['8001', '8101', '8201']) {
      desk.say(`call ${dn} 5550100`, 'outside 5550100 hang up');
    }
    desk.run(8);
    expect(new Set(sessions(desk, 'DS_DBID').flat()).size).toBe(3);
    const told = () => sessions(desk, 'NODATA_IUTC').flat();
    // t0: nobody calls the first two any more. The third has data for longer than the interval.
    for (let minute = 0; minute < 6; minute++) {
      desk.say('call 8201 5550100', 'outside 5550100 hang up');
      desk.run(58);
    }
    expect(told()).toEqual([null, null, null]);
    // t1: the third has none either. It is not known yet that there is none.
    const [, , third1] = sessions(desk, 'LEVENT_ITS').flat().map(Number);
    desk.run(200);
    expect(told()).toEqual([null, null, null]);
    desk.run(60);
    const [record] = told();
    expect(told()).toEqual([record, record, record]);
    expect(Number(record) - third1).toBeGreaterThanOrEqual(300);
    expect(Number(record) - third1).toBeLessThan(305);
  });

  it('the Configuration Server is a source: its changes are events, and it may have none', () => {
    const desk = monitored({ 'dss-no-data-tout': '60' });
    const provider = 'G_DSS_CFG_PROVIDER';
    const { dbid } = desk.application('confserv');
    const columns = ['DS_DBID', 'DS_TYPE', 'DSCONN_TYPE'];
    expect(desk.cells(provider, ...columns)).toEqual([[dbid, null, 1]]);
    const [[before]] = desk.cells(provider, 'LEVENT_ITS');
    desk.run(70);
    expect(Number(desk.cells(provider, 'NODATA_IUTC')[0][0])).toBeGreaterThan(Number(before));
    const own = desk.application('TS_East');
    const rename = (version: string) =>
      desk.do({ verb: 'update-object', object: { ...own, fields: { ...own.fields, version } } });
    rename('8.2');
    desk.run(8);
    const [[after, sequence]] = desk.cells(provider, 'LEVENT_ITS', 'LEVENT_DSSEQ');
    expect(Number(after)).toBeGreaterThan(Number(before));
    expect(Number(sequence)).toBeGreaterThan(0);
    desk.do({ verb: 'stop-process', process: 'confserv' });
    desk.run(10);
    expect(desk.cells(provider, 'DSCONN_ETIME')[0][0]).not.toBeNull();
    desk.do({ verb: 'start-process', process: 'confserv' });
    desk.run(10);
    rename('8.1');
    desk.run(8);
    expect(desk.cells(provider, 'DSCONN_TYPE')).toEqual([[1], [2]]);
  });

  it('what a timer makes of a call of a lost source is of the session that is open then', () => {
    const desk = monitored();
    desk.say('call 8001 5550100');
    desk.run(4);
    desk.say('cut public icon ts-east');
    desk.run(30);
    desk.say('outside 5550100 hang up', 'repair public icon ts-east');
    desk.run(20);
    call(desk, '5550177');
    desk.run(600);
    const history = desk.cells('G_CALL_HISTORY', 'CHANGETYPE', 'GSYS_DOMAIN');
    const [[, uuid]] = desk.cells('G_CALL', 'TERMINATED', 'CALLID');
    const ended = desk
      .rows('G_CALL_HISTORY')
      .filter((row) => row['CALLID'] === uuid)
      .at(-1)!;
    expect(ended).toMatchObject({ CHANGETYPE: 2, GSYS_DOMAIN: 2 });
    expect(history.every(([, domain]) => domain === 1 || domain === 2)).toBe(true);
  });

  it('each provider has sessions of its own; agents do not make one of calls', () => {
    const desk = monitored();
    desk.say('phone 2001 login 4001', 'phone 2001 ready');
    desk.run(8);
    expect(desk.cells('G_DSS_GLS_PROVIDER', 'DSCONN_TYPE')).toEqual([[1]]);
    expect(sessions(desk, 'DSS_ID')).toEqual([]);
    expect(domains(desk, 'G_LOGIN_SESSION')).toEqual([1]);
  });

  it('without use-dss-monitor there are none', () => {
    const desk = monitored({ 'use-dss-monitor': '0' });
    call(desk);
    expect(sessions(desk, 'DSS_ID')).toEqual([]);
    expect(domains(desk, 'G_CALL')).toEqual([null]);
  });
});
