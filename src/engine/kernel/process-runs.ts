import type { CloseReason, LabEvent, ProcessExit } from './events.ts';
import type { Behaviour, Context, ProcessState, SessionPeer } from './process.ts';
import type { WorldState } from './world.ts';

/** All but its state. */
export function beginRun(world: WorldState, process: ProcessState, traceMask: number): void {
  process.running = true;
  process.incarnation++;
  process.startedUs = world.nowUs;
  process.traceMask = traceMask;
}

/** Forgets what belongs to one run of a process; false if it was not running. */
export function endRun(world: WorldState, process: ProcessState): boolean {
  process.pendingStart = 0;
  if (!process.running) return false;
  process.running = false;
  process.hung = false;
  process.endedUs = world.nowUs;
  process.held.length = 0;
  process.timers.clear();
  process.state = undefined;
  process.traceMask = 0;
  process.logFile = '';
  const { listeners } = world.hosts.get(process.host)!;
  for (const [port, owner] of [...listeners]) {
    if (owner === process.name) listeners.delete(port);
  }
  return true;
}

/** True if the event is for a hung process: it waits, or is lost as a datagram would be. */
export function holdBack(world: WorldState, event: LabEvent): boolean {
  if (event.target === '' || event.kind === 'start') return false;
  const process = world.processes.get(event.target);
  if (!process?.hung) return false;
  if (event.kind !== 'datagram') process.held.push(event);
  return true;
}

/** What had to wait while the process was hung; it is due now. */
export function changeHung(process: ProcessState, hung: boolean): LabEvent[] {
  process.hung = hung && process.running;
  return process.held.splice(0);
}

/** Tells a process something about a session, a file or another process. */
export function giveNotice(
  behaviour: Behaviour<unknown>,
  context: Context<unknown>,
  event: LabEvent,
): void {
  const data = event.data as { session: number; peer: string; port: number };
  if (event.kind === 'sessionAccepted') behaviour.onAccepted?.(context, data as SessionPeer);
  else if (event.kind === 'sessionOpened') behaviour.onOpened?.(context, data as SessionPeer);
  else if (event.kind === 'sessionDrained') behaviour.onDrained?.(context, data.session);
  else if (event.kind === 'diskSynced') behaviour.onDiskSynced?.(context, pathOf(event));
  else if (event.kind === 'processExited') {
    behaviour.onChildExited?.(context, event.data as ProcessExit);
  } else if (event.kind === 'sessionClosed') {
    const { reason } = event.data as { reason: CloseReason };
    behaviour.onClosed?.(context, data.session, reason);
  }
}

export function pathOf(event: LabEvent): string {
  return (event.data as { path: string }).path;
}
