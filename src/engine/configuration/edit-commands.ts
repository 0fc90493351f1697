import type { ConfigurationObject, ObjectTypeName } from './object-types.ts';
import {
  ADMINISTRATOR,
  type Author,
  type Edit,
  invertChanges,
  repeatChanges,
} from './transaction.ts';
import type { UndoStack } from './undo-stack.ts';

/** Edits as the commands of a lab bring them; verbs with blanks for hyphens. */
export type EditCommand = { readonly as?: number } & (
  | { readonly type: 'create object'; readonly object: Omit<ConfigurationObject, 'dbid'> }
  | { readonly type: 'update object'; readonly object: ConfigurationObject }
  | {
      readonly type: 'delete object';
      readonly objectType: ObjectTypeName;
      readonly dbid: number;
    }
  | { readonly type: 'edit configuration'; readonly edits: readonly Edit[] }
  | { readonly type: 'undo edit' | 'redo edit' }
);

/** The DBID of a new object until it has a real one. */
const NEW = -1;

export function authorOf({ as: person }: EditCommand): Author {
  return person === undefined ? ADMINISTRATOR : { person };
}

/** One list of edits, whatever the command; empty when there is nothing to undo or redo. */
export function editsOf({ done, undone }: UndoStack, command: EditCommand): readonly Edit[] {
  switch (command.type) {
    case 'create object':
      return [{ action: 'create', object: { ...command.object, dbid: NEW } }];
    case 'update object':
      return [{ action: 'update', object: command.object }];
    case 'delete object':
      return [{ action: 'delete', objectType: command.objectType, dbid: command.dbid }];
    case 'edit configuration':
      return command.edits;
    case 'undo edit':
      return invertChanges(done.at(-1)?.changes ?? []);
    case 'redo edit':
      return repeatChanges(undone.at(-1)?.changes ?? []);
  }
}
