import { refuseRegistryValue } from '../icm/registry/catalogue.ts';
import type { CallRouterState } from '../icm/router/call-router-state.ts';
import { readVariable } from '../icm/router/watches.ts';
import { refusePath } from '../icm/tools/paths.ts';
import { PROCEDURES, refuseParameters } from '../idb/procedures.ts';
import type { ProcessState } from '../kernel/process.ts';
import { openFileOwner } from '../kernel/world.ts';
import type { LabCommand, LabError } from './commands.ts';
import { FIRST_DATABASE, iconPlaces } from './icons.ts';
import {
  type FileCommand,
  type Lab,
  type RegistryCommand,
  registryChanges,
  targetOf,
} from './lab.ts';
import { mediaRefusal } from './media-refusals.ts';
import { outboundRefusal } from './outbound-refusals.ts';
import { callRefusal, outsideRefusal, phoneRefusal } from './phone-refusals.ts';

/** Why a command cannot be carried out, before anything has happened. */

export function refuseCommand(lab: Lab, command: LabCommand): LabError | undefined {
  const { world } = lab.simulation;
  switch (command.verb) {
    case 'stop-process':
    case 'start-process':
    case 'crash-process':
    case 'hang-process':
    case 'release-process':
      return world.processes.has(command.process)
        ? undefined
        : unknown('process', command.process, [...world.processes.keys()]);
    case 'stop-node':
    case 'start-node': {
      const nodes = [...world.processes.keys()]
        .filter((name) => name.endsWith('-nmm'))
        .map((name) => name.slice(0, -'-nmm'.length));
      return nodes.includes(command.node) ? undefined : unknown('node', command.node, nodes);
    }
    case 'set-trace':
    case 'exit-process':
      return processRefusal(lab, command);
    case 'corrupt-state':
    case 'corrupt-record':
      return running(lab, targetOf(command));
    case 'watch-variable':
      return running(lab, targetOf(command)) ?? watchRefusal(lab, command);
    case 'set-registry':
    case 'delete-registry':
    case 'import-registry':
      return unknownHost(lab, command.host) ?? registryRefusal(lab, command);
    case 'corrupt-file':
      return unknownHost(lab, command.host) ?? missingFile(lab, command);
    case 'delete-file':
    case 'write-file':
      return unknownHost(lab, command.host) ?? fileRefusal(lab, command);
    case 'crash-host':
    case 'boot-host':
      return unknownHost(lab, command.host);
    case 'cut':
    case 'repair':
    case 'set-link':
      return linkRefusal(lab, command);
    case 'place-call':
      return callRefusal(lab, command.dialedNumber, command.ani) ?? running(lab, 'people');
    case 'use-phone':
    case 'attach-data':
      return phoneRefusal(lab, command);
    case 'submit-interaction':
    case 'use-media':
      return mediaRefusal(lab, command);
    case 'run-campaign':
    case 'handle-record':
      return outboundRefusal(lab, command);
    case 'act-outside':
      return outsideRefusal(lab, command);
    case 'distort-events': {
      const tServers = [...world.processes.values()].filter(({ kind }) => kind === 't-server');
      const names = tServers.map(({ name }) => name);
      if (!names.includes(command.process)) return unknown('T-Server', command.process, names);
      return running(lab, command.process);
    }
    case 'run-procedure':
      return procedureRefusal(lab, command);
    default:
      return undefined;
  }
}

/** A process that runs; to exit for a restart it needs someone who starts it again. */
function processRefusal(
  lab: Lab,
  { verb, process: name }: Extract<LabCommand, { verb: 'set-trace' | 'exit-process' }>,
): LabError | undefined {
  const { processes } = lab.simulation.world;
  const process = processes.get(name);
  if (!process) return unknown('process', name, [...processes.keys()]);
  if (!process.running) return notRunning(name);
  if (verb === 'set-trace' || process.supervisor) return undefined;
  return {
    code: 'no-node-manager',
    message: `Nobody would start ${name} again: it has no Node Manager.`,
    remedy: `Use stop-process and start-process for ${name}.`,
    effect: 'none',
  };
}

