import type { ProcessExit } from '../../kernel/events.ts';
import type { Behaviour, Context } from '../../kernel/process.ts';
import { LOG_FILE_NAME } from '../ems/log-file.ts';
import { raise } from '../ems/raise.ts';
import { logFolder, shortName } from '../registry/catalogue.ts';
import { nodeManagerKey } from '../registry/keys.ts';
import type { IcmSettings } from '../settings.ts';

/** One process of a node, in start order. */
export type NodeProcess = {
  readonly name: string;
  /** Its loss takes the whole node down (ICM-NM-05); which ones do is an emulator choice. */
  readonly critical: boolean;
};

export type NodeManagerConfig = {
  /** As its service is called: `lab50 RouterA` (ICM-NM-01). */
  readonly title: string;
  readonly customer: string;
  readonly node: string;
  /** Such as `RouterA`. */
  readonly component: string;
  readonly utcOffsetSeconds: number;
  readonly processes: readonly NodeProcess[];
  readonly settings: IcmSettings;
};

export type NodeManagerState = {
  readonly config: NodeManagerConfig;
  /** Probes that the message delivery process has not answered. */
  unanswered: number;
  restarting: boolean;
};

type NodeManagerContext = Context<NodeManagerState>;

const START_SPACING_US = 1_000;
/** Emulator choice: a message delivery process that is hung is found after three of these. */
const PROBE_US = 5_000_000;
const PROBES_MISSED = 3;
const EXIT_CODE = 1;
/** Age at which log files are purged at night (ICM-LOG-05); the hour is an emulator choice. */
const PURGE_DAYS = 30;
const PURGE_SECOND = 1800;
const DAY_SECONDS = 86_400;

/** The Node Manager (nm): starts the processes of its node and restarts those that end. */
export const nodeManager: Behaviour<NodeManagerState> = {
  kind: 'nm',
  create: (config) => ({
    config: config as NodeManagerConfig,
    unanswered: 0,
    restarting: false,
  }),
  onStart(context) {
    raise(context, 'nodeManagerStarting', context.state.config.title);
    startAll(context);
    context.setTimer('probe', PROBE_US);
    context.setTimer('purge', untilPurge(context));
  },
  onTimer(context, name, data) {
    const { config } = context.state;
    const [what, process] = name.split(' ');
    if (what === 'probe') return probe(context);
    if (what === 'purge') return purge(context);
    if (what === 'node') {
      context.state.restarting = false;
      return startAll(context);
    }
    if (context.isRunning(process)) return;
    if (what === 'delayed') raise(context, 'restartAfterDelay', Number(data), config.node, process);
    else if (what === 'restart') raise(context, 'processRestarting', config.node, process);
    context.startProcess(process);
    const done = what === 'start' ? 'processStarted' : 'processReinitialized';
    raise(context, done, config.node, process);
  },
  onDatagram(context, { message }) {
    if (message.type === 'here') context.state.unanswered = 0;
  },
  onChildExited: childExited,
};

function startAll(context: NodeManagerContext): void {
  const { config } = context.state;
  config.processes.forEach(({ name }, index) => {
    if (context.isRunning(name) || isDisabled(context, name)) return;
    context.setTimer(`start ${name}`, index * START_SPACING_US);
  });
}

/** An operator's stop is kept in the registry (ICM-REG-09): it outlives the Node Manager. */
function disabledPath({ state }: NodeManagerContext, process: string): string {
  const { customer, component, node } = state.config;
  return `${nodeManagerKey(customer, component)}\\${shortName(node, process)}\\ProcDisabled`;
}

function isDisabled(context: NodeManagerContext, process: string): boolean {
  return context.readRegistry(disabledPath(context, process)) === 1;
}

function setDisabled(context: NodeManagerContext, process: string, disabled: boolean): void {
  if (isDisabled(context, process) === disabled) return;
  context.writeRegistry(disabledPath(context, process), disabled ? 1 : 0);
}

function childExited(context: NodeManagerContext, { process, how, ranUs }: ProcessExit): void {
  const { state } = context;
  const { node, processes, settings } = state.config;
  if (state.restarting) return;
  if (how === 'stopped') {
    setDisabled(context, process, true);
    return context.log('info', `Process ${process} was stopped and is left alone.`);
  }
  setDisabled(context, process, false);
  if (processes.find(({ name }) => name === process)?.critical) {
    raise(context, 'criticalProcessDied', node, process);
    return restartNode(context);
  }
  if (how === 'failure') raise(context, 'processFailed', node, process);
  else if (how === 'restart') raise(context, 'processAskedRestart', node, process);
  else raise(context, 'processCrashed', node, process, EXIT_CODE);
  if (ranUs >= settings.minimumUptime) {
    return context.setTimer(`restart ${process}`, settings.restartPause);
  }
  const seconds = (us: number) => Math.floor(us / 1e6);
  const delay = seconds(settings.restartDelay);
  const uptime = seconds(settings.minimumUptime);
  raise(context, 'restartDelayed', seconds(ranUs), uptime, delay, node, process);
  context.setTimer(`delayed ${process}`, settings.restartDelay, delay);
}

/** Emulator choice: the node's processes start anew, the machine stays up (ICM-NM-06, 07). */
function restartNode(context: NodeManagerContext): void {
  const { state } = context;
  const { processes, settings } = state.config;
  state.restarting = true;
  state.unanswered = 0;
  for (const { name } of [...processes].reverse()) {
    for (const what of ['start', 'restart', 'delayed']) context.cancelTimer(`${what} ${name}`);
    if (!context.isRunning(name)) continue;
    // Someone has started it by hand since it was stopped.
    setDisabled(context, name, false);
    context.stopProcess(name, 'stopped');
  }
  context.setTimer('node', settings.nodeRestart);
}

/** Emulator choice: nothing else would find a hung message delivery process on its own node. */
function probe(context: NodeManagerContext): void {
  const { state } = context;
  context.setTimer('probe', PROBE_US);
  const watched = state.config.processes.find(({ critical }) => critical);
  if (!watched || !context.isRunning(watched.name)) return;
  if (state.unanswered >= PROBES_MISSED) {
    context.log('error', `${watched.name} does not answer.`);
    state.unanswered = 0;
    return context.stopProcess(watched.name, 'failure');
  }
  state.unanswered++;
  context.sendDatagram({ process: watched.name, network: 'loopback' }, { type: 'are you there' });
}

/** Until half an hour after the next local midnight. */
function untilPurge(context: NodeManagerContext): number {
  const local = context.utcSeconds + context.state.config.utcOffsetSeconds - PURGE_SECOND;
  return Math.round((DAY_SECONDS - (local % DAY_SECONDS)) * 1e6);
}

/** `purgeold`: deletes the node's log files that nothing was written to for thirty days. */
function purge(context: NodeManagerContext): void {
  const { customer, node } = context.state.config;
  context.setTimer('purge', untilPurge(context));
  const oldestUs = context.nowUs - PURGE_DAYS * DAY_SECONDS * 1e6;
  const files = context.filesUnder(`${logFolder(customer, node)}/`);
  const logs = files.filter(({ path }) => LOG_FILE_NAME.test(path));
  // The newest of each process may be open still.
  const newest = new Map(logs.map(({ path }) => [LOG_FILE_NAME.exec(path)![1], path] as const));
  for (const { path, modifiedUs } of logs) {
    if (modifiedUs >= oldestUs || newest.get(LOG_FILE_NAME.exec(path)![1]) === path) continue;
    context.deleteFile(path);
    context.log('info', `Purged ${path.slice(path.lastIndexOf('/') + 1)}.`);
  }
}
