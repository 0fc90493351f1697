import { describe, expect, it } from 'vitest';
import { allCheckers } from '../../../src/engine/checkers/all-checkers.ts';
import { CheckedRun, type Checker } from '../../../src/engine/checkers/checker.ts';
import { equalState } from '../../../src/engine/checkers/equal-state.ts';
import { oneEnabledSynchronizer } from '../../../src/engine/checkers/one-enabled-synchronizer.ts';
import { routedOnce } from '../../../src/engine/checkers/routed-once.ts';
import { sameOrder } from '../../../src/engine/checkers/same-order.ts';
import { transfersEnd } from '../../../src/engine/checkers/transfers-end.ts';
import { wireBytes } from '../../../src/engine/checkers/wire-bytes.ts';
import type { MdsState } from '../../../src/engine/icm/mds/mds-state.ts';
import type { CallRouterState } from '../../../src/engine/icm/router/call-router-state.ts';
import type { SessionDelivery } from '../../../src/engine/kernel/events.ts';
import { silentJournal } from '../../../src/engine/kernel/journal.ts';
import type { Behaviour, Context } from '../../../src/engine/kernel/process.ts';
import type { BehaviourTable } from '../../../src/engine/kernel/simulation.ts';
import { BEHAVIOURS } from '../../../src/engine/lab/behaviours.ts';
import { Lab } from '../../../src/engine/lab/lab.ts';
import { draw } from '../../../swarm/draw.ts';

const SECOND = 1_000_000;

/** The product with the code of one kind of process changed for the worse. */
function broken(
  kind: string,
  change: (good: Behaviour<unknown>) => Partial<Behaviour<unknown>>,
  base: BehaviourTable = BEHAVIOURS,
): BehaviourTable {
  const good = base.get(kind)!;
  return new Map([...base, [kind, { ...good, ...change(good) }]]);
}

/** A small lab with the checker on; both sides are up and paired after 30 s. */
function open(checker: Checker, behaviours?: BehaviourTable) {
  const checked = new CheckedRun([checker]);
  const lab = Lab.create(quiet(), checked.sink(silentJournal), behaviours);
  const run = (seconds: number) =>
    checked.runUntil(lab.simulation, lab.simulation.nowUs + seconds * SECOND);
  const sentences = () => checked.violations.map(({ sentence }) => sentence);
  return { lab, run, sentences };
}

/** Seed 3 of the swarm without callers of its own, both sides starting together. */
function quiet() {
  const { definition } = draw(3, 1);
  const { centralController, traffic, networks, networkIcm: _none, ...rest } = definition;
  const startUs = { A: 0, B: 0 };
  return {
    ...rest,
    networks: { ...networks, private: { ...networks.private, delayUs: 1000 } },
    centralController: { ...centralController, startUs },
    traffic: { ...traffic, callsPerHour: traffic.callsPerHour.map(() => 0.000_001) },
  };
}

const place = (lab: Lab) =>
  lab.execute({ verb: 'place-call', dialedNumber: '8101', ani: '5550100' });

