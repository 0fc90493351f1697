import { describe, expect, it } from 'vitest';
import { Desk } from '../../../support/desk.ts';

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
    expect(sessions(desk, 'DSS_ID', 'DSCONN_TYPE')).toEqual([
      [1, 1],
      [2, 2],
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
