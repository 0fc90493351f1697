import { describe, expect, it } from 'vitest';
import type { ConfigurationObject } from '../../../src/engine/configuration/object-types.ts';
import type { IconState } from '../../../src/engine/icon/icon-state.ts';
import { idbTable } from '../../../src/engine/idb/schema.ts';
import { MINUTE, messagesOf, quietLab50, rowsOf, SECOND, watchLab } from '../../support/lab50.ts';

function placeOneCall() {
  const watched = watchLab(quietLab50());
  const { lab } = watched;
  lab.simulation.runUntil(3 * MINUTE);
  lab.execute({ verb: 'place-call', dialedNumber: '8001', ani: '5550100' });
  return watched;
}

describe('an answered inbound call', () => {
  it('is in the active tables while it lasts and in the others for good', () => {
    const watched = placeOneCall();
    const { lab, changes } = watched;
    lab.simulation.runUntil(3 * MINUTE + 15 * SECOND);
    expect(rowsOf(changes, 'G_CALL_ACTIVE').length).toBe(1);
    expect(rowsOf(changes, 'G_IR_ACTIVE').length).toBe(1);
    expect(rowsOf(changes, 'G_CALL')[0]).toMatchObject({ STATE: 1, TERMINATED: null });

    lab.simulation.runUntil(40 * MINUTE);
    expect(rowsOf(changes, 'G_CALL_ACTIVE')).toEqual([]);
    expect(rowsOf(changes, 'G_IR_ACTIVE')).toEqual([]);
    const [call] = rowsOf(changes, 'G_CALL');
    expect(call).toMatchObject({
      STATE: 2,
      CALLTYPE: 2,
      CALLANI: '5550100',
      CALLDNIS: '8001',
    });
    const [ir] = rowsOf(changes, 'G_IR');
    expect(ir).toMatchObject({ IRID: call['IRID'], ROOTCALLID: call['CALLID'], STATE: 2 });
    const history = rowsOf(changes, 'G_CALL_HISTORY').map(({ CHANGETYPE }) => CHANGETYPE);
    expect(history).toEqual([1, 2]);
    expect(rowsOf(changes, 'G_IR_HISTORY').map(({ CHANGETYPE }) => CHANGETYPE)).toEqual([1, 2]);
  });

  it('has a caller, a routing point and an agent as parties, with times that add up', () => {
    const watched = placeOneCall();
    watched.lab.simulation.runUntil(40 * MINUTE);
    const { changes } = watched;
    const parties = rowsOf(changes, 'G_PARTY');
    expect(parties.map(({ TYPE, ENDPOINTTYPE }) => [TYPE, ENDPOINTTYPE])).toEqual([
      [2, 0],
      [1, 4],
      [1, 1],
    ]);
    const agent = parties[2];
    expect(agent['AGENTID']).toBeGreaterThan(0);
    expect(agent['PLACEID']).toBeGreaterThan(0);
    const stats = rowsOf(changes, 'G_PARTY_STAT');
    const stat = stats.find(({ PARTYID }) => PARTYID === agent['PARTYID'])!;
    const lifeSeconds = Number(agent['TERMINATED_TS']) - Number(agent['CREATED_TS']);
    expect(Number(stat['TT_ALERTING']) + Number(stat['TT_CONNECTED'])).toBe(lifeSeconds);
    const history = rowsOf(changes, 'G_PARTY_HISTORY');
    const sequences = history.map(({ CSEQ }) => Number(CSEQ));
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    const [callStat] = rowsOf(changes, 'G_CALL_STAT');
    expect(callStat).toMatchObject({ F_CONN: 1, F_CONN_EXTN: 1, F_TE_ABND: 0 });
  });

  it('every row names an event that is in the journal', () => {
    const watched = placeOneCall();
    watched.lab.simulation.runUntil(40 * MINUTE);
    const seqs = new Set(watched.events.map(({ seq }) => seq));
    expect(watched.changes.length).toBeGreaterThan(600);
    for (const { cause } of watched.changes) expect(seqs.has(cause)).toBe(true);
  });

  it('DN events come before their call-based twins, as T-Server logs show', () => {
    const watched = placeOneCall();
    watched.lab.simulation.runUntil(40 * MINUTE);
    const seen = watched.events
      .filter(({ target, kind }) => target === 'icon1' && kind === 'sessionMessage')
      .map(({ data }) => (data as { message: { type: string } }).message.type)
      .filter((type) => type.startsWith('Event') && !/Registered|Agent|ACK/.test(type));
    expect(seen).toEqual([
      'EventRouteRequest',
      'EventCallCreated',
      'EventCallPartyAdded',
      'EventCallPartyAdded',
      // The virtual queue of the routing point.
      'EventQueued',
      'EventAttachedDataChanged',
      'EventCallDataChanged',
      'EventRouteUsed',
      'EventDiverted',
      'EventCallPartyDeleted',
      'EventDiverted',
      'EventRinging',
      'EventCallPartyAdded',
      'EventEstablished',
      'EventCallPartyState',
      'EventCallPartyState',
      'EventReleased',
      'EventCallPartyDeleted',
      'EventCallPartyDeleted',
      'EventCallDeleted',
    ]);
  });
});

