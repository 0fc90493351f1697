import type { ConfigurationServerState } from '../configuration/configuration-server.ts';
import { authorOf, type EditCommand, editsOf } from '../configuration/edit-commands.ts';
import type { ConfigurationObject } from '../configuration/object-types.ts';
import { type PreparedEdit, prepareEdit } from '../configuration/prepared-edit.ts';
import { ownApplication } from '../configuration/server-options.ts';
import { planEditsInSteps } from '../configuration/transaction.ts';
import { Encoded, encodePlainDataInSteps } from '../kernel/plain-data.ts';
import { type Steps, stepsWithin } from '../kernel/steps.ts';
import { utcSecondsOf } from '../kernel/world.ts';
import type { LabError } from './commands.ts';
import { type EditLabCommand, refuseAuthor, refusePlan } from './edit-refusals.ts';
import type { Lab } from './lab.ts';
import { notRunning } from './refusals.ts';

/** The process that takes edits. */
export const CONFIGURATION_SERVER = 'confserv';

/** An edit that is worked out and not made yet; good as long as {@link isCurrent} says so. */
export type EditPreparation = {
  readonly command: EditLabCommand;
  /** Why it is not made. */
  readonly refusal: LabError | undefined;
  readonly edit: PreparedEdit | undefined;
  /** The command with its many edits encoded, for what writes or weighs it. */
  readonly encoded: EncodedEdits | undefined;
  /** What all this was worked out for; undefined where nobody takes edits. */
  readonly basis: Basis | undefined;
};

type EncodedEdits = { readonly edits: Encoded };

type Basis = {
  readonly objects: ReadonlyMap<string, ConfigurationObject>;
  readonly transaction: number;
  /** UTC seconds. */
  readonly changedAt: number;
};

/** Nothing of the lab changes by it. */
export function* prepareEditCommand(lab: Lab, command: EditLabCommand): Steps<EditPreparation> {
  const nothing = { command, edit: undefined, encoded: undefined };
  const server = readyServer(lab);
  if (!server) {
    const isHung = lab.simulation.process(CONFIGURATION_SERVER).hung;
    const refusal = isHung ? HUNG : notRunning(CONFIGURATION_SERVER);
    return { ...nothing, refusal, basis: undefined };
  }
  const basis = basisOf(lab, server);
  const refused = (refusal: LabError): EditPreparation => ({ ...nothing, refusal, basis });
  const edit = editOf(command);
  const unknown = refuseAuthor(server, edit);
  if (unknown) return refused(unknown);
  const edits = editsOf(server.undo, edit);
  const planning = planEditsInSteps(server.objects, server.nextDbid, edits, authorOf(edit));
  const plan = yield* stepsWithin(planning, 0, 0.5);
  const refusal = refusePlan(command, edits.length, plan, applicationsInUse(lab, server));
  if (refusal) return refused(refusal);
  const preparing = prepareEdit(server, edit, plan, basis.changedAt);
  const prepared = yield* stepsWithin(preparing, 0.5, 0.9);
  if (command.verb !== 'edit-configuration') return { ...nothing, refusal, edit: prepared, basis };
  const encoding = encodePlainDataInSteps(command.edits);
  const encoded = { edits: new Encoded(yield* stepsWithin(encoding, 0.9, 1)) };
  return { command, refusal, edit: prepared, encoded, basis };
}

/** True while nothing has happened that would make the edit another one. */
export function isCurrent(lab: Lab, { basis, refusal }: EditPreparation): boolean {
  const server = readyServer(lab);
  if (!server || !basis) return !server && !basis;
  const now = basisOf(lab, server);
  const isSame = now.objects === basis.objects && now.transaction === basis.transaction;
  return isSame && (refusal !== undefined || now.changedAt === basis.changedAt);
}

/** As the Configuration Server gets it. */
function editOf({ verb, ...rest }: EditLabCommand): EditCommand {
  return { ...rest, type: verb.replaceAll('-', ' ') } as EditCommand;
}

/** Undefined while it is stopped or hangs. */
function readyServer(lab: Lab): ConfigurationServerState | undefined {
  const { hung } = lab.simulation.process(CONFIGURATION_SERVER);
  return hung ? undefined : lab.stateOf<ConfigurationServerState>(CONFIGURATION_SERVER);
}

function basisOf(lab: Lab, { objects, nextTransaction }: ConfigurationServerState): Basis {
  const changedAt = Math.floor(utcSecondsOf(lab.simulation.world));
  return { objects, transaction: nextTransaction, changedAt };
}

/** ICON and T-Servers say which objects they are; the server finds itself. */
function applicationsInUse({ simulation }: Lab, server: ConfigurationServerState): number[] {
  const own = ownApplication(server.objects)?.dbid ?? 0;
  const others = [...simulation.world.processes.values()].map(({ kind, config }) => {
    const { dbid, serverId } = config as { dbid?: number; serverId?: number };
    return kind === 'icon' ? (dbid ?? 0) : kind === 't-server' ? (serverId ?? 0) : 0;
  });
  return [own, ...others];
}

const HUNG: LabError = {
  code: 'process-hung',
  message: 'The process confserv hangs: nobody takes the edit.',
  remedy: 'Release confserv first.',
  effect: 'none',
};
