import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replaceFile } from '../../../../src/engine/kernel/disk.ts';
import { quietLab50 } from '../../../support/lab50.ts';
import { Sitting } from './sitting.ts';

describe('dumplog', () => {
  let sitting: Sitting;
  beforeAll(async () => {
    // Half an hour before local midnight, so that a sitting sees a new day.
    const epochSeconds = Date.parse('2007-02-08T05:30:00Z') / 1000;
    const definition = { ...quietLab50(), epochSeconds, utcOffsetSeconds: -6 * 3600 };
    sitting = await Sitting.begin(180, definition);
    sitting.running.lab.execute({ verb: 'stop-node', node: 'rb' });
    sitting.run(3600);
    await sitting.type('cca', 'cdlog lab50 ra');
  });
  afterAll(() => sitting.close());
  const dump = (line: string) => sitting.type('cca', `dumplog ${line}`);

  it('prints the standard form, each day with its date', async () => {
    const lines = await dump('mds /bd 02/07/2007');
    const days = lines.filter((line) => line.startsWith('Events from'));
    expect(days).toEqual(['Events from February 7, 2007']);
    expect(lines[1]).toBe('23:30:00 ra-mds Side: A: ccag process is OK.');
    sitting.running.lab.execute({ verb: 'start-node', node: 'rb' });
    sitting.run(60);
    const both = await dump('mds /bd 02/07/2007');
    expect(both.filter((line) => line.startsWith('Events from'))).toEqual([
      'Events from February 7, 2007',
      'Events from February 8, 2007',
    ]);
    expect(both.at(-1)).toMatch(/^00:33:\d\d ra-mds Side: B: cic process is OK\.$/);
  });

  it('prints the Cisco form: number, host, UTC with milliseconds, tags', async () => {
    const [line] = await dump('mds /all /ciscoLog');
    expect(line).toBe(
      '0: CCA: Feb 8 2007 05:30:00.001 +0000: %ICM_Router_MessageDelivery: ' +
        '[comp=Router-A][pname=mds][iid=lab50][sev=info]: Side: A: ccag process is OK.',
    );
  });

  it('takes the current day unless dates or times are given', async () => {
    const today = await dump('mds');
    expect(today[0]).toBe('Events from February 8, 2007');
    const minute = await dump('mds /bd 02/07/2007 /bt 23:30:30 /ed 02/07/2007 /et 23:30:31');
    expect(minute.slice(1)).toEqual([
      '23:30:30 ra-mds Synchronizer timed out trying to establish connection to peer.',
      '23:30:30 ra-mds Synchronizer: Connecting -> Testing.',
    ]);
    expect(await dump('mds /hr 0.01')).toEqual([
      'dumplog: nothing was logged in that time; try /all.',
    ]);
    expect((await dump('mds /hr 2')).length).toBeGreaterThan(10);
  });

  it('filters by words, and shows milliseconds and UTC on request', async () => {
    const lines = await dump('mds /all /m synchronizer /x testing /ms /tzadjustoff');
    expect(lines[1]).toBe(
      '05:30:30:000 ra-mds Synchronizer timed out trying to establish connection to peer.',
    );
    expect(lines.join()).not.toContain('Testing');
  });

  it('/last is the newest file of a process, /prev the one before', async () => {
    sitting.running.lab.execute({ verb: 'exit-process', process: 'ra-rtr' });
    sitting.run(10);
    const last = await dump('rtr /last');
    expect(last.at(-1)).toContain('State received');
    expect((await dump('rtr /prev'))[1]).toContain('completed loading');
  });

  it('/dir counts for what is named behind it, or at the end for all', async () => {
    const own = await dump('nm /all');
    expect(await dump('/dir C:\\icm\\lab50\\la\\logfiles nm /all')).not.toEqual(own);
    expect((await dump('nm /all /dir C:\\icm\\lab50\\la\\logfiles'))[1]).toContain(' la-nm ');
    expect(await dump('nm /dir C:\\nowhere')).toEqual(['dumplog: There is no folder C:\\nowhere.']);
  });

  it('writes to a file of the simulated disk', async () => {
    const said = await dump('mds /all /of C:\\out.txt');
    expect(said[0]).toMatch(/^\d+ lines written to C:\\out.txt\.$/);
    expect((await sitting.type('cca', 'type \\out.txt'))[0]).toMatch(/^Events from/);
    await dump('mds /all /o');
    expect((await sitting.type('cca', 'dir mds.txt')).join()).toContain('mds.txt');
  });

  it('shows what stands before a damaged place, and says where that is', async () => {
    const { disk } = sitting.running.lab.simulation.world.hosts.get('cca')!;
    const path = [...disk.files.keys()].find((name) => name.includes('/ra/logfiles/nmm_'))!;
    const { bytes, sizeBytes } = disk.files.get(path)!;
    const damaged = new Uint8Array([...bytes.subarray(0, sizeBytes), 1, 2, 3]);
    replaceFile(disk, path, damaged, 0);
    const lines = await dump('nmm /all');
    expect(lines[1]).toContain('Node Manager Manager started');
    expect(lines.at(-1)).toBe(
      `dumplog: ${path.split('/').at(-1)} is damaged from byte ${sizeBytes} on.`,
    );
  });

  it.each([
    ['nosuch', 'dumplog: no log file of nosuch in C:\\icm\\lab50\\ra\\logfiles.'],
    ['rtr /zz', 'dumplog: Unknown option /zz. Type dumplog /? for the options.'],
    ['rtr /bd', 'dumplog: /bd needs a value.'],
    ['rtr /bd 02/30/2007', 'dumplog: 02/30/2007 is no value for /bd: write mm/dd/yyyy.'],
    ['rtr /bt 9', 'dumplog: 9 is no value for /bt: write hh:mm or hh:mm:ss.'],
    ['rtr /hr -1', 'dumplog: -1 is no value for /hr: write hours, such as 2.'],
    ['/if x.ems', 'dumplog: cannot open the log file C:\\icm\\lab50\\ra\\logfiles\\x.ems.'],
  ])('dumplog %s says what is wrong', async (line, said) => {
    expect(await dump(line)).toEqual([said]);
  });

  it('without a process shows its usage', async () => {
    expect((await dump(''))[0]).toMatch(/^dumplog \[ProcessName\(s\)\]/);
    expect(await dump('/?')).toEqual(await dump(''));
  });
});
