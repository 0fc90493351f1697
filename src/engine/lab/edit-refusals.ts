import type { ConfigurationServerState } from '../configuration/configuration-server.ts';
import { authorOf, type EditCommand } from '../configuration/edit-commands.ts';
import {
  type ConfigurationObject,
  OBJECT_TYPES,
  objectKey,
} from '../configuration/object-types.ts';
import type { EditProblem, Plan } from '../configuration/transaction.ts';
import { objectName } from '../configuration/validation.ts';
import type { LabCommand, LabError } from './commands.ts';

/** Why an edit of the configuration is refused, before anything has happened. */

const EDIT_VERBS = [
  'create-object',
  'update-object',
  'delete-object',
  'edit-configuration',
  'undo-edit',
  'redo-edit',
] as const;

export type EditLabCommand = Extract<LabCommand, { verb: (typeof EDIT_VERBS)[number] }>;

/** Problems of a transaction that are told; the rest are counted. */
const MAX_TOLD = 3;

export function isEdit(command: LabCommand): command is EditLabCommand {
  return (EDIT_VERBS as readonly string[]).includes(command.verb);
}

/** What stands against an edit before its single changes are looked at. */
export function refuseAuthor(
  server: ConfigurationServerState,
  edit: EditCommand,
): LabError | undefined {
  const author = authorOf(edit);
  if (author.person === 0 || server.objects.has(objectKey('person', author.person))) {
    return undefined;
  }
  return error('unknown-account', `There is no person with DBID ${author.person}.`, {
    remedy: 'Edit as the administrator, or as a person that exists.',
  });
}

export function refusePlan(
  command: EditLabCommand,
  editCount: number,
  { problems, changes }: Plan,
  /** DBIDs of the applications that the lab's processes are. */
  inUse: readonly number[],
): LabError | undefined {
  if (editCount === 0) {
    const nothing = { 'undo-edit': 'undo', 'redo-edit': 'redo' }[command.verb as 'undo-edit'];
    return error(`nothing-to-${nothing ?? 'edit'}`, `There is nothing to ${nothing ?? 'edit'}.`, {
      remedy: 'Make an edit first.',
    });
  }
  if (problems.length === 0 && changes.length === 0) {
    return error('nothing-changed', 'Everything is so already: nothing was changed.', {
      remedy: 'Make a change first.',
    });
  }
  const running = changes.find(({ action, object }) => {
    return action === 'deleted' && object.type === 'application' && inUse.includes(object.dbid);
  });
  if (running) {
    const name = objectName(running.object);
    return error('application-in-use', `The lab runs ${name}: its Application object stays.`, {
      remedy: 'Delete other applications only.',
    });
  }
  if (problems.length === 0) return undefined;
  return editCount === 1 ? single(command, problems[0]) : several(problems);
}

function single(command: EditLabCommand, problem: EditProblem): LabError {
  const { object, fields } = problem;
  switch (problem.kind) {
    case 'unknown object': {
      const type = 'objectType' in command ? command.objectType : (object?.type ?? 'object');
      const dbid = 'dbid' in command ? command.dbid : (object?.dbid ?? 0);
      return error('unknown-object', `There is no ${type} with DBID ${dbid}.`, {
        remedy: 'Choose an object that exists; this one may have been deleted meanwhile.',
      });
    }
    case 'object in use':
      return error('object-in-use', `${tellProblem(problem)}.`, {
        remedy: 'Take it out of those objects first.',
      });
    case 'no permission':
      return error('no-permission', `${tellProblem(problem)}.`, {
        remedy: 'Ask for the right, or edit as the administrator.',
      });
    case 'invalid object':
      return error('invalid-object', `${fields.map(({ message }) => message).join('; ')}.`, {
        remedy: 'Correct the named fields and save again.',
        fields,
      });
  }
}

function several(problems: readonly EditProblem[]): LabError {
  const told = problems.slice(0, MAX_TOLD).map((problem) => tellProblem(problem));
  const more = problems.length > MAX_TOLD ? `; and ${problems.length - MAX_TOLD} more` : '';
  return error('invalid-transaction', `Nothing was changed. ${told.join('; ')}${more}.`, {
    remedy: 'Correct what is named; a transaction is made whole or not at all.',
  });
}

/** One problem in words, without a full stop. */
export function tellProblem({ kind, object, fields, users }: EditProblem): string {
  if (!object) return 'An object that is to be deleted is not there';
  const name = `${OBJECT_TYPES[object.type].label} ${objectName(object) || object.dbid}`;
  switch (kind) {
    case 'unknown object':
      return `${name} (DBID ${object.dbid}) is not there, or is there already`;
    case 'no permission':
      return `The account has no permission for this change of ${name}`;
    case 'invalid object':
      return `${name}: ${fields.map(({ message }) => message).join(', ')}`;
    case 'object in use': {
      const label = (user: ConfigurationObject) => OBJECT_TYPES[user.type].label.toLowerCase();
      const named = users.slice(0, 3).map((user) => `${label(user)} ${objectName(user)}`);
      const more = users.length > 3 ? ` and ${users.length - 3} more` : '';
      return `${objectName(object)} is used by ${named.join(', ')}${more}`;
    }
  }
}

function error(code: string, message: string, more: Pick<LabError, 'remedy' | 'fields'>): LabError {
  return { code, message, effect: 'none', ...more };
}
