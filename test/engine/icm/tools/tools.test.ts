import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TRACE, TRACE_LEVELS } from '../../../../src/engine/icm/ems/trace-groups.ts';
import { PROGRAMS, TOOLS } from '../../../../src/engine/icm/tools/shell.ts';
import { lab50 } from '../../../support/lab50.ts';
import { Sitting } from './sitting.ts';

describe('the tools of a console', () => {
  let sitting: Sitting;
  beforeEach(async () => {
    sitting = await Sitting.begin();
  });
  afterEach(() => sitting.close());
  const type = (...lines: string[]) => sitting.type('cca', ...lines);

  it('help names every tool, and every tool has a usage', async () => {
    const help = (await type('help')).join('\n');
    for (const { name } of TOOLS) {
      expect(help).toMatch(new RegExp(`^${name} `, 'm'));
      expect((await type(`${name} /?`))[0].toLowerCase()).toContain(name);
    }
  });

  it('help of each program names its commands and marks what is an emulator choice', async () => {
    const starts = { rttest: 'rttest /cust lab50', opctest: 'opctest /cust lab50 /node pg1a' };
    for (const { name, commands } of PROGRAMS) {
      const start = { ...starts, procmon: 'procmon lab50 ra mds' }[name]!;
      const help = await type(start, '?');
      for (const command of commands) {
        const line = help.find((one) => one.trim().startsWith(command.name));
        expect(line, `${name} ${command.name}`).toBeDefined();
        expect(line!.endsWith('*')).toBe(command.source === 'emulator choice');
        expect((await type(`${command.name} /?`))[0]).toMatch(/^Usage: /);
      }
      await type('quit');
    }
  });

  it('rttest takes both spellings of its call, and says what is wrong with others', async () => {
    for (const call of ['rttest /cust lab50/node rb', 'rttest /cust LAB50 /node routerb']) {
      expect(await type(call, 'status')).not.toEqual([]);
      await type('quit');
    }
    expect(await type('rttest')).toEqual([expect.stringMatching(/^Usage: rttest/)]);
    expect(await type('rttest /cust acme')).toEqual([
      'rttest: there is no customer "acme" here; this lab\'s is lab50.',
    ]);
    expect(await type('rttest /cust lab50 /node pg1a')).toEqual([
      'rttest: there is no router node "pg1a".',
    ]);
  });

  it('a word too much is named', async () => {
    await type('rttest /cust lab50');
    expect(await type('status now')).toEqual(['status: Error for now: Unknown argument.']);
  });

  it('rttest reaches the other node only over a network that is whole', async () => {
    const cut = { network: 'public', from: 'cca', to: 'ccb' } as const;
    sitting.running.lab.execute({ verb: 'cut', ...cut });
    const none = ['rttest: no connection to the router of node rb.'];
    expect(await type('rttest /cust lab50 /node rb')).toEqual(none);
    sitting.running.lab.execute({ verb: 'repair', ...cut });
    await type('rttest /cust lab50 /node rb');
    sitting.running.lab.execute({ verb: 'hang-process', process: 'rb-tsyr' });
    expect(await type('status')).toEqual(none);
  });

  it('watch logs a variable when it changes, and forgets with the process', async () => {
    await type('rttest /cust lab50');
    expect(await type('watch calltype.orders.routed')).toEqual([
      'CallType.Orders.Routed is watched; it is 0 now.',
    ]);
    sitting.running.lab.execute({ verb: 'place-call', dialedNumber: '8001', ani: '5550100' });
    sitting.run(10);
    const log = await type('quit', 'cdlog lab50 ra', 'dumplog rtr /m watch');
    expect(log.slice(1)).toEqual([
      '09:03:00 ra-rtr Trace: Watch: CallType.Orders.Routed is 0',
      '09:03:00 ra-rtr Trace: Watch: CallType.Orders.Routed was 0, is 1',
    ]);
    await type('rttest /cust lab50', 'exit_router');
    sitting.run(5);
    expect((await type('watch'))[0]).toBe('Nothing is watched.');
    expect(await type('watch Nothing.x.y')).toEqual([
      'watch: Error for variable: There is no Nothing.x.y.',
    ]);
  });

  it('what is watched and traced changes nothing in the state of the routers', async () => {
    await type('rttest /cust lab50', 'watch Router.CallsInRouter', 'trace * /on');
    sitting.running.lab.execute({ verb: 'place-call', dialedNumber: '8001', ani: '5550100' });
    sitting.run(60);
    const events = sitting.running.journal.logLines.map(({ event }) => event);
    expect(events).not.toContain('105023C');
  });

  it("opctest lists the agents of a peripheral in the tool's own words", async () => {
    const at = (...lines: string[]) => sitting.type('pg1a', ...lines);
    expect(await at('opctest /cust lab50')).toEqual([expect.stringMatching(/^OPCTEST Release/)]);
    expect(await at('la')).toEqual(['list_agents: Error for PeripheralID: Missing argument.']);
    expect(await at('la 101')).toHaveLength(30);
    expect(await at('la 101 /agent 2001')).toHaveLength(1);
    expect(await at('la 999')).toEqual([
      'list_agents: Error for PeripheralID: There is no peripheral 999.',
    ]);
    const status = await at('status');
    expect(status[2]).toBe(
      'PGAgent     LastStateChangeTime        ConnectATime             Status     ' +
        'ConnectBTime             Status',
    );
    expect(status[3]).toMatch(/^SideA {3}PIA 03\/02 15:00:00 \(3\.0 min\)/);
    expect(await at('debug /agent', 'debug /showtrace')).toContain('  agent              0x01  on');
    await at('exit_opc');
    sitting.run(5);
    expect(sitting.running.lab.simulation.process('pg1a-opc').incarnation).toBe(2);
  });

  it('procmon shows what a process does, and says when it cannot', async () => {
    const status = await type('procmon lab50 ra mds', 'status');
    expect(status).toContain('Synchronizer: Paired-Enabled, in service');
    expect((await type('sessions')).join()).toContain('rb-mds port 41005');
    expect(await type('trace nosuch /on')).toEqual(['trace: Error for group: There is no nosuch.']);
    sitting.running.lab.execute({ verb: 'hang-process', process: 'ra-mds' });
    expect(await type('status')).toEqual(['procmon: no connection to the process ra-mds.']);
  });

  it('ping meets what the links are, and changes nothing', async () => {
    const { lab } = sitting.running;
    const before = lab.simulation.stateHash();
    expect((await type('ping ccbp'))[2]).toMatch(/^Reply from 192\.168\.10\.11: bytes=32 time=/);
    expect((await type('ping 10.10.0.11'))[2]).toMatch(/^Reply from 10\.10\.0\.11/);
    expect(await type('ping nobody')).toEqual([
      'Ping request could not find host nobody. Please check the name and try again.',
    ]);
    expect((await type('ping localhost'))[2]).toMatch(/time<1ms/);
    expect(lab.simulation.stateHash()).toBe(before);
    lab.execute({ verb: 'crash-host', host: 'ccb' });
    expect((await type('ping ccb')).join()).toContain('(100% loss)');
    expect(await sitting.type('ccb', 'dir')).toEqual(['The host ccb has no power.']);
  });

  it('half of the probes are lost on a link that loses half', async () => {
    const link = { network: 'private', from: 'cca', to: 'ccb', lossRate: 0.5 } as const;
    sitting.running.lab.execute({ verb: 'set-link', ...link });
    const lines = await type('ping -n 100 ccbp');
    const lost = Number(/Lost = (\d+)/.exec(lines.join())![1]);
    expect(lost).toBeGreaterThan(30);
    expect(lost).toBeLessThan(70);
  });

  it('net stops and starts a service and knows the words of Windows', async () => {
    const service = '"Cisco ICM lab50 RouterA"';
    expect(await type('net start')).toContain('   Cisco ICM lab50 RouterA');
    expect(await type(`net stop ${service}`)).toEqual([
      'The Cisco ICM lab50 RouterA service is stopping.',
      'The Cisco ICM lab50 RouterA service was stopped successfully.',
    ]);
    expect((await type(`net stop ${service}`))[0]).toBe(
      'The Cisco ICM lab50 RouterA service is not started.',
    );
    await type(`net start ${service}`);
    expect((await type(`net start ${service}`))[0]).toBe(
      'The requested service has already been started.',
    );
    expect((await type('net stop spooler'))[0]).toBe('The service name is invalid.');
  });

  it('files: folders, wildcards, and what a running process holds open', async () => {
    expect(await type('cd icm\\LAB50\\ra', 'cd')).toEqual(['C:\\icm\\lab50\\ra']);
    expect(await type('cd nowhere')).toEqual(['The system cannot find the path specified.']);
    expect(await type('cd \\', 'cd')).toEqual(['C:\\']);
    await type('cdlog lab50 ra');
    expect(await type('type rtr_260302_150032.ems')).toEqual([
      'rtr_260302_150032.ems is a binary log file: use dumplog.',
    ]);
    expect((await type('del rtr*.ems'))[1]).toContain('being used by another process');
    sitting.running.lab.execute({ verb: 'stop-process', process: 'ra-rtr' });
    expect(await type('del RTR*.EMS', 'dir rtr*')).toEqual(['File Not Found']);
    expect(await type('dir D:\\')).toEqual(['The system cannot find the drive specified.']);
  });

  it('rtsetting raises the alarm limit of the state size, also of the other node', async () => {
    expect(await type('rtsetting /cust lab50 /statesize 40')).toEqual([
      'RouterA: state size alarm limit is 40 MB now.',
    ]);
    expect(await type('rtsetting /cust lab50')).toEqual(['RouterA: state size alarm limit 40 MB.']);
    expect(await type('rtsetting /cust lab50 /node rb')).toEqual([
      'RouterB: state size alarm limit 30 MB.',
    ]);
    expect(await type('rtsetting /cust lab50 /statesize x')).toEqual([
      'rtsetting: "x" is no number of megabytes.',
    ]);
  });

  it('Tab knows commands, options, nodes, files, services, keys and variables', async () => {
    const found = (line: string) => sitting.complete('cca', line);
    expect(found('net')).toEqual(['net', 'netstat']);
    expect(found('rttest /cust ')).toEqual(['lab50']);
    expect(found('net stop ')).toEqual(['"Cisco ICM lab50 RouterA"', '"Cisco ICM lab50 LoggerA"']);
    expect(found('cd icm\\lab50\\r')).toEqual(['icm\\lab50\\ra\\']);
    expect(found('reg query HKLM\\')).toEqual([]);
    expect(found('reg query HKEY_LOCAL_MACHINE\\S')).toEqual(['HKEY_LOCAL_MACHINE\\SOFTWARE']);
    expect(found('netstat | f')).toEqual(['findstr']);
    await type('rttest /cust lab50');
    expect(found('watch CallType.Orders.')).toEqual([
      'CallType.Orders.Routed',
      'CallType.Orders.DefaultRouted',
    ]);
    expect(sitting.complete('lab', 'do crash-process process=ra-rt')).toEqual([
      'process=ra-rtr',
      'process=ra-rts',
    ]);
  });

  it('every trace level is made of groups that there are, or of all', () => {
    for (const [kind, groups] of Object.entries(TRACE)) {
      const bits = Object.values(groups);
      expect(new Set(bits).size).toBe(bits.length);
      expect(TRACE_LEVELS[kind as keyof typeof TRACE][0]).toBe(0);
    }
  });
});

