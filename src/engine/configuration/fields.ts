import type { ObjectTypeName } from './object-types.ts';

/** The fields of configuration objects, and where IDB keeps them. */

export type FieldKind =
  | 'text'
  | 'integer'
  | 'boolean'
  | 'choice'
  | 'reference'
  | 'references'
  /** A list of small records, such as skills with their levels. */
  | 'rows';

/** A relation that IDB keeps in a table of its own; `other` holds what the field refers to. */
export interface RelationTable {
  readonly table: string;
  /** Column with the DBID of the object that has the field. */
  readonly own: string;
  /** Column with the DBID that is referred to; for rows, that of their first field. */
  readonly other: string;
  /** Further columns, from fields of the object. */
  readonly also?: Readonly<Record<string, string>>;
}

export interface FieldType {
  readonly name: string;
  readonly label: string;
  readonly kind: FieldKind;
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly maxLength?: number;
  /** Range of a whole number. */
  readonly min?: number;
  readonly max?: number;
  readonly target?: ObjectTypeName;
  readonly choices?: readonly { readonly value: number; readonly label: string }[];
  readonly help?: string;
  /** Fields of one record of `rows`. */
  readonly fields?: readonly FieldType[];
  /** Column of the object's own row in IDB, or of the relation's for a field of `rows`. */
  readonly column?: string;
  readonly relation?: RelationTable;
}

type More = Partial<FieldType>;

export const text = (name: string, label: string, more: More = {}): FieldType => ({
  name,
  label,
  kind: 'text',
  maxLength: 64,
  ...more,
});

export const integer = (name: string, label: string, more: More = {}): FieldType => ({
  name,
  label,
  kind: 'integer',
  min: 0,
  max: 2_147_483_647,
  ...more,
});

export const flag = (name: string, label: string, more: More = {}): FieldType => ({
  name,
  label,
  kind: 'boolean',
  ...more,
});

export const choice = (
  name: string,
  label: string,
  choices: Readonly<Record<number, string>>,
  more: More = {},
): FieldType => ({
  name,
  label,
  kind: 'choice',
  choices: Object.entries(choices).map(([value, word]) => ({ value: Number(value), label: word })),
  ...more,
});

export const reference = (
  name: string,
  label: string,
  target: ObjectTypeName,
  more: More = {},
): FieldType => ({ name, label, kind: 'reference', target, ...more });

export const references = (
  name: string,
  label: string,
  target: ObjectTypeName,
  relation?: RelationTable,
): FieldType => ({ name, label, kind: 'references', target, relation });

export const rows = (
  name: string,
  label: string,
  fields: readonly FieldType[],
  relation: RelationTable,
): FieldType => ({ name, label, kind: 'rows', fields, relation });

export const NAME = text('name', 'Name', { required: true, unique: true, column: 'NAME' });
export const DESCRIPTION = text('description', 'Description', {
  maxLength: 255,
  column: 'DESCRIPTION',
});
export const TENANT = reference('tenant', 'Tenant', 'tenant', {
  required: true,
  column: 'TENANTID',
});
export const FOLDER = reference('folder', 'Folder', 'folder', { column: 'FOLDERID' });
