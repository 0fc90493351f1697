import { CheckpointTaking } from './checkpoint-taking.ts';
import { transmitDatagram } from './datagrams.ts';
import { type DiskState, losePending, syncFile } from './disk.ts';
import { EventQueue } from './event-queue.ts';
import type { Delivery, EventKind, ExitKind, LabEvent, Message } from './events.ts';
import { Fingerprint } from './fingerprint.ts';
import { hashBytes } from './hash.ts';
import { type JournalSink, silentJournal } from './journal.ts';
import { keepNoLogs, type LogPolicy } from './log-policy.ts';
import { cutSince } from './network.ts';
import { encodePlainData, type PlainData } from './plain-data.ts';
import { decodePlainData } from './plain-data-reader.ts';
import type { Behaviour, LogSeverity, ProcessState, WorkedOut } from './process.ts';
import { type KernelServices, ProcessContext } from './process-context.ts';
import { beginRun, changeHung, endRun, giveNotice, holdBack, pathOf } from './process-runs.ts';
import type { RandomState } from './random.ts';
import { Routes } from './routes.ts';
import { endOf, SessionLayer, type SessionWorld } from './sessions.ts';
import { createWorld, hostOf, pathBetween, type Topology, type WorldState } from './world.ts';

export type BehaviourTable = ReadonlyMap<string, Behaviour<unknown>>;

/** The event loop: takes the earliest event, lets the code of its process change plain data. */
export class Simulation implements KernelServices {
  private readonly queue = new EventQueue();
  readonly sessionLayer: SessionLayer;
  private readonly context: ProcessContext;
  private readonly fingerprint = new Fingerprint();
  private readonly routes: Routes;
  currentSeq = 0;
  /** A checkpoint that is not whole yet. */
  private taking: CheckpointTaking | undefined;
  /** Kind of the event executed last. */
  lastKind: EventKind | undefined;

  private constructor(
    readonly world: WorldState,
    private readonly behaviours: BehaviourTable,
    readonly journal: JournalSink,
    private readonly logPolicy: LogPolicy,
  ) {
    for (const event of world.pending) this.queue.push(event);
    world.pending = [];
    this.routes = new Routes(world);
    this.sessionLayer = new SessionLayer(this.sessionWorld());
    this.context = new ProcessContext(this);
  }

  static create(
    topology: Topology,
    behaviours: BehaviourTable,
    journal: JournalSink = silentJournal,
    logPolicy: LogPolicy = keepNoLogs,
  ): Simulation {
    return new Simulation(createWorld(topology), behaviours, journal, logPolicy);
  }

  /** Continues from a checkpoint made by {@link checkpoint}. */
  static restore(
    checkpoint: Uint8Array,
    behaviours: BehaviourTable,
    journal: JournalSink = silentJournal,
    logPolicy: LogPolicy = keepNoLogs,
  ): Simulation {
    const world = decodePlainData(checkpoint) as unknown as WorldState;
    return new Simulation(world, behaviours, journal, logPolicy);
  }

  /** The whole lab as bytes; equal labs give equal bytes. */
  checkpoint(): Uint8Array {
    return encodePlainData({ ...this.world, pending: this.queue.toData() });
  }

  /** The same bytes, of this moment, taken in steps: meanwhile the lab may go on. */
  beginCheckpoint(): CheckpointTaking {
    this.taking = new CheckpointTaking(this.world, this.queue.copy());
    return this.taking;
  }

  /** One that was begun is not whole yet: what changes now is taken for it in one go. */
  get isBeingTaken(): boolean {
    return this.taking !== undefined && !this.taking.isWhole;
  }

  stateHash(): string {
    return hashBytes(this.checkpoint());
  }

  get nowUs(): number {
    return this.world.nowUs;
  }

  get nextDueUs(): number {
    return this.queue.peekDueUs();
  }

  get pendingCount(): number {
    return this.queue.size;
  }

  /** Executes every event due up to and at `untilUs`, then moves the clock there. */
  runUntil(untilUs: number): void {
    while (this.queue.peekDueUs() <= untilUs) this.step();
    this.advanceClock(untilUs);
  }

  /** Executes events until `eventCount` of them have been executed in all. */
  runToCount(eventCount: number): void {
    while (this.world.eventCount < eventCount) {
      if (!this.step()) throw new Error('the lab has no more events');
    }
  }

  /** Moves the clock forward over time in which nothing is due. */
  advanceClock(toUs: number): void {
    if (this.queue.peekDueUs() < toUs) throw new Error('the clock may not jump over an event');
    if (toUs > this.world.nowUs) this.world.nowUs = toUs;
  }