describe('checkers see a promise that is broken', () => {
  it('nothing is seen while the product keeps them', () => {
    const checked = new CheckedRun(allCheckers(quiet()));
    const lab = Lab.create(quiet(), checked.sink(silentJournal));
    checked.runUntil(lab.simulation, 60 * SECOND);
    place(lab);
    checked.runUntil(lab.simulation, 120 * SECOND);
    expect(checked.violations).toEqual([]);
  });

  it('same order: an MDS that keeps an input from its router', () => {
    const { lab, run, sentences } = open(sameOrder());
    run(60);
    const client = lab.stateOf<MdsState>('rb-mds')!.clients.get('rtr')!;
    client.status = 'registered';
    run(20);
    client.status = 'active';
    run(30);
    expect(sentences()[0]).toMatch(/ra-rtr and rb-rtr applied different inputs/);
  });

  it('same order: an MDS that gives an input twice', () => {
    const behaviours = broken('mds', ({ onMessage }) => ({
      onMessage(context, delivery) {
        onMessage!(context, delivery);
        if (context.self === 'rb-mds' && delivery.message.type === 'order') {
          onMessage!(context, delivery);
        }
      },
    }));
    const { run, sentences } = open(sameOrder(), behaviours);
    run(60);
    expect(sentences()[0]).toMatch(/was given input \d+ after/);
  });

  it('same order: an MDS that forgets what was ordered during a transfer', () => {
    const behaviours = broken('mds', ({ onMessage }) => ({
      onMessage(context, delivery) {
        const state = context.state as MdsState;
        const rtr = state.clients.get('rtr');
        if (delivery.message.type === 'client active' && rtr?.status === 'transferring') {
          rtr.queue.length = 0;
        }
        onMessage!(context, delivery);
      },
    }));
    const { lab, run, sentences } = open(sameOrder(), behaviours);
    run(60);
    const link = { network: 'private', from: 'cca', to: 'ccb' } as const;
    lab.execute({ verb: 'set-link', ...link, bandwidthBitsPerSecond: 1_000_000 });
    lab.execute({ verb: 'crash-process', process: 'rb-rtr' });
    for (let call = 0; call < 10; call++) {
      place(lab);
      run(1);
    }
    run(60);
    expect(sentences()[0]).toMatch(/ra-rtr and rb-rtr applied different inputs/);
  });

  it('one enabled synchronizer: sides that do not listen to each other', () => {
    const behaviours = broken('mds', ({ onMessage }) => ({
      onMessage(context, delivery) {
        const { type } = delivery.message;
        if (type !== 'hello' && type !== 'other side') onMessage!(context, delivery);
      },
    }));
    const { run, sentences } = open(oneEnabledSynchronizer(), behaviours);
    run(120);
    expect(sentences()[0]).toMatch(/both enabled, the private path is whole/);
  });

  it('one enabled synchronizer: a side that does not believe its devices', () => {
    const { lab, run, sentences } = open(oneEnabledSynchronizer());
    run(60);
    lab.execute({ verb: 'cut', network: 'private', from: 'cca', to: 'ccb' });
    lab.execute({ verb: 'cut', network: 'private', from: 'ccb', to: 'cca' });
    run(30);
    const b = lab.stateOf<MdsState>('rb-mds')!;
    expect(b.state).toBe('Isolated-Disabled');
    b.state = 'Isolated-Enabled';
    run(1);
    expect(sentences()[0]).toMatch(/became enabled although pg\d[ab]-pgag could tell/);
  });

  it('equal state: one flipped bit in a router', () => {
    const { lab, run, sentences } = open(equalState());
    run(60);
    lab.stateOf<CallRouterState>('rb-rtr')!.router.tables.agent.words[9] ^= 1;
    run(10);
    expect(sentences()[0]).toMatch(/ra-rtr and rb-rtr differ at input/);
  });

  it('routed once: a PIM that says everything twice', () => {
    const twice = (context: Context<unknown>): Context<unknown> =>
      new Proxy(context, {
        get(target, name) {
          if (name !== 'send') return Reflect.get(target, name);
          return (session: number, message: { type: string }) => {
            if (message.type === 'route') target.send(session, message);
            return target.send(session, message);
          };
        },
      });
    const behaviours = broken('pim', ({ onMessage }) => ({
      onMessage: (context, delivery) => onMessage!(twice(context), delivery),
    }));
    const { lab, run, sentences } = open(routedOnce(), behaviours);
    run(60);
    place(lab);
    run(20);
    expect(sentences()[0]).toMatch(/was routed twice/);
  });

  it('routed once: an OPC that loses the answers', () => {
    const behaviours = broken('opc', ({ onMessage }) => ({
      onMessage(context, delivery) {
        const input = delivery.message['input'] as { message?: { type: string } } | undefined;
        if (input?.message?.type !== 'from router') onMessage!(context, delivery);
      },
    }));
    const { lab, run, sentences } = open(routedOnce(), behaviours);
    run(90);
    place(lab);
    run(20);
    expect(sentences()[0]).toMatch(/is not answered/);
  });

  const isRecord = (delivery: SessionDelivery) => delivery.message.type === 'state records';

  it('transfers end: a router that waits for ever for records that do not come', () => {
    const deaf = broken('mds', ({ onMessage }) => ({
      onMessage(context, delivery) {
        if (!isRecord(delivery)) onMessage!(context, delivery);
      },
    }));
    const patient = broken('rtr', () => ({ onTimer() {} }), deaf);
    const { run, sentences } = open(transfersEnd(), patient);
    run(120);
    expect(sentences()[0]).toMatch(/rtr: a state transfer stands still/);
  });

  it('wire bytes: an MDS that drops one record', () => {
    let dropped = false;
    const behaviours = broken('mds', ({ onMessage }) => ({
      onMessage(context, delivery) {
        if (!dropped && isRecord(delivery) && context.self === 'ra-mds') dropped = true;
        else onMessage!(context, delivery);
      },
    }));
    const { run, sentences } = open(wireBytes(), behaviours);
    run(60);
    expect(dropped).toBe(true);
    expect(sentences()[0]).toMatch(/Session \d+ shipped \d+ bytes of \d+ announced/);
  });
});