describe('trace lines', () => {
  it('are written for the groups that are on, and for no others', async () => {
    const sitting = await Sitting.begin(180, lab50());
    await sitting.type('cca', 'rttest /cust lab50', 'trace routeRequests /on');
    sitting.run(120);
    const log = await sitting.type('cca', 'quit', 'cdlog lab50 ra', 'dumplog rtr /m trace:');
    const lines = await sitting.type('cca', 'dumplog rtr | findstr Trace:');
    expect(log.slice(1)).toEqual(lines);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.every((line) => /Route re(quest|sponse):/.test(line))).toBe(true);
    sitting.close();
  });

  it('Test Other Side is told in the logs of MDS, CCAG and PGAG', async () => {
    const sitting = await Sitting.begin();
    for (const [host, node, process] of [
      ['ccb', 'rb', 'mds'],
      ['cca', 'ra', 'ccag'],
      ['pg1a', 'pg1a', 'pgag'],
    ]) {
      await sitting.type(host, `procmon lab50 ${node} ${process}`, 'trace test* /on', 'quit');
    }
    for (const [from, to] of [
      ['cca', 'ccb'],
      ['ccb', 'cca'],
    ]) {
      sitting.running.lab.execute({ verb: 'cut', network: 'private', from, to });
    }
    sitting.run(10);
    for (const [host, node, process] of [
      ['ccb', 'rb', 'mds'],
      ['cca', 'ra', 'ccag'],
      ['pg1a', 'pg1a', 'pgag'],
    ]) {
      const log = await sitting.type(host, `cdlog lab50 ${node}`, `dumplog ${process}`);
      expect(log.join('\n'), process).toContain('Trace: Test Other Side');
    }
    sitting.close();
  });
});
