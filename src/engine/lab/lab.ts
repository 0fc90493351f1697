import { EMS, emsText } from '../icm/ems/catalogue.ts';
import { LogKeeper } from '../icm/ems/log-keeper.ts';
import type { RegistryEntry } from '../icm/registry/catalogue.ts';
import { corruptFile, replaceFile, syncFile } from '../kernel/disk.ts';
import type { JournalSink } from '../kernel/journal.ts';
import { deleteRegistryKey, deleteRegistryValue, writeRegistry } from '../kernel/registry.ts';
import { type BehaviourTable, Simulation } from '../kernel/simulation.ts';
import { runSteps } from '../kernel/steps.ts';
import { pathBetween } from '../kernel/world.ts';
import { BEHAVIOURS } from './behaviours.ts';
import { buildObjects } from './build-objects.ts';
import { buildTopology } from './build-topology.ts';
import type { CommandResult, LabCommand, RegistryChange } from './commands.ts';
import type { LabDefinition } from './definition.ts';
import {
  CONFIGURATION_SERVER,
  type EditPreparation,
  isCurrent,
  prepareEditCommand,
} from './edit-preparation.ts';
import { type EditLabCommand, isEdit } from './edit-refusals.ts';
import { type Fault, findFaults } from './faults.ts';
import { FIRST_DATABASE } from './icons.ts';
import { CENTRAL_CONTROLLER_HOST, managerManagerOf, sideNodes } from './nodes.ts';
import { refuseCommand } from './refusals.ts';
import { registryEntries } from './registry.ts';

const MILLISECOND_US = 1_000;
/** Emulator choice: a service that was just stopped is up again after so long. */
const SERVICE_RESTART_US = 2_000_000;

export type FileCommand = Extract<LabCommand, { verb: 'delete-file' | 'write-file' }>;
export type RegistryCommand = Extract<
  LabCommand,
  { verb: 'set-registry' | 'delete-registry' | 'import-registry' }
>;

/** One lab: the simulation, the commands that change it, and what can be read from it. */
export class Lab {
  private readonly knownRegistry = new Map<string, ReadonlyMap<string, RegistryEntry>>();

  private constructor(
    readonly definition: LabDefinition,
    readonly simulation: Simulation,
    private readonly logs: LogKeeper,
  ) {}

  /** A new lab at lab time zero, its start-up already scheduled. */
  static create(
    definition: LabDefinition,
    journal?: JournalSink,
    behaviours: BehaviourTable = BEHAVIOURS,
  ): Lab {
    const topology = buildTopology(definition, buildObjects(definition));
    const logs = new LogKeeper(topology.processes);
    const simulation = Simulation.create(topology, behaviours, journal, logs);
    const { startUs } = definition.centralController;
    let afterUs = 0;
    for (const { name, host, supervisor } of topology.processes) {
      // Supervised processes are started by their Node Manager.
      if (supervisor) continue;
      const side = (['A', 'B'] as const).find((which) => CENTRAL_CONTROLLER_HOST[which] === host);
      simulation.startProcess(name, (side ? startUs[side] : 0) + afterUs);
      afterUs += MILLISECOND_US;
    }
    return new Lab(definition, simulation, logs);
  }

  static restore(definition: LabDefinition, checkpoint: Uint8Array, journal?: JournalSink): Lab {
    const { processes } = buildTopology(definition, buildObjects(definition));
    const logs = new LogKeeper(processes);
    const simulation = Simulation.restore(checkpoint, BEHAVIOURS, journal, logs);
    return new Lab(definition, simulation, logs);
  }

  /**
   * Carries a command out at the present lab moment, or says why not. `prepared`: what was worked
   * out about an edit; one that is no longer current is worked out again.
   */
  execute(command: LabCommand, prepared?: EditPreparation): CommandResult {
    if (isEdit(command)) return this.edit(command, prepared);
    const error = refuseCommand(this, command);
    if (error) return { ok: false, error };
    const { simulation } = this;
    const target = targetOf(command);
    const { verb: type, ...fields } = command;
    const message = target === '' ? { type, ...fields } : toMessage(command);
    const seq = simulation.command(target, message);
    this.act(command);
    simulation.endCommand();
    return { ok: true, seq };
  }

  /** State of a running process; undefined while it is stopped. */
  stateOf<S>(process: string): S | undefined {
    return this.simulation.world.processes.get(process)?.state as S | undefined;
  }

  /** What is known of a host's registry values, by path in lower case. */
  registryEntries(host: string): ReadonlyMap<string, RegistryEntry> {
    const known = this.knownRegistry.get(host);
    if (known) return known;
    const entries = registryEntries(this.definition, buildObjects(this.definition)).get(host) ?? [];
    const byPath = new Map(entries.map((entry) => [entry.path.toLowerCase(), entry] as const));
    this.knownRegistry.set(host, byPath);
    return byPath;
  }

  faults(): Fault[] {
    return findFaults(this.simulation.world, this.definition.centralController.customer);
  }

  private edit(command: EditLabCommand, prepared: EditPreparation | undefined): CommandResult {
    const isReady = prepared?.command === command && isCurrent(this, prepared);
    const { edit, encoded, refusal } = isReady
      ? prepared
      : runSteps(prepareEditCommand(this, command));
    if (refusal) return { ok: false, error: refusal };
    const { simulation } = this;
    const message = toMessage(command);
    const seq = simulation.command(CONFIGURATION_SERVER, message, {
      encoded: { ...message, ...encoded },
      prepared: edit,
    });
    simulation.endCommand();
    return { ok: true, seq };
  }

