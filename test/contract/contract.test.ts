import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labCommandSchema, objectTypeName } from '../../src/contract/commands.ts';
import {
  checkRequest,
  type LabStatus,
  METHOD_PARAMETERS,
  type MethodName,
} from '../../src/contract/rpc.ts';
import { OBJECT_TYPE_ORDER } from '../../src/engine/configuration/object-types.ts';
import { LabHost } from '../../src/runtime/lab-host.ts';
import { RunningLab } from '../../src/runtime/running-lab.ts';
import { lab50, MINUTE } from '../support/lab50.ts';

/** A good request for every method; the compiler asks for new ones. */
const GOOD: { readonly [M in MethodName]: unknown } = {
  'lab.describe': {},
  'lab.status': {},
  'lab.run': { speed: 0 },
  'lab.pause': {},
  'lab.step': { by: 'event' },
  'lab.execute': { command: { verb: 'cut', network: 'private', from: 'cca', to: 'ccb' } },
  'ladder.rows': {
    filter: { client: 'rtr', kinds: ['init'], link: 'private', text: 'init' },
    from: null,
    limit: 10,
  },
  'transfers.list': {},
  'journal.followed': { seq: 1 },
  'journal.message': { seq: 1 },
  'journal.stateChange': { process: 'ra-rtr' },
  'journal.explain': { seq: 1 },
  'nodes.list': {},
  'lab.until': { what: 'log line', text: 'a', limitUs: 1_000_000 },
  'metrics.read': {},
  'timeline.read': {},
  'topology.read': {},
  'alarms.list': {},
  'log.window': { process: 'ra-mds', eventsOnly: true, limit: 5 },
  'lab.advance': { us: 1_000_000 },
  'registry.read': { host: 'cca' },
  'registry.export': { host: 'cca', key: '' },
  'registry.preview': { host: 'cca', text: 'Windows Registry Editor Version 5.00' },
  'state.report': {},
  'state.mark': {},
  'state.differences': { table: 'agent', what: 'sides' },
  'console.execute': { state: { host: 'cca', folder: '', program: [] }, line: 'help' },
  'console.complete': { state: { host: 'cca', folder: '', program: [] }, line: 'he' },
  'configuration.types': {},
  'configuration.objects': { type: 'person' },
  'configuration.options': {},
  'configuration.check': { object: { type: 'skill', state: 1, fields: {} } },
  'configuration.history': { limit: 10 },
  'configuration.icon': {},
  'configuration.effect': { seq: 1 },
  'configuration.export': { format: 'csv', type: 'skill' },
  'configuration.preview': { format: 'json', text: '{}' },
  'configuration.import': { format: 'csv', type: 'skill', text: 'name,tenant' },
  'configuration.cancel': {},
  'availability.report': {},
  'calls.list': { text: '', limit: 20 },
  'calls.story': { uuid: 'X' },
  'idb.tables': {},
  'idb.counts': { database: 'idb' },
  'idb.page': {
    table: 'G_CALL',
    limit: 5,
    sort: 'CALLTYPE',
    descending: true,
    filters: [{ column: 'CALLID', operator: 'contains', value: 'x' }],
    after: null,
    from: null,
  },
  'idb.follow': { table: 'G_CALL', column: 'CALLID', value: 'X' },
  'idb.query': { sql: 'SELECT 1' },
  'idb.cancelReading': { reader: 'rows' },
  'idb.cancel': {},
  'idb.row': { table: 'G_CALL', row: 1 },
};

const HOSTILE: readonly unknown[] = [
  null,
  undefined,
  'text',
  42,
  [],
  { unexpected: true },
  { speed: Number.NaN },
  { command: { verb: 'no-such-verb' } },
  { command: { verb: 'stop-side', side: 'C' } },
  { table: "G_CALL'; DROP TABLE G_CALL; --", after: 0, limit: 5, newestFirst: true },
  { table: 'G_CALL', after: -1, limit: 1e9, newestFirst: 'yes' },
  { host: 'x'.repeat(10_000), program: '', line: '' },
  { __proto__: { speed: 1 } },
];

