import { appendFile, readFile, replaceFile } from './disk.ts';
import type { EventKind, ExitKind, LabEvent, Message } from './events.ts';
import type { JournalSink } from './journal.ts';
import type { PlainData } from './plain-data.ts';
import type {
  ConnectOptions,
  Context,
  LogSeverity,
  ProcessState,
  RegistryValue,
} from './process.ts';
import { nextExponential, nextUniform, type RandomState } from './random.ts';
import { readRegistry, writeRegistry } from './registry.ts';
import { endOf, type SessionLayer } from './sessions.ts';
import { utcSecondsOf, type WorldState } from './world.ts';

/** What the simulation offers to the context through which processes act. */
export interface KernelServices {
  readonly world: WorldState;
  readonly journal: JournalSink;
  readonly sessionLayer: SessionLayer;
  readonly currentSeq: number;
  scheduleFor(
    process: ProcessState,
    kind: EventKind,
    afterUs: number,
    data: LabEvent['data'],
    incarnation?: number,
  ): number;
  random(stream: string): RandomState;
  sendDatagram(from: ProcessState, to: string, network: string, message: Message): void;
  startProcess(name: string, afterUs?: number): void;
  log(process: ProcessState, severity: LogSeverity, text: string, event: string): void;
  stopProcess(name: string, how: ExitKind): void;
}

/** The one context object; it stands for whichever process is being run. */
export class ProcessContext implements Context<unknown> {
  current!: ProcessState;

  constructor(private readonly simulation: KernelServices) {}

  get self(): string {
    return this.current.name;
  }

  get host(): string {
    return this.current.host;
  }

  get state(): unknown {
    return this.current.state;
  }

  get nowUs(): number {
    return this.simulation.world.nowUs;
  }

  get utcSeconds(): number {
    return utcSecondsOf(this.simulation.world);
  }

  get eventSeq(): number {
    return this.simulation.currentSeq;
  }

  setTimer(name: string, delayUs: number, data?: PlainData): void {
    const seq = this.simulation.scheduleFor(this.current, 'timer', delayUs, { name, data });
    this.current.timers.set(name, seq);
  }

  cancelTimer(name: string): void {
    this.current.timers.delete(name);
  }

  listen(port: number): boolean {
    const { listeners } = this.hostState();
    const owner = listeners.get(port);
    if (owner && owner !== this.self) return false;
    listeners.set(port, this.self);
    return true;
  }

  unlisten(port: number): void {
    this.simulation.world.hosts.get(this.current.host)!.listeners.delete(port);
  }

  connect(options: ConnectOptions): number {
    return this.simulation.sessionLayer.connect(this.current, options);
  }

  send(session: number, message: Message): boolean {
    return this.simulation.sessionLayer.send(this.current, session, message);
  }

  close(id: number): void {
    const session = this.simulation.world.sessions.get(id);
    const end = session && endOf(session, this.current);
    if (end) this.simulation.sessionLayer.closeEnd(session, end, 'closed');
  }

  sendDatagram(to: { process: string; network: string }, message: Message): void {
    this.simulation.sendDatagram(this.current, to.process, to.network, message);
  }

  readFile(path: string): Uint8Array | undefined {
    return readFile(this.disk(), path);
  }

  appendFile(path: string, bytes: Uint8Array): void {
    appendFile(this.disk(), path, bytes, this.nowUs, this.self);
  }

  replaceFile(path: string, bytes: Uint8Array): void {
    replaceFile(this.disk(), path, bytes, this.nowUs, this.self);
  }

  deleteFile(path: string): void {
    this.disk().files.delete(path);
  }

  filesUnder(prefix: string) {
    return [...this.disk().files]
      .filter(([path]) => path.startsWith(prefix))
      .map(([path, { modifiedUs }]) => ({ path, modifiedUs }));
  }

  syncFile(path: string): void {
    this.simulation.scheduleFor(this.current, 'diskSynced', this.disk().syncUs, { path });
  }

  uniform(purpose: string): number {
    return nextUniform(this.simulation.random(`${this.self}/${purpose}`));
  }

  exponential(purpose: string, mean: number): number {
    return nextExponential(this.simulation.random(`${this.self}/${purpose}`), mean);
  }

  traces(group: number): boolean {
    return (this.current.traceMask & group) !== 0;
  }

  log(severity: LogSeverity, text: string, event = ''): void {
    this.simulation.log(this.current, severity, text, event);
  }

  exit(how: ExitKind): void {
    this.simulation.stopProcess(this.self, how);
  }

  startProcess(name: string, afterUs = 0): void {
    this.simulation.startProcess(this.neighbour(name).name, afterUs);
  }

  stopProcess(name: string, how: ExitKind): void {
    this.simulation.stopProcess(this.neighbour(name).name, how);
  }

  isRunning(name: string): boolean {
    return this.neighbour(name).running;
  }

  readRegistry(path: string): RegistryValue | undefined {
    return readRegistry(this.hostState().registry, path);
  }

  writeRegistry(path: string, value: RegistryValue): void {
    writeRegistry(this.hostState().registry, path, value);
  }

  registryUnder(path: string): readonly (readonly [string, RegistryValue])[] {
    const prefix = path.toLowerCase();
    return [...this.hostState().registry].filter(([key]) => key.toLowerCase().startsWith(prefix));
  }

  emit(output: PlainData): void {
    const { journal, currentSeq } = this.simulation;
    journal.onOutput(this.self, currentSeq, this.nowUs, output);
  }

  private disk() {
    return this.hostState().disk;
  }

  private hostState() {
    return this.simulation.world.hosts.get(this.current.host)!;
  }

  private neighbour(name: string): ProcessState {
    const process = this.simulation.world.processes.get(name);
    if (process?.host !== this.current.host) throw new Error(`${name} is not on ${this.host}`);
    return process;
  }
}
