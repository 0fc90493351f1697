import { describe, expect, it } from 'vitest';
import type { ConfigurationServerState } from '../../../src/engine/configuration/configuration-server.ts';
import type { ConfigurationLoggerState } from '../../../src/engine/icm/logger/configuration-logger.ts';
import type { MdsState } from '../../../src/engine/icm/mds/mds-state.ts';
import type { CallRouterState } from '../../../src/engine/icm/router/call-router-state.ts';
import { hashState, stateBytes } from '../../../src/engine/icm/router/router-state.ts';
import {
  lab50,
  MINUTE,
  messagesOf,
  quietLab50,
  SECOND,
  type WatchedLab,
  watchLab,
} from '../../support/lab50.ts';

const mdsState = ({ lab }: WatchedLab, name: string) => lab.stateOf<MdsState>(name)?.state;
const router = ({ lab }: WatchedLab, name: string) => lab.stateOf<CallRouterState>(name)!;
const both = (watched: WatchedLab) => [mdsState(watched, 'ra-mds'), mdsState(watched, 'rb-mds')];

function expectEqualRouters(watched: WatchedLab): void {
  const [a, b] = ['ra-rtr', 'rb-rtr'].map((name) => router(watched, name).router);
  expect(hashState(a)).toBe(hashState(b));
  expect(a.tables).toEqual(b.tables);
}