function watchRefusal(
  lab: Lab,
  { side, variable, watched }: Extract<LabCommand, { verb: 'watch-variable' }>,
): LabError | undefined {
  const state = lab.stateOf<CallRouterState>(`r${side.toLowerCase()}-rtr`)!;
  if (!watched || readVariable(state.router, variable)) return undefined;
  return {
    code: 'unknown-variable',
    message: `The router knows no variable "${variable}".`,
    remedy: 'Use one that rttest: watch completes, such as CallType.<name>.Routed.',
    effect: 'none',
  };
}

/** A program cannot write what a running process has open, or under a name that nobody can type. */
function fileRefusal(lab: Lab, { host, path }: FileCommand): LabError | undefined {
  const refused = refusePath(path);
  const owner = openFileOwner(lab.simulation.world, host, path);
  if (!refused && !owner) return undefined;
  return {
    code: refused ? 'invalid-path' : 'file-in-use',
    message: refused ? `${refused}.` : `${path} is being used by the process ${owner!.name}.`,
    remedy: refused ? 'Write folders with slashes, no drive.' : `Stop ${owner!.name} first.`,
    effect: 'none',
  };
}

function missingFile(
  { simulation }: Lab,
  { host, path }: { readonly host: string; readonly path: string },
): LabError | undefined {
  const { files } = simulation.world.hosts.get(host)!.disk;
  if (files.has(path)) return undefined;
  if (files.size > 0) return unknown('file', path, [...files.keys()].slice(0, 12));
  return {
    code: 'unknown-file',
    message: `The host ${host} has no file yet.`,
    remedy: 'Let the lab run until its programs have written one.',
    effect: 'none',
  };
}

function unknownHost(lab: Lab, host: string): LabError | undefined {
  const { hosts } = lab.simulation.world;
  return hosts.has(host) ? undefined : unknown('host', host, [...hosts.keys()]);
}

/** A value of the wrong type, or outside what the process takes, is not written. */
function registryRefusal(lab: Lab, command: RegistryCommand): LabError | undefined {
  const entries = lab.registryEntries(command.host);
  for (const { path, value } of registryChanges(command)) {
    if (value === null) continue;
    const refused = refuseRegistryValue(entries.get(path.toLowerCase()), value);
    if (refused) return wrongValue(refused);
  }
  return undefined;
}

function linkRefusal(lab: Lab, command: { network: string; from: string; to: string }) {
  const { world } = lab.simulation;
  const networks = [...world.networks.keys()].filter((name) => name !== 'loopback');
  if (!networks.includes(command.network)) return unknown('network', command.network, networks);
  for (const host of [command.from, command.to]) {
    if (!world.hosts.has(host)) return unknown('host', host, [...world.hosts.keys()]);
  }
  return undefined;
}

function procedureRefusal(
  lab: Lab,
  { database, name, parameters = [] }: Extract<LabCommand, { verb: 'run-procedure' }>,
): LabError | undefined {
  const databases = iconPlaces(lab.definition).map((place) => place.database);
  if (database !== undefined && !databases.includes(database)) {
    return unknown('database', database, databases);
  }
  const stopped = running(lab, database ?? FIRST_DATABASE);
  if (stopped) return stopped;
  const procedure = PROCEDURES.find((one) => one.name === name)!;
  const wrong = refuseParameters(name, parameters);
  if (wrong === undefined) return undefined;
  return {
    code: 'wrong-parameters',
    message: `${name}: ${wrong}.`,
    remedy: `Call it as ${[name, ...procedure.parameters].join(' ')}.`,
    effect: 'none',
  };
}

function running(lab: Lab, process: string): LabError | undefined {
  const running = lab.simulation.world.processes.get(process)?.running;
  return running ? undefined : notRunning(process);
}

function unknown(what: string, name: string, known: readonly string[]): LabError {
  return {
    code: `unknown-${what.replaceAll(' ', '-')}`,
    message: `This lab has no ${what} "${name}".`,
    remedy: `Use one of: ${known.join(', ')}.`,
    effect: 'none',
  };
}

function wrongValue(refused: string): LabError {
  return {
    code: 'invalid-registry-value',
    message: `${refused}.`,
    remedy: 'Write a value of that kind; the old one stays.',
    effect: 'none',
  };
}

export function notRunning(process: ProcessState['name']): LabError {
  return {
    code: 'process-not-running',
    message: `The process ${process} is not running.`,
    remedy: `Start ${process} first.`,
    effect: 'none',
  };
}