describe('the contract', () => {
  let host: LabHost;
  beforeAll(async () => {
    const running = await RunningLab.create(lab50());
    running.lab.simulation.runUntil(3 * MINUTE);
    host = new LabHost(
      { running, folder: undefined, notices: [], past: null, crash: null },
      () => {},
    );
  });
  afterAll(() => host.close());

  it('the console of the lab takes the lines of the manual', async () => {
    const state = { host: 'lab', folder: '', program: [] };
    const say = async (line: string) =>
      (await host.methods['console.execute']({ state, line })).lines;
    expect(await say('states')).toHaveLength(3);
    expect(await say('cut private cca ccb')).toEqual(['ok']);
    expect((await host.methods['lab.status']({})).faults).toHaveLength(2);
    expect(await say('repair private cca ccb')).toEqual(['ok']);
    expect(await say('do crash-process process=nobody')).toEqual([
      expect.stringContaining('This lab has no process "nobody".'),
    ]);
    expect(await say('do fly')).toEqual(['There is no lab command "fly".']);
    expect(await say('do set-link network=private from=cca')).toEqual(['set-link needs to=...']);
    expect(await say('cut private')).toEqual(['Write it like: cut private cca ccb']);
    expect(await say('dance')).toEqual([expect.stringContaining('Type help for the list.')]);
    expect(await say('')).toEqual([]);
  });

  const methods = Object.keys(METHOD_PARAMETERS) as MethodName[];

  it.each(methods)('%s accepts a good request and answers it', async (method) => {
    const checked = checkRequest(method, GOOD[method]);
    expect(checked).toMatchObject({ ok: true });
    const run = host.methods[method] as (parameters: unknown) => unknown;
    const value = await run(checked.ok && checked.parameters);
    expect(value).toBeDefined();
    // Everything that is answered crosses JSON (WebSocket) unharmed.
    expect(JSON.parse(JSON.stringify(value))).toEqual(value);
  });

  it.each(methods)('%s refuses hostile parameters with a sentence', (method) => {
    for (const parameters of HOSTILE) {
      const checked = checkRequest(method, parameters);
      if (checked.ok) continue;
      expect(checked.error.code).toBe('invalid-parameters');
      expect(checked.error.effect).toBe('none');
      expect(checked.error.message).toContain(method);
    }
    expect(
      HOSTILE.filter((parameters) => !checkRequest(method, parameters).ok).length,
    ).toBeGreaterThan(8);
  });

  it('refuses a method that does not exist, inherited names included', () => {
    for (const name of ['no.such', 'toString', '__proto__', 'constructor', '']) {
      expect(checkRequest(name, {})).toMatchObject({
        ok: false,
        error: { code: 'unknown-method' },
      });
    }
  });

  it('knows every object type that the engine has', () => {
    expect(objectTypeName.options).toEqual(OBJECT_TYPE_ORDER);
  });

  it('a refused command names the remedy and does nothing', async () => {
    const before = host.methods['lab.status']({}) as LabStatus;
    const command = labCommandSchema.parse({ verb: 'stop-process', process: 'ra-rtx' });
    const result = await host.methods['lab.execute']({ command });
    expect(result).toMatchObject({
      ok: false,
      error: { message: 'This lab has no process "ra-rtx".', effect: 'none' },
    });
    const after = host.methods['lab.status']({}) as LabStatus;
    expect(after.eventCount).toBe(before.eventCount);
  });

  it('a fault that was switched on is in the status, and gone when it is lifted', async () => {
    const link = { network: 'private', from: 'ccb', to: 'cca' } as const;
    const faults = () => (host.methods['lab.status']({}) as LabStatus).faults;
    await host.methods['lab.execute']({ command: { verb: 'cut', ...link } });
    expect(faults()).toContainEqual({
      kind: 'cut',
      where: 'private ccb > cca',
      text: 'link is cut',
    });
    await host.methods['lab.execute']({ command: { verb: 'repair', ...link } });
    await host.methods['lab.execute']({ command: { verb: 'set-link', ...link, delayUs: 70_000 } });
    expect(faults()).toContainEqual({
      kind: 'changed link',
      where: 'private ccb > cca',
      text: 'delay 70 ms',
    });
  });
});
