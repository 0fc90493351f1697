import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckpointTaking } from '../../../src/engine/kernel/checkpoint-taking.ts';
import { Simulation } from '../../../src/engine/kernel/simulation.ts';
import { behaviour, RIGHT, twoHosts } from './two-hosts.ts';

interface Chatter {
  session: number;
  told: number;
}

/** Two processes that chat over a session and by datagram at random moments, on a bad network. */
function chatting(seed: number) {
  const left = behaviour<Chatter>('left', {
    create: () => ({ session: 0, told: 0 }),
    onStart(context) {
      context.state.session = context.connect(RIGHT);
      context.setTimer('talk', 1000);
    },
    onTimer(context) {
      const { state } = context;
      state.told++;
      context.send(state.session, { type: 'text', n: state.told });
      context.sendDatagram({ process: 'right', network: 'lan' }, { type: 'beat', n: state.told });
      context.appendFile('talk.log', new Uint8Array([state.told]));
      if (state.told % 7 === 0) context.syncFile('talk.log');
      context.setTimer('talk', context.exponential('talk', 5000));
    },
  });
  const right = behaviour<{ heard: number[] }>('right', {
    create: () => ({ heard: [] }),
    onStart: (context) => context.listen(7000),
    onMessage: (context, { message }) => void context.state.heard.push(Number(message['n'])),
    onDatagram: (context) => void context.state.heard.push(-1),
    onCommand: (context) => void context.state.heard.push(-2),
  });
  return twoHosts(left, right, { jitterUs: 4000, lossRate: 0.1 }, seed);
}

const END_US = 2_000_000;
const hashesOf = (simulation: Simulation) => ({
  state: simulation.stateHash(),
  journal: Array.from(simulation.world.journalHash),
});

describe('determinism', () => {
  it('the same seed gives the same journal and the same state', () => {
    const runs = [7, 7, 8].map((seed) => {
      const { simulation } = chatting(seed);
      simulation.runUntil(END_US);
      return hashesOf(simulation);
    });
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]).not.toEqual(runs[2]);
  });

  it('restored from any moment and run on, it equals the straight run', () => {
    const straight = chatting(3);
    straight.simulation.runUntil(END_US);
    const expected = hashesOf(straight.simulation);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: END_US }), (momentUs) => {
        const { simulation, behaviours } = chatting(3);
        simulation.runUntil(momentUs);
        const restored = Simulation.restore(simulation.checkpoint(), behaviours);
        expect(restored.stateHash()).toBe(simulation.stateHash());
        restored.runUntil(END_US);
        expect(hashesOf(restored)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('every event names an earlier event as its cause, or none', () => {
    const { simulation, journal } = chatting(5);
    simulation.runUntil(END_US);
    const seen = new Set([0]);
    for (const event of journal.events) {
      expect(seen.has(event.cause)).toBe(true);
      seen.add(event.seq);
    }
    expect(journal.events.length).toBeGreaterThan(500);
  });
});

describe('a checkpoint that is taken while the lab goes on', () => {
  function command(simulation: Simulation, act: () => void): void {
    simulation.command('', { type: 'x' });
    act();
    simulation.endCommand();
  }
  const joined = (taking: CheckpointTaking) => Buffer.concat(taking.parts());

  it('is the lab of the moment at which it was begun, whatever happens meanwhile', () => {
    const step = fc.constantFrom(
      'event',
      'stop',
      'start',
      'crash',
      'boot',
      'command',
      'step',
      'second taking',
    );
    fc.assert(
      fc.property(fc.nat(END_US), fc.array(step, { maxLength: 60 }), (momentUs, steps) => {
        const { simulation } = chatting(3);
        simulation.runUntil(momentUs);
        let expected = simulation.checkpoint();
        let taking = simulation.beginCheckpoint();
        for (const each of steps) {
          if (each === 'event') simulation.step();
          else if (each === 'stop') command(simulation, () => simulation.stopProcess('left'));
          else if (each === 'start') command(simulation, () => simulation.startProcess('left'));
          else if (each === 'crash') command(simulation, () => simulation.crashHost('left'));
          else if (each === 'boot') command(simulation, () => simulation.bootHost('left'));
          else if (each === 'command') simulation.command('right', { type: 'x' });
          else if (each === 'step') taking.step();
          else {
            expected = simulation.checkpoint();
            taking = simulation.beginCheckpoint();
          }
        }
        while (!taking.isWhole) taking.step();
        expect(joined(taking).equals(expected)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('differs when a state is changed behind the back of its process', () => {
    const { simulation } = chatting(3);
    simulation.runUntil(END_US);
    const expected = simulation.checkpoint();
    const taking = simulation.beginCheckpoint();
    expect(() => taking.parts()).toThrow('not whole');
    (simulation.process('right').state as { heard: number[] }).heard.push(7);
    while (!taking.isWhole) taking.step();
    expect(joined(taking).equals(expected)).toBe(false);
  });
});

describe('disks', () => {
  const writer = behaviour('left', {
    onStart(context) {
      context.appendFile('a', new Uint8Array([1, 2]));
      context.syncFile('a');
    },
    onDiskSynced(context) {
      context.appendFile('a', new Uint8Array([3]));
      context.appendFile('never-synced', new Uint8Array([9]));
    },
  });
  const bytesOf = (simulation: Simulation, path: string) => {
    const file = simulation.world.hosts.get('left')!.disk.files.get(path);
    return file && [...file.bytes.subarray(0, file.sizeBytes)];
  };

  it('a host that loses power keeps what was synced and nothing else', () => {
    const { simulation } = twoHosts(writer, behaviour('right', {}));
    simulation.runUntil(100_000);
    expect(bytesOf(simulation, 'a')).toEqual([1, 2, 3]);
    simulation.crashHost('left');
    expect(bytesOf(simulation, 'a')).toEqual([1, 2]);
    expect(bytesOf(simulation, 'never-synced')).toBeUndefined();
  });

  it('a process that dies loses nothing it had written', () => {
    const { simulation } = twoHosts(writer, behaviour('right', {}));
    simulation.runUntil(100_000);
    simulation.stopProcess('left');
    expect(bytesOf(simulation, 'a')).toEqual([1, 2, 3]);
  });
});
