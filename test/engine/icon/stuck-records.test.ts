import { describe, expect, it } from 'vitest';
import { parseLabLine } from '../../../src/runtime/lab-console.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { desk } from '../../support/desk.ts';
import { SECOND } from '../../support/lab50.ts';

/** Source: Stuck Records. What changed while ICON was shut down, and what is done about it. */

class Lab {
  private constructor(readonly running: RunningLab) {}

  static async open(seconds = 20): Promise<Lab> {
    const lab = new Lab(await RunningLab.create(desk()));
    lab.run(seconds);
    return lab;
  }

  run(seconds: number): void {
    const { simulation } = this.running.lab;
    simulation.runUntil(simulation.nowUs + seconds * SECOND);
  }

  say(...lines: string[]): void {
    for (const line of lines) {
      const parsed = parseLabLine(line);
      if (parsed.kind !== 'commands') throw new Error(line);
      for (const command of parsed.commands) {
        const result = this.running.lab.execute(command as never);
        if (!result.ok) throw new Error(`${line}: ${result.error.message}`);
      }
      this.run(1);
    }
  }

  rows(table: string, column: string, values: readonly string[]) {
    return this.running.idb.select(table, column, values).map(({ cells }) => cells);
  }

  all(table: string): Record<string, unknown>[] {
    const { rows } = this.running.idb.page(table, 0, 100);
    return rows.map(
      (_row, at) => this.running.idb.select(table, 'rowid', [String(at + 1)])[0].cells,
    );
  }
}

const STOP = 'do stop-process process=icon1';
const START = 'do start-process process=icon1';

describe('stuck records', () => {
  it('a call and a party that were deleted while ICON was down', async () => {
    const lab = await Lab.open();
    lab.say('phone 2001 dial 2002', 'phone 2002 answer');
    lab.run(3);
    lab.say(STOP, 'phone 2001 hang up');
    lab.run(30);
    lab.say(START);
    lab.run(10);
    const [call] = lab.all('G_CALL');
    const restart = lab.running.lab.stateOf<{ startedSeconds: number }>('icon1')!.startedSeconds;
    expect(call).toMatchObject({ STATE: 2, TERMINATED_TS: restart });
    expect(lab.all('G_IR')[0]).toMatchObject({ STATE: 2, GSYS_EXT_VCH2: 'LOW:stuck' });
    expect(lab.all('G_CALL_ACTIVE')).toEqual([]);
    // Its parties are stuck until the procedure ends them.
    expect(lab.all('G_PARTY').map(({ TERMINATED }) => TERMINATED)).toEqual([null, null]);
    lab.say('procedure gsysStuckCalls 0');
    const ended = lab.all('G_PARTY');
    expect(ended.map(({ STATE, PREVSTATE }) => [STATE, PREVSTATE])).toEqual([
      [0, 3],
      [0, 3],
    ]);
    lab.running.close();
  });

  it('the procedure waits for its timeout', async () => {
    const lab = await Lab.open();
    lab.say('phone 2001 dial 2002', 'phone 2002 answer');
    lab.run(3);
    lab.say(STOP, 'phone 2001 hang up', START);
    lab.run(10);
    lab.say('procedure gsysStuckCalls 3600');
    expect(lab.all('G_PARTY').map(({ TERMINATED }) => TERMINATED)).toEqual([null, null]);
    lab.running.close();
  });

  it('a call that left a virtual queue while ICON was down', async () => {
    const lab = await Lab.open(180);
    lab.say('call 8001 5550100');
    lab.run(3);
    lab.say(STOP, 'outside 5550100 hang up', START);
    lab.run(10);
    expect(lab.all('G_VIRTUAL_QUEUE')[0]).toMatchObject({ STATUS: 1, TERMINATED: null });
    lab.say('procedure gsysStuckCalls 0');
    expect(lab.all('G_VIRTUAL_QUEUE')[0]).toMatchObject({ STATUS: 2, CAUSE: 4 });
    lab.running.close();
  });

  it('rows that a procedure changed name the call of it as their cause', async () => {
    const lab = await Lab.open();
    lab.say('phone 2001 dial 2002', 'phone 2002 answer');
    lab.run(3);
    lab.say(STOP, 'phone 2001 hang up', START);
    lab.run(10);
    lab.say('procedure gsysStuckCalls 0');
    const { running } = lab;
    const table = running.idb.count('G_PARTY');
    expect(table).toBe(2);
    const { idbTable } = await import('../../../src/engine/idb/schema.ts');
    const causes = running.idbs[0].rowCauses.causesOf(idbTable('G_PARTY').number, 1);
    const last = running.journal.bySeq(causes.at(-1)!.seq);
    expect([last?.kind, last?.target]).toEqual(['command', 'idb']);
    running.close();
  });
});

describe('purge and merge', () => {
  it('gsysPurgeIR deletes what is older than so many days, and nothing that goes on', async () => {
    const lab = await Lab.open();
    lab.say('phone 2001 dial 2002', 'phone 2002 answer', 'data 2001 CUSTOMER_ID=C1');
    lab.say('phone 2001 hang up', 'phone 2003 dial 2004', 'phone 2004 answer');
    lab.run(5);
    lab.say('procedure gsysPurgeIR 1');
    expect(lab.running.idb.count('G_CALL')).toBe(2);
    lab.say('procedure gsysPurgeIR 0', 'procedure gsysPurgeUDH 0');
    expect(lab.running.idb.count('G_CALL')).toBe(1);
    for (const table of ['G_IR', 'G_CALL_ACTIVE', 'G_IR_ACTIVE']) {
      expect(lab.running.idb.count(table), table).toBe(1);
    }
    for (const table of ['G_CALL_STAT', 'G_PARTY_STAT', 'G_USERDATA_HISTORY', 'G_CALL_USERDATA']) {
      expect(lab.running.idb.count(table), table).toBe(0);
    }
    expect(lab.running.idb.count('G_PARTY')).toBe(2);
    lab.running.close();
  });

  it('gsysIRMerge2 gives a link up, gsysIRMergeReset takes that back', async () => {
    const lab = await Lab.open(180);
    lab.say('phone 3001 login 6001', 'phone 3001 ready');
    lab.say('do cut network=public from=sw-east to=sw-west', 'call 8002 5550100');
    lab.run(10);
    const states = () => lab.all('G_IS_LINK').map(({ STATE, MERGESTATE }) => [STATE, MERGESTATE]);
    lab.say('procedure gsysIRMerge');
    expect(states()).toEqual([[1, 0]]);
    lab.say('procedure gsysIRMerge2');
    expect(states()).toEqual([[3, 2]]);
    lab.say('procedure gsysIRMergeReset');
    expect(states()).toEqual([[1, 0]]);
    lab.running.close();
  });
});