  /** Executes the next event; false when none is left. */
  step(): boolean {
    const event = this.queue.pop();
    if (!event) return false;
    const { world } = this;
    world.nowUs = event.dueUs;
    world.eventCount++;
    this.currentSeq = event.seq;
    this.lastKind = event.kind;
    this.execute(event);
    this.currentSeq = 0;
    return true;
  }

  /**
   * A command from outside happens now, as an event without a cause. What was worked out about it
   * before, from the command and the state that its process is in, goes with it.
   */
  command(target: string, command: Message, { encoded, prepared }: WorkedOut = {}): number {
    const seq = this.nextSeq();
    this.world.eventCount++;
    const event: LabEvent = {
      dueUs: this.world.nowUs,
      seq,
      cause: 0,
      kind: 'command',
      target,
      incarnation: 0,
      data: command,
    };
    this.currentSeq = seq;
    this.record(event, encoded);
    const process = this.running(target);
    if (process) this.behaviour(process).onCommand?.(this.enter(process), command, prepared);
    return seq;
  }

  /** Ends the command begun by {@link command}; what is done in between has it as its cause. */
  endCommand(): void {
    this.currentSeq = 0;
  }

  process(name: string): ProcessState {
    const process = this.world.processes.get(name);
    if (!process) throw new Error(`unknown process ${name}`);
    return process;
  }

  startProcess(name: string, afterUs = 0): void {
    const process = this.process(name);
    process.pendingStart = this.scheduleFor(process, 'start', afterUs, undefined, 0);
  }

  /** Ends the run of a process: its timers die, its sessions are reset by the host. */
  stopProcess(name: string, how: ExitKind = 'stopped'): void {
    const process = this.process(name);
    if (how === 'stopped' && process.running && !process.hung) {
      // Who stops it may be another process, in the middle of what it does.
      const { current } = this.context;
      this.behaviour(process).onStop?.(this.enter(process));
      this.context.current = current;
    }
    this.beforeChange(process);
    if (!endRun(this.world, process)) return;
    for (const session of [...this.world.sessions.values()]) {
      const end = endOf(session, process);
      if (end) this.sessionLayer.closeEnd(session, end, 'reset');
    }
    const supervisor = this.running(process.supervisor);
    const exit = { process: name, how, ranUs: this.world.nowUs - process.startedUs };
    if (supervisor) this.scheduleFor(supervisor, 'processExited', 0, exit);
  }

  /** A line in the log of a process, caused by the event being handled. */
  log(process: ProcessState, severity: LogSeverity, text: string, event: string): void {
    this.beforeChange(process);
    const { world, currentSeq: cause } = this;
    const line = { cause, atUs: world.nowUs, process: process.name, severity, text, event };
    this.logPolicy.keep(world, process, line);
    this.journal.onLogLine(line);
  }

  /** A hung process handles nothing until it is released or ended. */
  setHung(name: string, hung: boolean): void {
    const { nowUs: dueUs } = this.world;
    for (const event of changeHung(this.process(name), hung)) this.queue.push({ ...event, dueUs });
  }

  /** Power loss: the host's processes die without a word, its disk forgets what is pending. */
  crashHost(name: string): void {
    hostOf(this.world, name).up = false;
    for (const process of this.world.processes.values()) {
      if (process.host === name) this.stopProcess(process.name, 'crashed');
    }
    losePending(this.diskToChange(name));
  }

  /** The disk of a host, for a command that changes its files. */
  diskToChange(name: string): DiskState {
    this.taking?.takeDisk(name);
    return hostOf(this.world, name).disk;
  }

  bootHost(name: string): void {
    hostOf(this.world, name).up = true;
  }

  setCut(network: string, from: string, to: string, cut: boolean): void {
    const path = pathBetween(this.world, network, from, to);
    path.cut = cut;
    if (cut) path.lastCutUs = this.world.nowUs;
  }

  private execute(event: LabEvent): void {
    if (holdBack(this.world, event)) return;
    switch (event.kind) {
      case 'start':
        return this.executeStart(event);
      case 'timer':
        return this.executeTimer(event);
      case 'datagram':
        return this.executeDatagram(event);
      case 'sessionRequest':
        this.record(event);
        return this.sessionLayer.onRequest(event);
      case 'sessionPump':
        return this.sessionLayer.onPump(event);
      case 'sessionMessage':
        return this.executeMessage(event);
      default:
        return this.executeNotice(event);
    }
  }

  private executeStart(event: LabEvent): void {
    const process = this.process(event.target);
    if (process.pendingStart !== event.seq) return;
    process.pendingStart = 0;
    if (process.running || !hostOf(this.world, process.host).up) return;
    this.record(event);
    const behaviour = this.behaviour(process);
    beginRun(this.world, process, this.logPolicy.traceMask(this.world, process));
    process.state = behaviour.create(process.config);
    behaviour.onStart(this.enter(process));
  }