describe('the duplex pair', () => {
  it('comes up cold on side A: its router loads the configuration from its Logger', () => {
    const watched = watchLab(lab50());
    watched.lab.simulation.runUntil(MINUTE);
    expect(both(watched)).toEqual(['Isolated-Enabled', undefined]);
    const ordered = messagesOf(watched, 'ordered')
      .filter(({ to }) => !to.startsWith('pg'))
      .map(({ to, message }) => {
        const input = message['input'] as { message: { type: string } };
        return `${input.message.type} > ${to}`;
      });
    expect(ordered.slice(0, 5)).toEqual([
      'configuration request > la-clgr',
      'history key request > la-hlgr',
      'history key > ra-rtr',
      'configuration > ra-rtr',
      'history key > ra-rtr',
    ]);
    const loaded = watched.lines.find(({ text }) => text.includes('completed loading the initial'));
    expect(loaded?.process).toBe('ra-rtr');
    expect(router(watched, 'ra-rtr').client.phase).toBe('active');
  });

  it('side B joins: each client gets a state transfer over a session of its own', () => {
    const watched = watchLab(lab50());
    watched.lab.simulation.runUntil(3 * MINUTE);
    expect(both(watched)).toEqual(['Paired-Enabled', 'Paired-Disabled']);
    const ends = messagesOf(watched, 'state end').filter(
      ({ network, to }) => network === 'private' && to === 'rb-mds',
    );
    expect(ends.map(({ from }) => from)).toEqual(['ra-mds', 'ra-mds', 'ra-mds', 'ra-mds']);
    expect(new Set(ends.map(({ session }) => session)).size).toBe(4);
    expectEqualRouters(watched);
    expect(router(watched, 'rb-rtr').client.lastTransfer).toMatchObject({ from: 'A', to: 'B' });
  });

  it('ships exactly the bytes that the tables have allocated', () => {
    const watched = watchLab(quietLab50());
    watched.lab.simulation.runUntil(3 * MINUTE);
    const shipped = messagesOf(watched, 'state records')
      .filter(({ to, message }) => to === 'rb-rtr' && message.type === 'state records')
      .reduce((sum, { message }) => sum + (message['bytes'] as Uint8Array).length, 0);
    expect(shipped).toBe(router(watched, 'rb-rtr').client.lastTransfer?.sizeBytes);
    expect(shipped).toBe(stateBytes(router(watched, 'ra-rtr').router));
    expect(shipped).toBeGreaterThan(700_000);
    expect(shipped).toBeLessThan(800_000);
  });

  it('the snapshot is one position of the order: what comes after is applied by the joiner', () => {
    const slow = lab50();
    const networks = {
      ...slow.networks,
      private: { ...slow.networks.private, bandwidthBitsPerSecond: 1_000_000 },
    };
    const watched = watchLab({ ...slow, networks });
    watched.lab.simulation.runUntil(2 * MINUTE + 3 * SECOND);
    expect(router(watched, 'rb-rtr').client.phase).toBe('receiving');
    expect(router(watched, 'ra-rtr').client.phase).toBe('sending');
    watched.lab.simulation.runUntil(4 * MINUTE);
    expect(router(watched, 'rb-rtr').client.phase).toBe('active');
    expectEqualRouters(watched);
  });

  it('a route request gets a label, the same on both sides, sent once', () => {
    const watched = watchLab(quietLab50());
    watched.lab.simulation.runUntil(3 * MINUTE);
    watched.lab.execute({ verb: 'place-call', dialedNumber: '8001', ani: '5550100' });
    watched.lab.simulation.runUntil(3 * MINUTE + SECOND);
    const labels = messagesOf(watched, 'output')
      .map(({ message, to }) => ({
        to,
        label: message['message'] as { label: string; type: string },
      }))
      .filter(({ to, label }) => to.endsWith('mds') && label.type === 'route label');
    expect(labels.map(({ to }) => to).sort()).toEqual(['ra-mds', 'rb-mds']);
    expect(labels[0].label.label).toMatch(/^20\d\d$/);
    expect(labels[0].label).toEqual(labels[1].label);
    expect(messagesOf(watched, 'route label').filter(({ to }) => to === 'pg1a-pim1').length).toBe(
      1,
    );
    const routed = messagesOf(watched, 'EventRouteUsed');
    expect(routed[0].message['ThirdPartyDN']).toBe(labels[0].label.label);
    expectEqualRouters(watched);
  });

  it('stop A: B goes on alone and routes; A returns and receives the state from B', () => {
    const watched = watchLab(quietLab50());
    const { lab } = watched;
    lab.simulation.runUntil(3 * MINUTE);
    lab.execute({ verb: 'stop-side', side: 'A' });
    lab.simulation.runUntil(4 * MINUTE);
    expect(both(watched)).toEqual([undefined, 'Isolated-Enabled']);
    lab.execute({ verb: 'place-call', dialedNumber: '8101', ani: '5550101' });
    lab.simulation.runUntil(4 * MINUTE + SECOND);
    expect(messagesOf(watched, 'route label').some(({ to }) => to === 'pg2a-pim1')).toBe(true);

    const before = messagesOf(watched, 'initialization request').length;
    lab.execute({ verb: 'start-side', side: 'A' });
    lab.simulation.runUntil(5 * MINUTE);
    expect(both(watched)).toEqual(['Paired-Disabled', 'Paired-Enabled']);
    expect(router(watched, 'ra-rtr').client.lastTransfer).toMatchObject({ from: 'B', to: 'A' });
    expectEqualRouters(watched);
    const requests = messagesOf(watched, 'initialization request').slice(before);
    expect(requests.length).toBe(4);
    expect(new Set(requests.map(({ from }) => from))).toEqual(new Set(['ra-mds']));
  });

  it('a cut private link leaves one enabled side; repair pairs them again', () => {
    const watched = watchLab(quietLab50());
    const { lab } = watched;
    lab.simulation.runUntil(3 * MINUTE);
    const link = { network: 'private', from: 'cca', to: 'ccb' };
    lab.execute({ verb: 'cut', ...link });
    lab.execute({ verb: 'cut', network: 'private', from: 'ccb', to: 'cca' });
    lab.simulation.runUntil(4 * MINUTE);
    expect(both(watched)).toEqual(['Isolated-Enabled', 'Isolated-Disabled']);
    lab.execute({ verb: 'repair', ...link });
    lab.execute({ verb: 'repair', network: 'private', from: 'ccb', to: 'cca' });
    lab.simulation.runUntil(5 * MINUTE);
    expect(both(watched)).toEqual(['Paired-Enabled', 'Paired-Disabled']);
    expectEqualRouters(watched);
  });

  it('a private link that was cut in one direction only heals too', () => {
    const watched = watchLab(quietLab50());
    const { lab } = watched;
    lab.simulation.runUntil(3 * MINUTE);
    const link = { network: 'private', from: 'ccb', to: 'cca' };
    lab.execute({ verb: 'cut', ...link });
    lab.simulation.runUntil(3 * MINUTE + 10 * SECOND);
    lab.execute({ verb: 'repair', ...link });
    lab.simulation.runUntil(4 * MINUTE);
    expect(both(watched).sort()).toEqual(['Paired-Disabled', 'Paired-Enabled']);
    expectEqualRouters(watched);
  });

  it('a side that is stopped before its start stays stopped', () => {
    const watched = watchLab(quietLab50());
    watched.lab.simulation.runUntil(MINUTE);
    watched.lab.execute({ verb: 'stop-side', side: 'B' });
    watched.lab.simulation.runUntil(4 * MINUTE);
    expect(both(watched)).toEqual(['Isolated-Enabled', undefined]);
  });

  it('edits made while the Central Controller is down arrive in order when it is back', () => {
    const watched = watchLab(quietLab50());
    const { lab } = watched;
    lab.simulation.runUntil(3 * MINUTE);
    const server = lab.stateOf<ConfigurationServerState>('confserv')!;
    const rename = (lastName: string) => {
      const person = server.objects.get('person:101')!;
      const fields = { ...person.fields, lastName };
      expect(lab.execute({ verb: 'update-object', object: { ...person, fields } }).ok).toBe(true);
    };
    rename('First');
    lab.execute({ verb: 'stop-process', process: 'ra-mds' });
    lab.execute({ verb: 'stop-process', process: 'rb-mds' });
    rename('Second');
    lab.simulation.runUntil(4 * MINUTE);
    lab.execute({ verb: 'start-process', process: 'ra-mds' });
    lab.execute({ verb: 'start-process', process: 'rb-mds' });
    rename('Third');
    lab.simulation.runUntil(6 * MINUTE);
    const loggers = ['la-clgr', 'lb-clgr'].map(
      (name) => lab.stateOf<ConfigurationLoggerState>(name)!.database,
    );
    for (const { revision, objects } of loggers) {
      expect(revision).toBe(3);
      expect(objects.get('person:101')?.fields['lastName']).toBe('Third');
    }
    expect(router(watched, 'ra-rtr').revision).toBe(3);
    expectEqualRouters(watched);
  });

  it('the 15 s check notices a router whose bytes were changed behind its back', () => {
    const watched = watchLab(quietLab50());
    watched.lab.simulation.runUntil(3 * MINUTE);
    router(watched, 'rb-rtr').router.tables.agent.words[7] ^= 1;
    watched.lab.simulation.runUntil(4 * MINUTE);
    const found = watched.lines.filter(({ text }) => text.includes('no longer synchronized'));
    expect(found.length).toBeGreaterThan(0);
  });

  it('a transfer that loses its link in the middle fails whole and succeeds later', () => {
    const slow = lab50();
    const networks = {
      ...slow.networks,
      private: { ...slow.networks.private, bandwidthBitsPerSecond: 1_000_000 },
    };
    const watched = watchLab({ ...slow, networks });
    const { lab } = watched;
    lab.simulation.runUntil(2 * MINUTE + 3 * SECOND);
    lab.execute({ verb: 'stop-process', process: 'rb-rtr' });
    lab.simulation.runUntil(2 * MINUTE + 20 * SECOND);
    expect(router(watched, 'ra-rtr').client.phase).toBe('active');
    lab.execute({ verb: 'start-process', process: 'rb-rtr' });
    lab.simulation.runUntil(4 * MINUTE);
    expect(router(watched, 'rb-rtr').client.phase).toBe('active');
    expectEqualRouters(watched);
  });
});
