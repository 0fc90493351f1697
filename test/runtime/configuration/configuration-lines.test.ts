import { beforeEach, describe, expect, it } from 'vitest';
import type { ConfigurationServerState } from '../../../src/engine/configuration/configuration-server.ts';
import { newConsole } from '../../../src/engine/icm/tools/shell.ts';
import { executeLine } from '../../../src/runtime/console.ts';
import { LAB_CONSOLE } from '../../../src/runtime/lab-console.ts';
import { RunningLab } from '../../../src/runtime/running-lab.ts';
import { MINUTE, quietLab50 } from '../../support/lab50.ts';

describe('configuration lines of the console of the lab', () => {
  let running: RunningLab;
  const say = async (line: string) => {
    const state = newConsole(LAB_CONSOLE);
    const answer = await executeLine(running, { state, line }, (command) =>
      running.lab.execute(command),
    );
    return answer.lines.join('\n');
  };
  const find = (name: string) => {
    const { objects } = running.lab.stateOf<ConfigurationServerState>('confserv')!;
    return [...objects.values()].find(({ fields }) => Object.values(fields).includes(name));
  };
  beforeEach(async () => {
    running = await RunningLab.create(quietLab50());
    running.lab.simulation.runUntil(MINUTE);
    return () => running.close();
  });

  it('create, edit, disable, delete, undo and redo', async () => {
    expect(await say('create skill name=Greek tenant=Halden')).toBe('ok');
    expect(await say('edit skill Greek "name=Old Greek"')).toBe('ok');
    expect(await say('disable skill "Old Greek"')).toBe('ok');
    expect(find('Old Greek')).toMatchObject({ state: 2 });
    expect(await say('enable skill "Old Greek"')).toBe('ok');
    expect(await say('delete skill "Old Greek"')).toBe('ok');
    expect(find('Old Greek')).toBeUndefined();
    expect(await say('undo')).toBe('ok');
    expect(find('Old Greek')).toMatchObject({ state: 1 });
    expect(await say('redo')).toBe('ok');
    expect(find('Old Greek')).toBeUndefined();
  });

  it('Annex, options and permissions come and go', async () => {
    await say('annex person E1001 RPT region "Far West"');
    await say('access person E1001 person:E1002 change');
    await say('access person E1001 SYSTEM none');
    expect(find('E1001')).toMatchObject({
      annex: { RPT: { region: 'Far West' } },
      access: [
        { account: 'person:102', rights: 'change' },
        { account: 'SYSTEM', rights: 'none' },
      ],
    });
    await say('annex person E1001 RPT region');
    await say('access person E1001 SYSTEM unset');
    expect(find('E1001')).toMatchObject({ annex: {}, access: [{ account: 'person:102' }] });
    await say('option ICON1 callconcentrator cfg-annex 1');
    expect(find('ICON1')!.options).toMatchObject({ callconcentrator: { 'cfg-annex': '1' } });
    expect(await say('option ICON1 callconcentrator acc-queue-size many')).toBe(
      'ok; acc-queue-size must be a whole number from 1; 500 counts',
    );
    expect(await say('show application ICON1')).toContain('"acc-queue-size": "many"');
    expect(await say('option ICON1 sml hearbeat-period 30')).toBe(
      'ok; no option hearbeat-period of section sml is known here: it counts for nothing',
    );
  });

  it('somebody else edits by what they may do', async () => {
    await say('access skill Sales everyone read');
    expect(await say('as E1001 edit skill Sales name=Selling')).toContain('no permission');
    await say('access skill Sales person:E1001 full');
    expect(await say('as E1001 edit skill Sales name=Selling')).toBe('ok');
    running.lab.simulation.runUntil(2 * MINUTE);
    expect(await say('history')).toContain('Skill Selling updated, by E1001');
    expect(await say('as E9 undo')).toBe('There is no person "E9".');
    expect(await say('as E1001 dance')).toBe('Write it like: as E1001 undo');
  });

  it.each([
    ['edit', '"" is no type; there are: tenant,'],
    ['edit person', 'There is no Person "".'],
    ['edit person E1001', 'Write it like: edit person E1001 lastName=Newman'],
    ['edit person E1001 lastName', 'Write field=value, not "lastName"'],
    ['create skill', 'Name is needed; Tenant is needed. Correct the named fields'],
    [
      'access skill Sales SYSTEM all',
      '"all" is no right; there are: none, read, change, full, unset.',
    ],
    ['access skill Sales nobody read', 'Permissions: there is no account nobody.'],
    ['access skill Sales person:E9 read', 'There is no person "E9".'],
    ['option ICON1 callconcentrator', 'Name the section and the option'],
    ['option ICON9 a b c', 'There is no Application "ICON9".'],
    ['delete tenant Halden', 'Halden is used by'],
    ['undo it', 'Nothing goes behind "undo".'],
    ['redo', 'There is nothing to redo. Make an edit first.'],
    [
      `edit person E1001 lastName=${'x'.repeat(33)}`,
      'Last name has 33 characters; 32 are allowed.',
    ],
    [`annex person E1001 ${'s'.repeat(300)} a b`, 'has 255 characters at most'],
  ])('%s is answered with a sentence', async (line, sentence) => {
    const before = running.lab.simulation.stateHash();
    expect(await say(line)).toContain(sentence);
    expect(running.lab.simulation.stateHash()).toBe(before);
  });

  it('says so when the Configuration Server is down', async () => {
    running.lab.execute({ verb: 'stop-process', process: 'confserv' });
    expect(await say('edit person E1001 lastName=A')).toContain('confserv is not running');
    running.lab.execute({ verb: 'stop-process', process: 'icon1' });
    expect(await say('icon')).toBe('ICON1 is not running.');
  });
});
