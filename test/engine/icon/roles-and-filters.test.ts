import { describe, expect, it } from 'vitest';
import { IDB_TABLES } from '../../../src/engine/idb/schema.ts';
import { Desk } from '../../support/desk.ts';

/** Something of everything that a T-Server tells. */
function work(desk: Desk): void {
  desk.say(
    ...['phone 2001 login 4001', 'phone 2001 ready', 'phone 2004 observe 2001'],
    ...['call 7001 5550100', 'phone 2001 answer', 'data 2001 CUSTOMER_ID=C1'],
    ...['data 2001 event Note=x', 'phone 2001 hold', 'phone 2001 retrieve', 'phone 2001 hang up'],
    ...['phone 2001 not ready Lunch', 'phone 2001 dnd on', 'phone 2001 logout'],
  );
  desk.run(10);
}

/** Tables of interactions and agents with rows; those of the configuration belong to cfg. */
function tables(desk: Desk): string[] {
  const numbers = new Set(desk.watched.changes.map(({ table }) => table));
  const fixed = /^(GCX?_|G_DICT|GSYS_|G_SYNC_CONTROL|G_PROV_CONTROL)/;
  return IDB_TABLES.filter(({ name, number }) => numbers.has(number) && !fixed.test(name)).map(
    ({ name }) => name,
  );
}

function withRoles(role: string): Desk {
  const desk = new Desk({}, { icon: { name: 'ICON1', roles: role.split(','), options: {} } });
  work(desk);
  return desk;
}

const GCC = [
  ...['G_IR', 'G_IR_ACTIVE', 'G_IR_HISTORY', 'G_CALL', 'G_CALL_ACTIVE', 'G_CALL_HISTORY'],
  ...['G_CALL_STAT', 'G_PARTY', 'G_PARTY_HISTORY', 'G_PARTY_STAT'],
];
const GLS = [
  ...['G_LOGIN_SESSION', 'GX_SESSION_ENDPOINT', 'G_AGENT_STATE_HISTORY', 'G_AGENT_STATE_RC'],
  ...['G_DND_HISTORY', 'GS_AGENT_STAT', 'GS_AGENT_STAT_WM'],
];
const GUD = ['G_USERDATA_HISTORY', 'G_CALL_USERDATA', 'G_CUSTOM_DATA_S', 'G_CUSTOM_DATA_P'];

describe('each role alone writes only its tables', () => {
  it.each([
    ['gcc', GCC],
    ['gls', GLS],
    ['gud', GUD],
    ['cfg', []],
    ['gos', []],
    ['lrm', ['G_LOGIN_SESSION', 'GX_SESSION_ENDPOINT']],
    ['gcc,gud', [...GCC, ...GUD]],
    ['all', [...GCC, ...GUD, ...GLS]],
    ['all,~gcc,~gls,~lrm', GUD],
    // Any other case than lower counts as all.
    ['GCC', [...GCC, ...GUD, ...GLS]],
  ])('role %s', (role, expected) => {
    expect(new Set(tables(withRoles(role)))).toEqual(new Set(expected));
  });
});

describe('filter-data', () => {
  const filtered = (name: string) => {
    const desk = new Desk({ options: { [name]: '1' } });
    work(desk);
    return desk;
  };
  const plain = filtered('acc-queue-size');
  const dns = (desk: Desk) => desk.rows('G_PARTY').map(({ ENDPOINTDN }) => ENDPOINTDN);
  const partyIds = (desk: Desk, dn: string) =>
    desk.rows('G_PARTY').flatMap((row) => (row['ENDPOINTDN'] === dn ? [row['PARTYID']] : []));
  const ofParties = (desk: Desk, table: string, dn: string) =>
    desk.rows(table).filter(({ PARTYID }) => partyIds(desk, dn).includes(PARTYID as string));

  it('nothing is left out as delivered', () => {
    expect(dns(plain)).toEqual(['5550100', '7001', '2001', '2004']);
    expect(ofParties(plain, 'G_PARTY_HISTORY', '7001')).toHaveLength(2);
    expect(ofParties(plain, 'G_PARTY_STAT', '7001')).toHaveLength(1);
    expect(plain.rows('G_CALL_STAT')).toHaveLength(1);
  });

  it('observer-party', () => {
    expect(dns(filtered('observer-party'))).toEqual(['5550100', '7001', '2001']);
  });

  it('external-party', () => {
    expect(dns(filtered('external-party'))).toEqual(['7001', '2001', '2004']);
  });

  it('acd-party-history', () => {
    const desk = filtered('acd-party-history');
    expect(ofParties(desk, 'G_PARTY_HISTORY', '7001')).toEqual([]);
    expect(ofParties(desk, 'G_PARTY_STAT', '7001')).toHaveLength(1);
  });

  it('acd-party-metrics', () => {
    const desk = filtered('acd-party-metrics');
    expect(ofParties(desk, 'G_PARTY_STAT', '7001')).toEqual([]);
    expect(ofParties(desk, 'G_PARTY_HISTORY', '7001')).toHaveLength(2);
  });

  it('call-metrics', () => {
    expect(filtered('call-metrics').rows('G_CALL_STAT')).toEqual([]);
  });

  it('gls-queue', () => {
    const queues = (options: Record<string, string>) => {
      const desk = new Desk({ options });
      desk.say('phone 2001 login 4001 7001', 'phone 2001 ready');
      desk.run(3);
      return desk.rows('G_AGENT_STATE_HISTORY').map(({ QUEUEID }) => QUEUEID);
    };
    expect(queues({})).toEqual([expect.any(Number), expect.any(Number)]);
    expect(queues({ 'gls-queue': '1' })).toEqual([null, null]);
  });
});

