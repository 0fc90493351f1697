import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatRegFile, parseRegFile } from '../../../../src/engine/icm/registry/reg-file.ts';
import { formatStamp } from '../../../../src/engine/kernel/lab-time.ts';
import { type Registry, writeRegistry } from '../../../../src/engine/kernel/registry.ts';
import { quietLab50 } from '../../../support/lab50.ts';
import { Sitting } from './sitting.ts';

const ROUTER = 'HKLM\\SOFTWARE\\Cisco System Inc.\\ICM\\lab50\\RouterA';
const RTR_LOG = `${ROUTER}\\EMS\\CurrentVersion\\Library\\Processes\\rtr`;

const EMPTY_FILE = {
  bytes: new Uint8Array(0),
  sizeBytes: 0,
  durableSizeBytes: 0,
  replaced: null,
  modifiedUs: 0,
  writer: '',
};

describe('registry files', () => {
  const name = fc.stringMatching(/^[^\\\r\n]{1,20}$/).filter((text) => text.trim() === text);
  const keyPart = fc.stringMatching(/^[A-Za-z0-9 .]{1,10}$/).filter((text) => text.trim() === text);
  const value = fc.oneof(
    fc.integer({ min: 0, max: 0xff_ff_ff_ff }),
    fc.stringMatching(/^[^\r\n]{0,30}$/),
  );

  it('what is exported and imported again is the same', () => {
    const entry = fc.tuple(fc.array(keyPart, { minLength: 1, maxLength: 3 }), name, value);
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 12 }), (entries) => {
        // As a host writes it: names that differ in case only are one name.
        const registry: Registry = new Map();
        for (const [keys, last, data] of entries) {
          writeRegistry(registry, `HKEY_LOCAL_MACHINE\\${keys.join('\\')}\\${last}`, data);
        }
        const { changes, problems } = parseRegFile(formatRegFile(registry, ''));
        expect(problems).toEqual([]);
        expect(new Map(changes.map((change) => [change.path, change.value]))).toEqual(registry);
      }),
      {
        numRuns: 500,
        examples: [
          [
            [
              [['I'], '!', ''],
              [['i'], '!', 0],
            ],
          ],
        ],
      },
    );
  });

  it('names every line that is wrong, and then changes nothing', () => {
    const text = [
      'Windows Registry Editor Version 5.00',
      '"early"="x"',
      '[HKEY_LOCAL_MACHINE\\A]',
      '"good"=dword:0000001e',
      '"bad"=dword:12345678901',
      '"binary"=hex:00,01',
      'nonsense',
      '[-HKEY_LOCAL_MACHINE\\B]',
      '"x"="y"',
    ].join('\r\n');
    expect(parseRegFile(text).problems.map(({ line }) => line)).toEqual([2, 5, 6, 7, 9]);
    expect(parseRegFile('REGEDIT4').problems).toHaveLength(1);
  });

  it('a deleted value and a deleted key are read', () => {
    const text = [
      'Windows Registry Editor Version 5.00',
      '[HKEY_LOCAL_MACHINE\\A]',
      '"gone"=-',
      '[-HKEY_LOCAL_MACHINE\\B]',
      '[HKEY_LOCAL_MACHINE\\Empty]',
    ].join('\n');
    expect(parseRegFile(text).changes).toEqual([
      { path: 'HKEY_LOCAL_MACHINE\\A\\gone', value: null },
      { path: 'HKEY_LOCAL_MACHINE\\B', value: null, isKey: true },
      { path: 'HKEY_LOCAL_MACHINE\\Empty\\', value: '' },
    ]);
  });
});

