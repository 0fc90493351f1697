import { describe, expect, it } from 'vitest';
import type { ConfigurationServerState } from '../../../src/engine/configuration/configuration-server.ts';
import type { Edit } from '../../../src/engine/configuration/transaction.ts';
import type { LabCommand } from '../../../src/engine/lab/commands.ts';
import {
  type EditPreparation,
  isCurrent,
  prepareEditCommand,
} from '../../../src/engine/lab/edit-preparation.ts';
import type { EditLabCommand } from '../../../src/engine/lab/edit-refusals.ts';
import type { Lab } from '../../../src/engine/lab/lab.ts';
import { Editing } from '../../support/editing.ts';
import { messagesOf } from '../../support/lab50.ts';

const serverOf = (lab: Lab) => lab.stateOf<ConfigurationServerState>('confserv')!;

/** New skills, some hundreds. */
function manySkills({ watched: { lab } }: Editing, count = 900, word = 'Skill'): EditLabCommand {
  const skill = [...serverOf(lab).objects.values()].find(({ type }) => type === 'skill')!;
  const edits = Array.from({ length: count }, (_, at): Edit => {
    const fields = { ...skill.fields, name: `${word} ${at}` };
    return { action: 'create', object: { ...skill, dbid: -1 - at, fields } };
  });
  return { verb: 'edit-configuration', edits } as EditLabCommand;
}

function inSteps(lab: Lab, command: EditLabCommand, between: () => void = () => {}) {
  const steps = prepareEditCommand(lab, command);
  const fractions: number[] = [];
  for (;;) {
    const next = steps.next();
    if (next.done) return { prepared: next.value, fractions };
    fractions.push(next.value);
    between();
  }
}

function fingerprintOf({ simulation }: Lab): string {
  return `${simulation.world.journalHash.join(' ')} ${simulation.stateHash()}`;
}

function make(editing: Editing, command: EditLabCommand, prepared?: EditPreparation): void {
  const result = editing.watched.lab.execute(command, prepared);
  if (!result.ok) throw new Error(result.error.message);
}

describe('an edit that was worked out in steps', () => {
  it('is the same as one that is made at once, and so is taking it back', () => {
    const [once, slowly] = [new Editing(), new Editing()];
    const undo: LabCommand = { verb: 'undo-edit' };
    for (const command of [manySkills(once), undo as EditLabCommand]) {
      make(once, command);
      const { lab } = slowly.watched;
      const before = fingerprintOf(lab);
      const { fractions, prepared } = inSteps(lab, command);
      expect(fingerprintOf(lab)).toBe(before);
      expect(fractions.length).toBeGreaterThan(50);
      expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
      expect(isCurrent(lab, prepared)).toBe(true);
      make(slowly, command, prepared);
      expect(fingerprintOf(lab)).toBe(fingerprintOf(once.watched.lab));
      for (const editing of [once, slowly]) editing.run(20);
      expect(fingerprintOf(lab)).toBe(fingerprintOf(once.watched.lab));
    }
  });

  it('is worked out again when another edit came first, a second passed or the server left', () => {
    const changes: Record<string, (editing: Editing) => void> = {
      'another edit': (editing) => make(editing, manySkills(editing, 1, 'Other')),
      'a second': (editing) => editing.run(1),
      'another run of the server': (editing) => {
        editing.do({ verb: 'crash-process', process: 'confserv' });
        editing.do({ verb: 'start-process', process: 'confserv' });
        editing.run(5);
      },
    };
    for (const [name, change] of Object.entries(changes)) {
      const editing = new Editing();
      const { lab } = editing.watched;
      const undo = { verb: 'undo-edit' } as EditLabCommand;
      make(editing, manySkills(editing, 3));
      editing.run(1);
      const { prepared } = inSteps(lab, undo);
      change(editing);
      expect(isCurrent(lab, prepared), name).toBe(false);
      const { objects, nextTransaction } = serverOf(lab);
      const before = objects.size;
      make(editing, undo, prepared);
      expect(serverOf(lab).objects.size, name).toBeLessThan(before);
      expect(serverOf(lab).nextTransaction, name).toBe(nextTransaction + 1);
    }
  });

  it('counts for its own command only', () => {
    const editing = new Editing();
    const { lab } = editing.watched;
    const { prepared } = inSteps(lab, manySkills(editing, 5));
    make(editing, manySkills(editing, 2, 'Other'), prepared);
    const names = [...serverOf(lab).objects.values()].map(({ fields }) => fields['name']);
    expect(names).toContain('Other 1');
    expect(names).not.toContain('Skill 0');
  });

  it('is refused as it would be at once, by a server that hangs or is gone too', () => {
    const editing = new Editing();
    const { lab } = editing.watched;
    const command = manySkills(editing, 40);
    const refusalOf = () => inSteps(lab, command).prepared.refusal?.code;
    expect(refusalOf()).toBeUndefined();
    editing.do({ verb: 'hang-process', process: 'confserv' });
    expect(refusalOf()).toBe('process-hung');
    editing.do({ verb: 'crash-process', process: 'confserv' });
    const { prepared } = inSteps(lab, command);
    expect(prepared.refusal?.code).toBe('process-not-running');
    expect(isCurrent(lab, prepared)).toBe(true);
    editing.do({ verb: 'start-process', process: 'confserv' });
    editing.run(5);
    expect(isCurrent(lab, prepared)).toBe(false);
    expect(refusalOf()).toBeUndefined();
  });

  it('that is not of this state breaks the run: it is not made', () => {
    const editing = new Editing();
    const { simulation } = editing.watched.lab;
    const command = manySkills(editing, 2);
    const { prepared } = inSteps(editing.watched.lab, command);
    make(editing, manySkills(editing, 1));
    expect(() =>
      simulation.command('confserv', { type: 'edit configuration' }, { prepared: prepared.edit }),
    ).toThrow(/prepared for another state/);
  });
});

describe('a transaction of many objects', () => {
  it('is told in parts, and who asks meanwhile is answered behind all of it', () => {
    const editing = new Editing();
    const { watched } = editing;
    const command = manySkills(editing);
    make(editing, command);
    const { simulation } = watched.lab;
    while (serverOf(watched.lab).untold.length === 0) simulation.step();
    // A restart of ICON: it reads what has changed while it was away.
    editing.do({ verb: 'crash-process', process: 'icon1' });
    editing.do({ verb: 'start-process', process: 'icon1' });
    editing.run(30);
    expect(serverOf(watched.lab)).toMatchObject({ untold: [], asked: [] });
    const known = [...editing.icon.objects.values()];
    expect(known.filter(({ type }) => type === 'skill').length).toBeGreaterThanOrEqual(900);

    const before = messagesOf(watched, 'object changed').length;
    make(editing, { verb: 'undo-edit' } as EditLabCommand);
    editing.run(10);
    expect(messagesOf(watched, 'object changed').length - before).toBe(900);
  });
});
