import { describe, expect, it } from 'vitest';
import { Editing } from '../../support/editing.ts';
import { rowsOf } from '../../support/lab50.ts';

describe('CFG-23: what each option of the history log loses', () => {
  function away(editing: Editing, days = 0): number {
    editing.do({ verb: 'stop-process', process: 'icon1' });
    const id = editing.create('skill', { name: 'Missed', tenant: 101 });
    editing.run(days * 86_400);
    return id;
  }
  function back(editing: Editing): void {
    editing.do({ verb: 'start-process', process: 'icon1' });
    editing.run(20);
  }
  const knows = (editing: Editing, id: number) => editing.active('GC_SKILL', 'ID').includes(id);

  it('nothing, as it is delivered', () => {
    const editing = new Editing();
    const id = away(editing);
    back(editing);
    expect(knows(editing, id)).toBe(true);
    expect(editing.lines('resynchronize')).toEqual([]);
  });

  it('active false: changes while ICON is away', () => {
    const editing = new Editing();
    editing.setServerOption('active', 'false');
    const id = away(editing);
    editing.setServerOption('active', 'true');
    const later = editing.create('skill', { name: 'Recorded', tenant: 101 });
    back(editing);
    expect(knows(editing, id)).toBe(false);
    // What was recorded afterwards is told all the same.
    expect(knows(editing, later)).toBe(true);
    // It is remembered over a restart, until a synchronization.
    editing.do({ verb: 'stop-process', process: 'icon1' });
    back(editing);
    expect(editing.icon.gap).toBe('the history log has lost records');
    editing.setIconOption('start-cfg-sync', '0');
    editing.setIconOption('start-cfg-sync', '1');
    expect(editing.icon.gap).toBe('');
    expect(knows(editing, id)).toBe(true);
    expect(editing.lines('Reason')).toHaveLength(1);
  });

  it('all :memory:: changes from before the server restarted', () => {
    const editing = new Editing();
    editing.setServerOption('all', ':memory:');
    editing.do({ verb: 'stop-process', process: 'confserv' });
    editing.do({ verb: 'start-process', process: 'confserv' });
    editing.run(20);
    const id = away(editing);
    editing.do({ verb: 'stop-process', process: 'confserv' });
    editing.do({ verb: 'start-process', process: 'confserv' });
    editing.run(20);
    back(editing);
    expect(knows(editing, id)).toBe(false);
    expect(editing.lines('the history log has lost records')).toHaveLength(1);
  });

  it('failsafe-store-processing false: the last changes before a crash of the host', () => {
    const lost = ['false', 'true'].map((value) => {
      const editing = new Editing();
      editing.setServerOption('failsafe-store-processing', value);
      editing.run(120);
      const id = away(editing);
      editing.do({ verb: 'crash-host', host: 'confserv' });
      editing.run(5);
      editing.do({ verb: 'boot-host', host: 'confserv' });
      editing.run(20);
      back(editing);
      return !knows(editing, id);
    });
    expect(lost).toEqual([true, false]);
  });

  it('expiration: changes older than so many days', () => {
    const editing = new Editing();
    editing.setServerOption('expiration', '1');
    editing.setServerOption('client-expiration', '30');
    const id = away(editing, 2);
    back(editing);
    expect(knows(editing, id)).toBe(false);
    expect(editing.lines('older than the history log')).toHaveLength(1);
  });

  it('client-expiration: the session of a client that was away for so many days', () => {
    const editing = new Editing();
    away(editing, 2);
    back(editing);
    expect(editing.lines('the session of this client has expired')).toHaveLength(1);
  });

  it('max-records: nothing, but more answers', () => {
    const editing = new Editing();
    editing.setServerOption('max-records', '2');
    editing.do({ verb: 'stop-process', process: 'icon1' });
    const ids = ['A', 'B', 'C', 'D', 'E'].map((name) => {
      return editing.create('skill', { name, tenant: 101 });
    });
    const before = editing.requests('read changes').length;
    back(editing);
    expect(editing.requests('read changes').length - before).toBe(3);
    expect(ids.every((id) => knows(editing, id))).toBe(true);
    expect(rowsOf(editing.watched.changes, 'GC_SKILL').length).toBeGreaterThan(5);
  });
});
