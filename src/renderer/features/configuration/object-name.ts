import type { ConfigurationObject, ConfigurationType } from '../../../contract/rpc.ts';

const collator = new Intl.Collator('en', { numeric: true });

/** Order in which people look for names: numbers in them by their value. */
export const compareNames = collator.compare;

/** The name that people know an object by. */
export function objectName(
  type: ConfigurationType | undefined,
  { dbid, fields }: ConfigurationObject,
): string {
  if (type?.name !== 'person') return String(fields[type?.nameField ?? 'name'] ?? dbid);
  const { firstName, lastName, employeeId } = fields;
  const name = [lastName, firstName].filter(Boolean).join(', ');
  return name ? `${name} (${employeeId})` : String(employeeId);
}

export function sortedObjects(
  type: ConfigurationType | undefined,
  objects: readonly ConfigurationObject[],
): readonly ConfigurationObject[] {
  return objects
    .map((object) => ({ object, name: objectName(type, object) }))
    .sort((one, other) => compareNames(one.name, other.name))
    .map(({ object }) => object);
}

/** Objects with their names, in the order in which people look for them. */
export function namedObjects(
  type: ConfigurationType | undefined,
  objects: readonly ConfigurationObject[],
): readonly { readonly dbid: number; readonly name: string }[] {
  return sortedObjects(type, objects).map((object) => ({
    dbid: object.dbid,
    name: objectName(type, object),
  }));
}