describe('other options of interactions', () => {
  const party = (desk: Desk, dn: string) =>
    desk.rows('G_PARTY').find(({ ENDPOINTDN }) => ENDPOINTDN === dn)!;

  it('partition-type: the day, or the second of creation', () => {
    const of = (type: string) => {
      const desk = new Desk({ options: { 'partition-type': type } });
      desk.say('phone 2001 dial 2002');
      desk.run(3);
      return desk.rows('G_CALL')[0];
    };
    expect(of('0')['GSYS_PARTITION']).toBe(20_260_302);
    expect(of('1')['GSYS_PARTITION']).toBe(of('1')['CREATED_TS']);
  });

  it('max-userdata-length cuts values of the history', () => {
    const desk = new Desk({ options: { 'max-userdata-length': '4' } });
    desk.say('phone 2001 dial 2002', 'data 2001 KEY=1234567');
    desk.run(3);
    expect(desk.cells('G_USERDATA_HISTORY', 'VALUE')).toEqual([['1234']]);
  });

  it.each([
    ['inside', 'phone 2001 hang up', 1],
    ['outside', 'outside 5550100 hang up', 2],
  ])('store-releasing-party: %s', (_who, line, expected) => {
    const desk = new Desk({ options: { 'store-releasing-party': '1' } });
    desk.say('call 2001 5550100', 'phone 2001 answer', line);
    desk.run(3);
    expect(desk.cells('G_CALL_STAT', 'GSYS_EXT_INT1')).toEqual([[expected]]);
  });

  it.each([
    ['the last', '-1', '0', 0],
    ['the first, by the application', '-1', '1', 1],
    ['the first, by the switch', '1', '0', 1],
  ])('gls-acw-first: after-call work belongs to %s call since ready', (_w, own, all, which) => {
    const desk = new Desk({ options: { 'gls-acw-first': all } });
    const { objects } = desk.icon;
    const object = [...objects.values()].find(({ fields }) => fields['name'] === 'EAST_PBX')!;
    desk.do({
      verb: 'update-object',
      object: { ...object, annex: { gts: { 'gls-acw-first': own } } },
    });
    desk.run(5);
    desk.say('phone 2001 login 4001', 'phone 2001 ready');
    // A consultation ends before the first call: two parties since the agent was ready.
    desk.say('call 7001 5550100', 'phone 2001 answer', 'phone 2001 consult 2002');
    desk.say('phone 2002 answer', 'phone 2002 hang up', 'phone 2001 retrieve');
    desk.say('outside 5550100 hang up');
    desk.run(6);
    desk.say('phone 2001 ready');
    desk.run(3);
    const work = desk.rows('G_PARTY_STAT').filter(({ TT_ACW }) => Number(TT_ACW) > 0);
    expect(work).toHaveLength(1);
    const [id] = work.map(({ PARTYID }) => PARTYID);
    const consult = desk.rows('G_CALL').find(({ CALLTYPE }) => CALLTYPE === 4)!['CALLID'];
    const call = desk.rows('G_PARTY').find(({ PARTYID }) => PARTYID === id)!['CALLID'];
    expect(call === consult).toBe(which === 1);
    expect(Number(work[0]['TT_ACW'])).toBe(7);
  });

  it('call-deletion-timeout: what a desktop tells after the call still belongs to it', () => {
    const desk = new Desk();
    desk.say('phone 2001 dial 2002', 'phone 2002 answer', 'phone 2001 hang up');
    expect(desk.icon.calls.size).toBe(1);
    desk.run(31);
    expect(desk.icon.calls.size).toBe(0);
    expect(party(desk, '2001')['TERMINATED']).not.toBeNull();
  });

  it('gls-stats-update: statistics of open sessions are updated from time to time', () => {
    const of = (seconds: string) => {
      const desk = new Desk({ options: { 'gls-stats-update': seconds } });
      desk.say('phone 2001 login 4001', 'phone 2001 ready');
      desk.run(60);
      return Number(desk.rows('GS_AGENT_STAT')[0]['TT_AGENT_LOGIN']);
    };
    expect(of('0')).toBe(0);
    expect(of('10')).toBeGreaterThan(45);
  });
});
