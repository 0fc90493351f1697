import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabHost } from '../../../src/runtime/lab-host.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { shippedLab } from '../../support/desk.ts';
import { MINUTE, quietLab50, SECOND } from '../../support/lab50.ts';

describe('what a screen asks of the configuration', () => {
  let host: LabHost;
  let running: RunningLab;
  const run = (seconds: number) => {
    const { simulation } = running.lab;
    simulation.runUntil(simulation.nowUs + seconds * SECOND);
  };
  const seqOf = (result: { ok: true; seq: number } | { ok: false; error: { message: string } }) => {
    if (!result.ok) throw new Error(result.error.message);
    return result.seq;
  };
  beforeAll(async () => {
    running = await RunningLab.create(quietLab50());
    running.lab.simulation.runUntil(3 * MINUTE);
    host = new LabHost(
      { running, folder: undefined, notices: [], past: null, crash: null },
      () => {},
    );
  });
  afterAll(() => host.close());

  it('an edit tells its messages, its rows and the bytes of both routers', async () => {
    const [person] = await host.methods['configuration.objects']({ type: 'person' });
    const fields = { ...person.fields, lastName: 'Changed', skills: [] };
    const command = { verb: 'update-object', object: { ...person, fields } } as const;
    const seq = seqOf(await host.methods['lab.execute']({ command: command as never }));
    run(3);
    const effect = await host.methods['configuration.effect']({ seq });
    const told = effect.messages.map(({ type, to }) => `${type} > ${to}`);
    expect(told).toContain('object changed > icon1');
    expect(told).toContain('configuration update > ra-dba');
    expect(effect.messageCount).toBeGreaterThanOrEqual(effect.messages.length);
    expect(effect.rows).toContainEqual({
      database: 'idb',
      table: 'GC_AGENT',
      row: person.dbid,
      op: 'update',
    });
    // Each message leads to where it stands in the journal.
    for (const { atUs, seq: of, type } of effect.messages) {
      const { chain } = await host.methods['journal.explain']({ seq: of });
      expect(chain[0]).toMatchObject({ atUs, title: type });
    }
    expect(effect.rows.some(({ table }) => table === 'GCX_SKILL_LEVEL')).toBe(true);
    expect(effect.rowCount).toBe(effect.rows.length);
    // Its record is there already: it changes and does not grow.
    expect(effect.routerBytes).toEqual({ A: 0, B: 0 });
    const cause = await host.methods['idb.row']({ table: 'GC_AGENT', row: person.dbid });
    expect(cause.changes.at(-1)!.explanation.chain.at(-1)).toMatchObject({ seq });
  });

  it('what the router does not know does not reach it; the rest grows both alike', async () => {
    const text = JSON.stringify({
      format: 'duplexlab-configuration',
      version: 1,
      objects: [{ type: 'skill', fields: { name: 'Greek', tenant: 'Environment' } }],
    });
    const [tenant] = await host.methods['configuration.objects']({ type: 'tenant' });
    const file = text.replace('Environment', String(tenant.fields['name']));
    const preview = await host.methods['configuration.preview']({ format: 'json', text: file });
    expect(preview).toEqual({ created: 1, updated: 0, unchanged: 0, problems: [] });
    const skill = seqOf(await host.methods['configuration.import']({ format: 'json', text: file }));
    run(3);
    const small = await host.methods['configuration.effect']({ seq: skill });
    expect(small.routerBytes).toEqual({ A: null, B: null });
    expect(small.rows).toEqual([
      { database: 'idb', table: 'GC_SKILL', row: expect.any(Number), op: 'insert' },
    ]);
    const again = await host.methods['configuration.import']({ format: 'json', text: file });
    expect(again).toMatchObject({ ok: false, error: { code: 'nothing-to-import' } });

    const lines = Array.from(
      { length: 500 },
      (_, at) => `65${String(at).padStart(4, '0')},Extension,CHI`,
    );
    const [home] = await host.methods['configuration.objects']({ type: 'switch' });
    const csv = ['number,dnType,switch', ...lines]
      .join('\n')
      .replaceAll('CHI', String(home.fields['name']));
    const bulk = seqOf(
      await host.methods['configuration.import']({ format: 'csv', type: 'dn', text: csv }),
    );
    run(10);
    const large = await host.methods['configuration.effect']({ seq: bulk });
    expect(large.rowCount).toBe(500);
    expect(large.routerBytes.A).toBeGreaterThan(10_000);
    expect(large.routerBytes.B).toBe(large.routerBytes.A);
    seqOf(await host.methods['lab.execute']({ command: { verb: 'undo-edit' } }));
    run(10);
    expect(await host.methods['configuration.objects']({ type: 'dn' })).toHaveLength(93);
  });

  it('a file with mistakes is refused with their places and changes nothing', async () => {
    const before = running.lab.simulation.stateHash();
    const text = 'name,tenant\nA,Nowhere\nB,Nowhere';
    const result = await host.methods['configuration.import']({
      format: 'csv',
      type: 'skill',
      text,
    });
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'invalid-file',
        message: expect.stringContaining('line 2: Tenant: there is no Tenant "Nowhere"'),
      },
    });
    expect(running.lab.simulation.stateHash()).toBe(before);
  });

  it('what is being typed is checked as a save would check it', async () => {
    const check = async (fields: Record<string, string>) => {
      const object = { type: 'skill', state: 1, fields } as const;
      const { problems } = await host.methods['configuration.check']({ object });
      return problems.map(({ field }) => field);
    };
    expect(await check({})).toEqual(['name', 'tenant']);
    expect(await check({ name: 'Greek' })).toEqual(['name', 'tenant']);
    const fields = { name: 'ICON9', applicationType: 9 };
    const options = {
      callconcentrator: { 'acc-queue-size': 'many', 'cfg-annex': '1', other: 'x' },
    };
    const icon = { type: 'application', state: 1, fields, options } as const;
    const { problems, warnings } = await host.methods['configuration.check']({ object: icon });
    expect(problems).toEqual([]);
    expect(warnings).toEqual([
      {
        field: 'callconcentrator/acc-queue-size',
        message: 'acc-queue-size must be a whole number from 1; 500 counts',
      },
    ]);
  });

  it('the history and ICON show what is there', async () => {
    const history = await host.methods['configuration.history']({ limit: 5 });
    expect(history.records).toHaveLength(5);
    expect(history.records[0].record).toBe(history.settings!.lastRecord);
    expect(history.records[0]).toMatchObject({ author: 'default', action: 'deleted' });
    expect(history.redo).toContain('DN 650000 created and 499 more');
    expect(history.clients).toMatchObject([{ name: 'ICON1', connected: true }]);
    const icon = await host.methods['configuration.icon']({});
    expect(icon!.cache).toMatchObject({
      file: 'cfg-sync.db',
      record: history.settings!.lastRecord,
    });
    expect(icon!.cache.sizeBytes).toBeGreaterThan(1000);
    expect(icon!.synchronization).toBeNull();
    expect(icon!.queue).toMatchObject({ records: 0, idbConnected: true, accumulatorLimit: 500 });
  });

  it('a large file is read in a thread of its own, and can be given up', async () => {
    const [tenant] = await host.methods['configuration.objects']({ type: 'tenant' });
    const lines = Array.from({ length: 20_000 }, (_, at) => `Many${at},${tenant.fields['name']}`);
    const text = ['name,tenant', ...lines].join('\n');
    const file = { format: 'csv', type: 'skill', text } as const;
    const before = running.lab.simulation.stateHash();
    const [preview, result] = [
      host.methods['configuration.preview'](file),
      host.methods['configuration.import'](file),
    ];
    // The second one takes the place of the first.
    expect(await preview).toBeNull();
    await host.methods['configuration.cancel']({});
    expect(await result).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(running.lab.simulation.stateHash()).toBe(before);

    const found = await host.methods['configuration.preview'](file);
    expect(found).toEqual({ created: 20_000, updated: 0, unchanged: 0, problems: [] });
    seqOf(await host.methods['configuration.import'](file));
    const skills = await host.methods['configuration.objects']({ type: 'skill' });
    expect(skills.filter(({ fields }) => /^Many/.test(String(fields['name'])))).toHaveLength(
      20_000,
    );
    seqOf(await host.methods['lab.execute']({ command: { verb: 'undo-edit' } }));
    run(10);
  });
});

it('an edit tells its rows in the IDB of each ICON', async () => {
  const running = await RunningLab.create(shippedLab('ha'));
  const two = new LabHost(
    { running, folder: undefined, notices: [], past: null, crash: null },
    () => {},
  );
  running.lab.simulation.runUntil(60_000_000);
  const [person] = await two.methods['configuration.objects']({ type: 'person' });
  const object = { ...person, fields: { ...person.fields, firstName: 'Adelaide' } };
  const result = await two.methods['lab.execute']({
    command: { verb: 'update-object', object } as never,
  });
  expect(result).toMatchObject({ ok: true });
  running.lab.simulation.runUntil(80_000_000);
  const { records } = await two.methods['configuration.history']({ limit: 1 });
  expect(records).toHaveLength(1);
  const seq = (result as { readonly seq: number }).seq;
  const { rows } = await two.methods['configuration.effect']({ seq });
  const agents = rows.filter(({ table }) => table === 'GC_AGENT');
  expect(agents.map(({ database }) => database).sort()).toEqual(['idb', 'idb2']);
  await two.close();
});