  private act(command: LabCommand): void {
    const { simulation } = this;
    switch (command.verb) {
      case 'stop-side':
        for (const node of sideNodes(command.side)) this.stopNode(node);
        return;
      case 'start-side':
        for (const node of sideNodes(command.side)) this.startNode(node);
        return;
      case 'stop-node':
        return this.stopNode(command.node);
      case 'start-node':
        return this.startNode(command.node);
      case 'stop-process':
        return simulation.stopProcess(command.process);
      case 'crash-process':
        return simulation.stopProcess(command.process, 'crashed');
      case 'hang-process':
      case 'release-process':
        return simulation.setHung(command.process, command.verb === 'hang-process');
      case 'set-registry':
      case 'delete-registry':
      case 'import-registry':
        return this.changeRegistry(command.host, registryChanges(command));
      case 'corrupt-file':
        corruptFile(simulation.diskToChange(command.host), command.path);
        return;
      case 'delete-file':
      case 'write-file':
        return this.changeFile(command);
      case 'set-trace':
        simulation.process(command.process).traceMask = command.mask;
        return;
      case 'exit-process':
        return simulation.stopProcess(command.process, 'restart');
      case 'start-process':
        return simulation.startProcess(command.process);
      case 'crash-host':
        return simulation.crashHost(command.host);
      case 'boot-host':
        simulation.bootHost(command.host);
        for (const { name, host, supervisor } of simulation.world.processes.values()) {
          if (host === command.host && !supervisor) simulation.startProcess(name);
        }
        return;
      case 'cut':
      case 'repair':
        return simulation.setCut(command.network, command.from, command.to, command.verb === 'cut');
      case 'set-link': {
        const { verb: _verb, network, from, to, ...values } = command;
        const path = pathBetween(simulation.world, network, from, to);
        // What waits on the line does not go on at the speed of before.
        if (values.bandwidthBitsPerSecond !== undefined) {
          path.busyHighUntilUs = simulation.nowUs;
          path.busyLowUntilUs = simulation.nowUs;
        }
        Object.assign(path, values);
      }
    }
  }

  /** A trace mask acts at once, as all that is read when it is needed. */
  private changeRegistry(host: string, changes: readonly RegistryChange[]): void {
    const { world } = this.simulation;
    const { registry } = world.hosts.get(host)!;
    for (const { path, value, isKey } of changes) {
      if (value !== null) writeRegistry(registry, path, value);
      else if (isKey) deleteRegistryKey(registry, path);
      else deleteRegistryValue(registry, path);
      for (const traced of this.logs.traceMasksAt(world, host, path, isKey === true)) {
        if (traced.running) traced.traceMask = this.logs.traceMask(world, traced);
      }
    }
  }

  private changeFile(command: FileCommand): void {
    const { nowUs } = this.simulation;
    const disk = this.simulation.diskToChange(command.host);
    if (command.verb === 'delete-file') return void disk.files.delete(command.path);
    replaceFile(disk, command.path, new TextEncoder().encode(command.text), nowUs);
    syncFile(disk, command.path);
  }

  /** As `net stop` does: the Node Manager's service first, so that nothing is started again. */
  private stopNode(node: string): void {
    const { simulation } = this;
    const names = this.processesOf(node);
    const manager = simulation.process(names[1]);
    if (manager.running) {
      const { title } = manager.config as { title: string };
      const { severity, id } = EMS.operatorShutdown;
      simulation.log(manager, severity, emsText(EMS.operatorShutdown, [title]), id);
    }
    for (const name of [...names.slice(0, 2), ...names.slice(2).reverse()]) {
      simulation.stopProcess(name);
    }
  }

  private startNode(node: string): void {
    const { simulation } = this;
    const first = simulation.process(managerManagerOf(node));
    const wait = first.endedUs + SERVICE_RESTART_US - simulation.nowUs;
    simulation.startProcess(first.name, first.incarnation > 0 ? Math.max(0, wait) : 0);
  }

  /** Manager's manager, Node Manager, then the processes in start order. */
  private processesOf(node: string): string[] {
    const { processes } = this.simulation.world;
    return [...processes.keys()].filter((name) => name.startsWith(`${node}-`));
  }
}

export function registryChanges(command: RegistryCommand): readonly RegistryChange[] {
  if (command.verb === 'import-registry') return command.changes;
  const { path } = command;
  if (command.verb === 'set-registry') return [{ path, value: command.value }];
  return [{ path, value: null, isKey: command.isKey }];
}

/** Commands that people carry out. */
const PEOPLE_VERBS: readonly LabCommand['verb'][] = [
  'place-call',
  'use-phone',
  'act-outside',
  'attach-data',
  'handle-record',
  'submit-interaction',
  'use-media',
];

export function targetOf(command: LabCommand): string {
  if (PEOPLE_VERBS.includes(command.verb)) return 'people';
  if (command.verb === 'corrupt-state' || command.verb === 'watch-variable') {
    return `r${command.side.toLowerCase()}-rtr`;
  }
  if (command.verb === 'corrupt-record') return `r${command.side.toLowerCase()}-mds`;
  if (command.verb === 'run-procedure') return command.database ?? FIRST_DATABASE;
  if (command.verb === 'run-campaign') return 'ocs';
  if (command.verb === 'distort-events') return command.process;
  return '';
}

/** The command as its process knows it: the verb with blanks for hyphens. */
function toMessage(command: LabCommand) {
  const { verb, ...fields } = command;
  return { type: verb.replaceAll('-', ' '), ...fields } as { type: string };
}