describe('the way to IDB', () => {
  it('a stopped RDBMS makes the queue grow; nothing is lost when it is back', () => {
    const watched = placeOneCall();
    const { lab } = watched;
    lab.simulation.runUntil(3 * MINUTE + 2 * SECOND);
    lab.execute({ verb: 'stop-process', process: 'idb' });
    lab.simulation.runUntil(30 * MINUTE);
    const queued = lab.stateOf<IconState>('icon1')!.pipeline.queued.length;
    expect(queued).toBeGreaterThan(1);
    expect(rowsOf(watched.changes, 'G_CALL')).toEqual([]);
    lab.execute({ verb: 'start-process', process: 'idb' });
    lab.simulation.runUntil(31 * MINUTE);
    expect(lab.stateOf<IconState>('icon1')!.pipeline.queued.length).toBe(0);
    expect(rowsOf(watched.changes, 'G_CALL').length).toBe(1);
  });

  it('an ICON that dies with a full queue stores each row once after its restart', () => {
    const watched = placeOneCall();
    const { lab } = watched;
    lab.simulation.runUntil(3 * MINUTE + 2 * SECOND);
    lab.execute({ verb: 'stop-process', process: 'idb' });
    lab.simulation.runUntil(30 * MINUTE);
    lab.execute({ verb: 'stop-process', process: 'icon1' });
    lab.execute({ verb: 'start-process', process: 'icon1' });
    lab.execute({ verb: 'start-process', process: 'idb' });
    lab.simulation.runUntil(32 * MINUTE);
    const positions = watched.transactions.map(({ position }) => position);
    expect(positions).toEqual(positions.map((_position, index) => index + 1));
    // The counters are written anew each minute.
    const counters = idbTable('G_PROV_CONTROL').number;
    const inserts = watched.changes.filter(
      ({ op, table }) => (op === 'insert' || op === 'replace') && table !== counters,
    );
    const keys = new Set(inserts.map(({ table, row }) => `${table} ${row}`));
    expect(keys.size).toBe(inserts.length);
    expect(rowsOf(watched.changes, 'G_CALL')).toMatchObject([{ STATE: 2 }]);
    expect(rowsOf(watched.changes, 'GC_AGENT').length).toBe(60);
  });

  it('the database host that loses power commits neither twice nor by half', () => {
    const watched = watchLab(quietLab50());
    const { lab } = watched;
    // In the middle of the initial configuration load.
    lab.simulation.runUntil(85_000);
    lab.execute({ verb: 'crash-host', host: 'idb' });
    lab.simulation.runUntil(10 * SECOND);
    lab.execute({ verb: 'boot-host', host: 'idb' });
    lab.simulation.runUntil(2 * MINUTE);
    const inserts = watched.changes.filter(({ op }) => op === 'insert' || op === 'replace');
    expect(new Set(inserts.map(({ table, row }) => `${table} ${row}`)).size).toBe(inserts.length);
    expect(rowsOf(watched.changes, 'GC_ENDPOINT').length).toBe(93);
    expect(rowsOf(watched.changes, 'GCX_GROUP_AGENT').length).toBe(88);
  });
});