  private executeTimer(event: LabEvent): void {
    const process = this.running(event.target, event.incarnation);
    const { name, data } = event.data as { name: string; data: PlainData };
    if (!process || process.timers.get(name) !== event.seq) return;
    process.timers.delete(name);
    this.record(event);
    this.behaviour(process).onTimer?.(this.enter(process), name, data);
  }

  private executeDatagram(event: LabEvent): void {
    const delivery = event.data as Delivery;
    const process = this.running(event.target);
    const sender = this.world.processes.get(delivery.from);
    if (!process || !sender) return;
    const { path } = this.routes.between(delivery.network, sender.host, process.host);
    if (cutSince(path, delivery.sentUs)) return;
    this.record(event);
    this.behaviour(process).onDatagram?.(this.enter(process), delivery);
  }

  private executeMessage(event: LabEvent): void {
    const delivery = this.sessionLayer.onArrival(event);
    const process = delivery && this.running(event.target);
    if (!process) return;
    this.record(event);
    this.behaviour(process).onMessage?.(this.enter(process), delivery);
  }

  /** Events that only tell a process something about a session or a file. */
  private executeNotice(event: LabEvent): void {
    if (event.kind === 'sessionClosed' && !this.sessionLayer.onClosed(event)) return;
    if (event.kind === 'diskSynced') this.syncDisk(event);
    const process = this.running(event.target, event.incarnation);
    if (!process) return;
    this.record(event);
    giveNotice(this.behaviour(process), this.enter(process), event);
  }

  /** A disk writes what it was given, also by a process that has ended meanwhile. */
  private syncDisk(event: LabEvent): void {
    const host = hostOf(this.world, this.process(event.target).host);
    if (host.up) syncFile(this.diskToChange(host.name), pathOf(event));
  }

  private record(event: LabEvent, encoded?: unknown): void {
    this.fingerprint.add(this.world.journalHash, event, encoded);
    this.journal.onEvent(event);
  }

  private running(name: string, incarnation = 0): ProcessState | undefined {
    const process = this.world.processes.get(name);
    if (!process?.running) return undefined;
    return incarnation === 0 || process.incarnation === incarnation ? process : undefined;
  }

  private behaviour(process: ProcessState): Behaviour<unknown> {
    const behaviour = this.behaviours.get(process.kind);
    if (!behaviour) throw new Error(`no behaviour for process kind ${process.kind}`);
    return behaviour;
  }

  private enter(process: ProcessState): ProcessContext {
    this.beforeChange(process);
    this.context.current = process;
    return this.context;
  }

  /** What a checkpoint is to have of a process and its host is taken before they change. */
  private beforeChange(process: ProcessState): void {
    if (!this.taking) return;
    this.taking.takeProcess(process);
    if (this.taking.isWhole) this.taking = undefined;
  }

  private nextSeq(): number {
    return this.world.nextSeq++;
  }

  scheduleFor(
    process: ProcessState,
    kind: EventKind,
    afterUs: number,
    data: LabEvent['data'],
    incarnation = process.incarnation,
  ): number {
    const seq = this.nextSeq();
    if (!(afterUs >= 0)) throw new Error(`${process.name}: an event may not be due in the past`);
    const dueUs = this.world.nowUs + Math.round(afterUs);
    const { currentSeq: cause } = this;
    this.queue.push({ dueUs, seq, cause, kind, target: process.name, incarnation, data });
    return seq;
  }

  random(stream: string): RandomState {
    return this.routes.random(stream);
  }

  sendDatagram(from: ProcessState, to: string, network: string, message: Message): void {
    const target = this.process(to);
    const weighed = this.fingerprint.weigh(message);
    const sent = transmitDatagram(this.world.nowUs, this.routes, from, target, network, weighed);
    if (!sent) return;
    const { dueUs, ...delivery } = sent;
    this.scheduleFor(target, 'datagram', dueUs - delivery.sentUs, { ...delivery, message }, 0);
  }

  private sessionWorld(): SessionWorld {
    const simulation = this;
    const { world } = this;
    return {
      get nowUs() {
        return world.nowUs;
      },
      get currentSeq() {
        return simulation.currentSeq;
      },
      sessions: world.sessions,
      nextSessionId: () => world.nextSessionId++,
      route: (network, from, to) => this.routes.between(network, from, to),
      hostUp: (host) => world.hosts.get(host)?.up === true,
      listener: (host, port) => {
        const name = world.hosts.get(host)?.listeners.get(port);
        return name === undefined ? undefined : this.running(name);
      },
      process: (name) => world.processes.get(name),
      schedule: (kind, dueUs, target, incarnation, cause, data) =>
        this.queue.push({ dueUs, seq: this.nextSeq(), cause, kind, target, incarnation, data }),
      weigh: (message) => this.fingerprint.weigh(message),
    };
  }
}
