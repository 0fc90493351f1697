import { describe, expect, it } from 'vitest';
import { behaviour, listener, RIGHT, twoHosts } from './two-hosts.ts';

const bigText = (index: number) => `${index}:${'x'.repeat(9_000)}`;

describe('datagrams', () => {
  const sender = (count: number) =>
    behaviour('left', {
      onStart(context) {
        for (let i = 0; i < count; i++) {
          context.sendDatagram({ process: 'right', network: 'lan' }, { type: 'ping', i });
        }
      },
    });
  const receiver = behaviour('right', {
    onDatagram: (context, { message }) => context.log('info', String(message['i'])),
  });

  it('a link set to 70 ms measures 70 ms', () => {
    const { simulation, journal } = twoHosts(sender(1), receiver, { delayUs: 70_000 });
    simulation.runUntil(1_000_000);
    // 1 us is the serialization of some 60 bytes at 1 Tbit/s, rounded up.
    expect(journal.lines).toEqual([{ atUs: 70_001, text: '0' }]);
  });

  it('bandwidth spaces messages by their size', () => {
    const { simulation, journal } = twoHosts(sender(3), receiver, {
      delayUs: 0,
      bandwidthBitsPerSecond: 1_000_000,
    });
    simulation.runUntil(1_000_000);
    const times = journal.lines.map((line) => line.atUs);
    const sizeBytes = (journal.events.at(-1)!.data as { sizeBytes: number }).sizeBytes + 40;
    expect(times[1] - times[0]).toBe(sizeBytes * 8);
    expect(times[2] - times[1]).toBe(sizeBytes * 8);
  });

  it('loss drops about the configured share, a cut drops everything', () => {
    const lossy = twoHosts(sender(2000), receiver, { lossRate: 0.3 });
    lossy.simulation.runUntil(1_000_000);
    expect(lossy.journal.lines.length).toBeGreaterThan(1300);
    expect(lossy.journal.lines.length).toBeLessThan(1500);

    const cut = twoHosts(sender(10), receiver);
    cut.simulation.setCut('lan', 'left', 'right', true);
    cut.simulation.runUntil(1_000_000);
    expect(cut.journal.lines).toEqual([]);
  });

  it('what is in flight when the link is cut is lost even if the link is back in time', () => {
    const { simulation, journal } = twoHosts(sender(1), receiver, { delayUs: 50_000 });
    simulation.runUntil(10_000);
    simulation.setCut('lan', 'left', 'right', true);
    simulation.runUntil(20_000);
    simulation.setCut('lan', 'left', 'right', false);
    simulation.runUntil(1_000_000);
    expect(journal.lines).toEqual([]);
  });

  it('a cut holds for its own direction only', () => {
    const { simulation, journal } = twoHosts(sender(1), receiver);
    simulation.setCut('lan', 'right', 'left', true);
    simulation.runUntil(1_000_000);
    expect(journal.lines.length).toBe(1);
  });
});

describe('sessions', () => {
  const client = (count: number) =>
    behaviour('left', {
      onStart: (context) => void context.connect(RIGHT),
      onOpened(context, { session }) {
        context.log('info', 'opened');
        for (let i = 0; i < count; i++) context.send(session, { type: 'text', text: bigText(i) });
      },
      onClosed: (context, _session, reason) => context.log('warn', `client ${reason}`),
    });
  const numbersIn = (lines: readonly { text: string }[]) =>
    lines.filter(({ text }) => text.includes(':')).map(({ text }) => Number(text.split(':')[0]));

  it('keeps the byte order under jitter, loss and a cut that is repaired', () => {
    const { simulation, journal } = twoHosts(client(200), listener, {
      jitterUs: 30_000,
      lossRate: 0.2,
      bandwidthBitsPerSecond: 20_000_000,
    });
    simulation.runUntil(400_000);
    simulation.setCut('lan', 'left', 'right', true);
    simulation.runUntil(3_000_000);
    const before = numbersIn(journal.lines).length;
    simulation.setCut('lan', 'left', 'right', false);
    simulation.runUntil(60_000_000);
    expect(before).toBeLessThan(200);
    expect(numbersIn(journal.lines)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it('gives up after twelve seconds over a dead path and tells the sender', () => {
    const { simulation, journal } = twoHosts(client(200), listener, {
      bandwidthBitsPerSecond: 1_000_000,
    });
    simulation.runUntil(100_000);
    simulation.setCut('lan', 'left', 'right', true);
    simulation.runUntil(60_000_000);
    expect(journal.lines.map(({ text }) => text)).toContain('client timeout');
  });

  it('refuses where nobody listens and times out where nobody answers', () => {
    const deaf = twoHosts(client(0), behaviour('right', {}));
    deaf.simulation.runUntil(10_000_000);
    expect(deaf.journal.lines.map(({ text }) => text)).toEqual(['client refused']);

    const cut = twoHosts(client(0), listener);
    cut.simulation.setCut('lan', 'left', 'right', true);
    cut.simulation.runUntil(10_000_000);
    expect(cut.journal.lines).toEqual([{ atUs: 3_000_000, text: 'client timeout' }]);
  });

  it('tells the peer when a process dies, and says nothing when its host does', () => {
    const killed = twoHosts(client(1), listener);
    killed.simulation.runUntil(1_000_000);
    killed.simulation.stopProcess('right');
    killed.simulation.runUntil(2_000_000);
    expect(killed.journal.lines.at(-1)?.text).toBe('client reset');

    const dark = twoHosts(client(1), listener);
    dark.simulation.runUntil(1_000_000);
    dark.simulation.crashHost('right');
    dark.simulation.runUntil(12_000_000);
    expect(dark.journal.lines.at(-1)?.text).toBe(bigText(0));
    dark.simulation.runUntil(30_000_000);
    expect(dark.journal.lines.at(-1)?.text).toBe('client timeout');
  });

  it('an end that only listens notices a dead path, and a peer that came back without it', () => {
    const cut = twoHosts(client(0), listener);
    cut.simulation.runUntil(1_000_000);
    cut.simulation.setCut('lan', 'left', 'right', true);
    cut.simulation.runUntil(40_000_000);
    expect(cut.journal.lines.map(({ text }) => text).sort()).toEqual([
      'client timeout',
      'opened',
      'timeout',
    ]);

    const back = twoHosts(client(0), listener);
    back.simulation.runUntil(1_000_000);
    back.simulation.crashHost('right');
    back.simulation.bootHost('right');
    back.simulation.runUntil(10_000_000);
    expect(back.journal.lines.at(-1)?.text).toBe('client reset');
  });

  it('pushes back when too much waits and says when there is room again', () => {
    const pusher = behaviour('left', {
      onStart: (context) => void context.connect(RIGHT),
      onOpened(context, { session }) {
        let sent = 1;
        while (context.send(session, { type: 'text', text: bigText(sent) })) sent++;
        context.log('info', `blocked after ${sent}`);
      },
      onDrained: (context) => context.log('info', 'drained'),
    });
    const { simulation, journal } = twoHosts(pusher, listener, { bandwidthBitsPerSecond: 1e7 });
    simulation.runUntil(100_000);
    const blocked = journal.lines.find(({ text }) => text.startsWith('blocked'));
    expect(blocked?.text).toMatch(/^blocked after 14\d$/);
    simulation.runUntil(20_000_000);
    expect(journal.lines.filter(({ text }) => text === 'drained').length).toBe(1);
  });
});