describe('the configuration cache', () => {
  // The load is in the cache from about 65 ms on; the cache is durable 4 ms later.
  it.each([66, 68, 70, 72, 74, 78, 90])(
    'ICON dies %i ms after start: all rows, none twice',
    (ms) => {
      const watched = watchLab(quietLab50());
      const { lab } = watched;
      lab.simulation.runUntil(ms * 1000);
      lab.execute({ verb: 'stop-process', process: 'icon1' });
      lab.execute({ verb: 'start-process', process: 'icon1' });
      lab.simulation.runUntil(MINUTE);
      expect(rowsOf(watched.changes, 'GC_ENDPOINT').length).toBe(93);
      expect(rowsOf(watched.changes, 'GCX_GROUP_AGENT').length).toBe(88);
      expect(rowsOf(watched.changes, 'GCX_SKILL_LEVEL').length).toBe(88);
    },
  );

  it('an edit while ICON is down arrives when it is back; a relation that ended stays so', () => {
    const watched = watchLab(quietLab50());
    const { lab } = watched;
    lab.simulation.runUntil(MINUTE);
    lab.execute({ verb: 'stop-process', process: 'icon1' });
    const server = lab.stateOf<{ objects: Map<string, ConfigurationObject> }>('confserv')!;
    const group = server.objects.get('agentGroup:101')!;
    const agents = group.fields['agents'] as number[];
    const fields = { ...group.fields, agents: agents.slice(1) };
    lab.execute({ verb: 'update-object', object: { ...group, fields } });
    lab.execute({ verb: 'start-process', process: 'icon1' });
    lab.simulation.runUntil(2 * MINUTE);
    const rows = rowsOf(watched.changes, 'GCX_GROUP_AGENT').filter(
      ({ GROUPID, AGENTID }) => GROUPID === 101 && AGENTID === agents[0],
    );
    expect(rows).toMatchObject([{ STATUS: 2 }]);
    expect(rows[0]['DELETED_TS']).toBeGreaterThan(0);
  });
});

describe('one edit, two worlds', () => {
  it('a new last name reaches IDB and both routers, and their tables stay equal', async () => {
    const { hashState, RouterTable } = await import(
      '../../../src/engine/icm/router/router-state.ts'
    );
    const watched = watchLab(quietLab50());
    const { lab } = watched;
    lab.simulation.runUntil(3 * MINUTE);
    const server = lab.stateOf<{ objects: Map<string, never> }>('confserv')!;
    const person = server.objects.get('person:101') as unknown as {
      type: 'person';
      dbid: number;
      state: number;
      fields: Record<string, string>;
    };
    const fields = { ...person.fields, lastName: 'Ångström' };
    expect(lab.execute({ verb: 'update-object', object: { ...person, fields } }).ok).toBe(true);
    lab.simulation.runUntil(4 * MINUTE);
    const agent = rowsOf(watched.changes, 'GC_AGENT').find(({ ID }) => ID === 101);
    expect(agent).toMatchObject({ LASTNAME: 'Ångström', STATUS: 1 });
    const routers = ['ra-rtr', 'rb-rtr'].map(
      (name) => lab.stateOf<{ router: Parameters<typeof hashState>[0] }>(name)!.router,
    );
    expect(hashState(routers[0])).toBe(hashState(routers[1]));
    const agents = new RouterTable(routers[1], 'agent');
    expect(agents.text(agents.find('dbid', 101), 'lastName')).toBe('Ångström');
    expect(messagesOf(watched, 'update applied').length).toBeGreaterThan(0);
  });

  it('a wrong edit is refused by field and changes nothing', () => {
    const { lab } = watchLab(quietLab50());
    lab.simulation.runUntil(MINUTE);
    const before = lab.simulation.stateHash();
    const result = lab.execute({
      verb: 'create-object',
      object: { type: 'person', state: 1, fields: { employeeId: 'E1001', tenant: 999 } },
    });
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid-object', effect: 'none' } });
    expect(!result.ok && result.error.fields).toEqual([
      { field: 'employeeId', message: 'Employee ID "E1001" is already in use' },
      { field: 'userName', message: 'User name is needed' },
      { field: 'tenant', message: 'Tenant: there is no Tenant with DBID 999' },
    ]);
    const inUse = lab.execute({ verb: 'delete-object', objectType: 'script', dbid: 101 });
    expect(inUse).toMatchObject({ ok: false, error: { code: 'object-in-use' } });
    expect(lab.simulation.stateHash()).toBe(before);
  });
});
