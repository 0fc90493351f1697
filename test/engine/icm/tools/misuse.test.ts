import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wildcard } from '../../../../src/engine/icm/tools/wildcard.ts';
import type { LabCommand } from '../../../../src/engine/lab/commands.ts';
import { Sitting } from './sitting.ts';

/** What a user may do wrong: the lab says so, goes on, and loses nothing. */

const ROUTER = 'HKLM\\SOFTWARE\\Cisco System Inc.\\ICM\\lab50\\RouterA';
const FULL = ROUTER.replace('HKLM', 'HKEY_LOCAL_MACHINE');

describe('wildcards', () => {
  it.each([
    ['*', 'anything', true],
    ['rtr_*.ems', 'RTR_1.EMS', true],
    ['rtr_*.ems', 'rtr_1.txt', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*b*b', 'abcb', true],
    ['', 'a', false],
    ['a.c', 'abc', false],
  ])('%s and %s', (pattern, name, isMatch) => {
    expect(wildcard(pattern)(name)).toBe(isMatch);
  });

  it('many stars take no longer than few', () => {
    const matches = wildcard(`${'*a'.repeat(40)}x`);
    expect(matches('a'.repeat(400))).toBe(false);
  });
});

describe('misuse of a lab', () => {
  let sitting: Sitting;
  beforeEach(async () => {
    sitting = await Sitting.begin();
  });
  afterEach(() => sitting.close());
  const type = (...lines: string[]) => sitting.type('cca', ...lines);
  const execute = (command: LabCommand) => sitting.running.lab.execute(command);
  const refused = (command: LabCommand) => {
    const result = execute(command);
    return result.ok ? 'ok' : result.error.code;
  };

  it.each([
    ['MDSPort', 41_013],
    ['MDSPort', 40_007],
    ['StateXferPort', 41_013],
    ['StateXferPort', 40_000],
  ])('%s set to %d leaves the lab running', async (name, port) => {
    const key = `${ROUTER}\\MDS\\CurrentVersion\\Process`;
    await type(`reg add "${key}" /v ${name} /t REG_DWORD /d ${port}`);
    execute({ verb: 'crash-process', process: 'ra-mds' });
    sitting.run(60);
    execute({ verb: 'crash-process', process: 'ra-rtr' });
    sitting.run(30);
    expect(await sitting.type('ccb', 'rttest /cust lab50')).toEqual([]);
  });

  it('a file of a simulated program that is overwritten is as good as none', () => {
    execute({ verb: 'write-file', host: 'idb', path: 'idb/control', text: 'x' });
    execute({ verb: 'crash-process', process: 'idb' });
    execute({ verb: 'start-process', process: 'idb' });
    sitting.run(30);
    expect(sitting.running.lab.simulation.process('idb').running).toBe(true);
  });

  it('deleting a default value leaves the key', async () => {
    const count = () => sitting.running.lab.simulation.world.hosts.get('cca')!.registry.size;
    await type(`reg add "${ROUTER}"`);
    const before = count();
    await type(`reg delete "${ROUTER}" /v "" /f`);
    expect(count()).toBe(before - 1);
    const changes = [{ path: `${FULL}\\`, value: null }];
    execute({ verb: 'import-registry', host: 'cca', changes });
    expect(count()).toBe(before - 1);
  });

  it('a deleted EMS key takes the trace masks with it', async () => {
    const key = `${ROUTER}\\EMS\\CurrentVersion\\Library\\Processes\\rtr`;
    await type(`reg add "${key}" /v EMSTraceMask /t REG_DWORD /d 0xff`);
    const router = sitting.running.lab.simulation.process('ra-rtr');
    expect(router.traceMask).toBe(0xff);
    await type(`reg delete "${ROUTER}\\EMS" /f`);
    expect(router.traceMask).toBe(0);
    sitting.run(20);
  });

  it('keys that differ in case only are one key', async () => {
    const below = await type(`reg query "${ROUTER}\\Router"`);
    expect(below.filter((line) => /currentversion$/i.test(line))).toHaveLength(1);
    await type(`reg add "${ROUTER.toLowerCase()}\\mine" /v a /t REG_SZ /d b`);
    const paths = [...sitting.running.lab.simulation.world.hosts.get('cca')!.registry.keys()];
    expect(paths).toContain(`${FULL}\\mine\\a`);
    const text = (await type(`reg export "${ROUTER}" \\all.reg`, 'type \\all.reg')).join('\n');
    expect(
      text.match(/^\[.*\\Router\\CurrentVersion\\Configuration\\StateTransfer\]$/gim),
    ).toHaveLength(1);
  });

  it('a log file that is written cannot be replaced, and text files are no logs', async () => {
    await type('cdlog lab50 ra');
    const [open] = (await type('dir rtr_*.ems /b')).slice(-1);
    expect((await type(`reg export HKLM\\SOFTWARE ${open}`))[0]).toContain('is being used by');
    const key = `${ROUTER}\\EMS\\CurrentVersion\\Library\\Processes\\rtr`;
    await type(`reg add "${key}" /v EMSLogFileCountMax /t REG_DWORD /d 1`);
    await type('dumplog rtr /of rtr_1.txt');
    execute({ verb: 'crash-process', process: 'ra-rtr' });
    sitting.run(5);
    const names = await type('dir rtr_* /b');
    expect(names).toContain('rtr_1.txt');
    expect(names.filter((name) => name.endsWith('.ems'))).toHaveLength(1);
  });

  it('files are written where a name in another case stands already', async () => {
    await type('reg export HKLM\\SOFTWARE C:\\ICM\\LAB50\\Out.reg');
    await type('reg export HKLM\\SOFTWARE C:\\icm\\lab50\\out.REG');
    expect((await type('dir icm\\lab50\\*.reg /b')).filter(Boolean)).toEqual(['Out.reg']);
  });

  it.each(['/x', 'a//b', 'a/', 'a/../b', 'icm\\foo', 'a?', 'con:', 'tab\there'])(
    'a file cannot be called %j',
    (path) => {
      const host = 'cca';
      expect(refused({ verb: 'write-file', host, path, text: 'x' })).toBe('invalid-path');
    },
  );

  it('says what a process command cannot do', () => {
    expect(refused({ verb: 'exit-process', process: 'idb' })).toBe('no-node-manager');
    expect(refused({ verb: 'exit-process', process: 'nobody' })).toBe('unknown-process');
    execute({ verb: 'stop-process', process: 'ra-rts' });
    expect(refused({ verb: 'exit-process', process: 'ra-rts' })).toBe('process-not-running');
    expect(refused({ verb: 'set-trace', process: 'ra-rts', mask: 1 })).toBe('process-not-running');
    const watch = { verb: 'watch-variable', side: 'A', variable: 'No.x.y', watched: true } as const;
    expect(refused(watch)).toBe('unknown-variable');
  });

  it('the OPC takes over what stands below its own key, in any case', async () => {
    const gateway = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Cisco System Inc.\\ICM\\lab50';
    const path = `${gateway}\\pg1a\\pg\\currentversion\\pims\\pim1\\Foo`;
    const old = `${gateway}\\PG1A\\PG\\CurrentVersion\\PIMSold\\x`;
    execute({ verb: 'set-registry', host: 'pg1a', path, value: 5 });
    execute({ verb: 'set-registry', host: 'pg1a', path: old, value: 6 });
    execute({ verb: 'crash-process', process: 'pg1b-opc' });
    sitting.run(10);
    const { registry } = sitting.running.lab.simulation.world.hosts.get('pg1b')!;
    const fresh = [...registry].filter(([, value]) => value === 5 || value === 6);
    expect(fresh).toEqual([[`${gateway}\\PG1B\\PG\\CurrentVersion\\PIMS\\pim1\\Foo`, 5]]);
  });

  it('findstr takes any of several words, or one text; lines may go to a file', async () => {
    const both = await type('netstat -ab | findstr "40000 40007"');
    expect(both.some((line) => line.includes('40007'))).toBe(true);
    expect(await type('help | findstr /c:"of this host"')).not.toEqual([]);
    expect(await type('help | findstr /z x')).toEqual([expect.stringContaining('FINDSTR: Bad')]);
    expect(await type('netstat -ab > ports.txt')).toEqual([]);
    expect(await type('type ports.txt')).toContain('Active Connections');
    expect(await type('dir >')).toEqual(['The syntax of the command is incorrect.']);
    expect(await type('dir > a|b')).toEqual(['The syntax of the command is incorrect.']);
  });
});