describe('the registry of a host', () => {
  let sitting: Sitting;
  beforeEach(async () => {
    sitting = await Sitting.begin();
  });
  afterEach(() => sitting.close());
  const type = (...lines: string[]) => sitting.type('cca', ...lines);
  const router = () => sitting.running.lab.simulation.process('ra-rtr');

  it('reg shows keys and values in any case', async () => {
    const key = `${ROUTER.toUpperCase()}\\router\\currentversion\\configuration\\statetransfer`;
    expect(await type(`reg query "${key}" /v statesizethresholdmb`)).toEqual([
      '',
      expect.stringContaining('\\Configuration\\StateTransfer'),
      '    StateSizeThresholdMB    REG_DWORD    0x1e',
    ]);
    expect(await type('reg query HKLM\\SOFTWARE')).toContain(
      'HKEY_LOCAL_MACHINE\\SOFTWARE\\Cisco System Inc.',
    );
    expect(await type('reg query HKLM\\Nothing')).toEqual([
      'ERROR: The system was unable to find the specified registry key or value.',
    ]);
  });

  it('a value of the wrong type or out of range is refused, whoever writes it', async () => {
    const add = (name: string, kind: string, data: string) =>
      type(`reg add "${RTR_LOG}" /v ${name} /t ${kind} /d ${data}`);
    expect(await add('EMSTraceMask', 'REG_SZ', 'x')).toEqual([
      'ERROR: EMSTraceMask is a number (REG_DWORD).',
    ]);
    expect(await add('EMSLogFileCountMax', 'REG_DWORD', '0')).toEqual([
      'ERROR: EMSLogFileCountMax goes from 1 to 1000.',
    ]);
    const path = `${RTR_LOG.replace('HKLM', 'HKEY_LOCAL_MACHINE')}\\emstracemask`;
    const direct = { verb: 'set-registry', host: 'cca', path, value: 'x' } as const;
    expect(sitting.running.lab.execute(direct)).toMatchObject({
      ok: false,
      error: { code: 'invalid-registry-value', effect: 'none' },
    });
  });

  it('unknown values may be added and do nothing', async () => {
    expect(await type('reg add HKLM\\SOFTWARE\\Mine /v a /t REG_DWORD /d 0x10')).toEqual([
      'The operation completed successfully.',
      'Nothing in the emulator reads this value.',
    ]);
    expect((await type('reg query HKLM\\SOFTWARE\\Mine')).at(-1)).toBe(
      '    a    REG_DWORD    0x10',
    );
    expect((await type('reg delete HKLM\\SOFTWARE\\Mine'))[0]).toContain('(Yes/No)?');
    expect(await type('reg delete HKLM /f')).toEqual(['ERROR: Access is denied.']);
    await type('reg delete HKLM\\SOFTWARE\\Mine /f');
    expect((await type('reg query HKLM\\SOFTWARE\\Mine'))[0]).toMatch(/^ERROR/);
  });

  it('a trace mask acts at once, and again when the router has been restarted', async () => {
    await type(`reg add "${RTR_LOG}" /v EMSTraceMask /t REG_DWORD /d 0x01`);
    expect(router().traceMask).toBe(1);
    await type('rttest /cust lab50', 'trace * /on');
    expect(router().traceMask).toBe(0xff);
    await type('exit_router');
    sitting.run(5);
    expect(router().running).toBe(true);
    expect(router().traceMask).toBe(1);
  });

  it('MDS takes its port from the registry when it starts, and its clients find it', async () => {
    const key = `${ROUTER}\\MDS\\CurrentVersion\\Process`;
    expect((await type(`reg add "${key}" /v MDSPort /t REG_DWORD /d 40500`))[1]).toBe(
      'Acts after mds has been restarted.',
    );
    await type('net stop "Cisco ICM lab50 RouterA"', 'net start "Cisco ICM lab50 RouterA"');
    sitting.run(120);
    expect((await type('netstat -ab | findstr 40500')).length).toBeGreaterThan(5);
    expect(await type('netstat -ab | findstr 40000')).toEqual([]);
    expect((await type('rttest /cust lab50', 'status'))[6]).toContain('(B->A)');
  });

  it('a port that another process has ends the process with a log line, not the lab', async () => {
    const key = `${ROUTER}\\MDS\\CurrentVersion\\Process`;
    // The real-time server's port: MDS starts first and has it.
    await type(`reg add "${key}" /v MDSPort /t REG_DWORD /d 40007`);
    await type('net stop "Cisco ICM lab50 RouterA"', 'net start "Cisco ICM lab50 RouterA"');
    sitting.run(60);
    const said = sitting.running.journal.logLines.filter(({ process }) => process === 'ra-rts');
    expect(said.map(({ text }) => text)).toContain('TCP port 40007 is in use by another process.');
    expect(router().running).toBe(true);
  });

  it('DBMaintenance keeps configuration changes away until it is 0 again', async () => {
    const { lab: own } = sitting.running;
    for (const [host, side] of [
      ['cca', 'A'],
      ['ccb', 'B'],
    ] as const) {
      const key = `${ROUTER.slice(0, -1)}${side}\\Router\\CurrentVersion\\Configuration\\Global`;
      await sitting.type(host, `reg add "${key}" /v DBMaintenance /t REG_DWORD /d 1`);
    }
    const fields = { name: 'New_Service', peripheral: 101 };
    own.execute({ verb: 'create-object', object: { type: 'service', state: 1, fields } });
    sitting.run(20);
    const changes = async () =>
      (await type('quit', 'procmon lab50 la clgr', 'status')).find((line) =>
        line.includes('revision'),
      );
    expect(await changes()).toContain('revision 0');
    for (const [host, side] of [
      ['cca', 'A'],
      ['ccb', 'B'],
    ] as const) {
      const key = `${ROUTER.slice(0, -1)}${side}\\Router\\CurrentVersion\\Configuration\\Global`;
      await type('quit');
      await sitting.type(host, `reg add "${key}" /v DBMaintenance /t REG_DWORD /d 0`);
    }
    sitting.run(20);
    expect(await changes()).toContain('revision 1');
  });

  it('ProcDisabled keeps a process down when its service starts', async () => {
    const key = `${ROUTER}\\NodeManager\\CurrentVersion\\Processes\\rts`;
    await type(`reg add "${key}" /v ProcDisabled /t REG_DWORD /d 1`);
    await type('net stop "Cisco ICM lab50 RouterA"', 'net start "Cisco ICM lab50 RouterA"');
    sitting.run(20);
    expect((await type('tasklist | findstr ra-rts'))[0]).toContain('stopped');
  });

  it('a PIM that is not enabled does nothing', async () => {
    const key =
      'HKLM\\SOFTWARE\\Cisco System Inc.\\ICM\\lab50\\PG1A\\PG\\CurrentVersion\\PIMS\\pim1';
    await sitting.type('pg1a', `reg add "${key}" /v Enabled /t REG_DWORD /d 0`);
    sitting.running.lab.execute({ verb: 'crash-process', process: 'pg1a-pim1' });
    sitting.run(10);
    const status = await type('rttest /cust lab50', 'status');
    expect(status.find((line) => line.includes('CHI_ACD'))).toContain('off-line');
  });

  it('log files are cut by size and kept by number', async () => {
    await type(`reg add "${RTR_LOG}" /v EMSLogFileMax /t REG_DWORD /d 1000`);
    await type(`reg add "${RTR_LOG}" /v EMSLogFileCountMax /t REG_DWORD /d 3`);
    await type(`reg add "${RTR_LOG}" /v EMSTraceMask /t REG_DWORD /d 0x20`);
    sitting.run(600);
    const names = (await type('dir \\icm\\lab50\\ra\\logfiles\\rtr_*.ems /b')).filter(Boolean);
    expect(names).toHaveLength(3);
    const { simulation } = sitting.running.lab;
    const newest = formatStamp(simulation.world.epochSeconds + simulation.nowUs / 1e6);
    expect(names.at(-1)!.slice(4, 17) <= newest).toBe(true);
    for (const [path, { sizeBytes }] of simulation.world.hosts.get('cca')!.disk.files) {
      if (path.includes('/rtr_') && path.endsWith('.ems')) expect(sizeBytes).toBeLessThan(1001);
    }
  });

  it('exports a key to a file, and imports it on the other side', async () => {
    await type(`reg add "${RTR_LOG}" /v EMSTraceMask /t REG_DWORD /d 0x03`);
    await type(`reg export "${RTR_LOG}" \\rtr.reg`);
    const text = await type('type \\rtr.reg');
    expect(text).toContain('"EMSTraceMask"=dword:00000003');
    await type(`reg add "${RTR_LOG}" /v EMSTraceMask /t REG_DWORD /d 0`, 'reg import \\rtr.reg');
    expect(router().traceMask).toBe(3);
    expect(await type('reg import \\nothing.reg')).toEqual([
      'ERROR: The system was unable to find the specified file.',
    ]);
  });

  it('log files to which nothing was written for thirty days are purged at night', async () => {
    // Twenty past midnight, local time.
    const epochSeconds = Date.parse('2026-03-03T06:20:00Z') / 1000;
    const late = await Sitting.begin(60, { ...quietLab50(), epochSeconds });
    const { simulation } = late.running.lab;
    const { disk } = simulation.world.hosts.get('cca')!;
    const open = [...disk.files.keys()].find((path) => path.includes('/ra/logfiles/ccag_'))!;
    const old = open.replace('ccag_26', 'ccag_25');
    disk.files.delete(open);
    for (const path of [old, open]) disk.files.set(path, structuredClone(EMPTY_FILE));
    for (const path of [old, open]) disk.files.get(path)!.modifiedUs = -31 * 86_400 * 1e6;
    const young = [...disk.files.keys()].find((path) => path.includes('/ra/logfiles/mds_'))!;
    late.run(15 * 60);
    expect(disk.files.has(old)).toBe(false);
    // The newest of a process may be open still.
    expect(disk.files.has(open)).toBe(true);
    expect(disk.files.has(young)).toBe(true);
    late.close();
  });
});
