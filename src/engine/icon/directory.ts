import {
  type ConfigurationObject,
  listField,
  numberField,
  objectKey,
  textField,
} from '../configuration/object-types.ts';

/** The look-ups that every call needs, kept beside the objects they come from. */
export type Directory = {
  /** DN number to DBID. */
  readonly endpoints: Map<string, number>;
  /** Login code to the DBID of its person. */
  readonly persons: Map<string, number>;
  /** DN DBID to the DBID of its place. */
  readonly places: Map<number, number>;
};

export function createDirectory(): Directory {
  return { endpoints: new Map(), persons: new Map(), places: new Map() };
}

type Holder = {
  readonly objects: Map<string, ConfigurationObject>;
  readonly directory: Directory;
};

export function keepObject(holder: Holder, object: ConfigurationObject): void {
  dropObject(holder, object);
  holder.objects.set(objectKey(object.type, object.dbid), object);
  const { endpoints, persons, places } = holder.directory;
  if (object.type === 'dn') endpoints.set(textField(object, 'number'), object.dbid);
  else if (object.type === 'agentLogin') {
    persons.set(textField(object, 'loginCode'), numberField(object, 'person'));
  } else if (object.type === 'place') {
    for (const dn of listField(object, 'dns')) places.set(dn, object.dbid);
  }
}

/** Forgets an object as it was known. */
export function dropObject(holder: Holder, { type, dbid }: ConfigurationObject): void {
  const object = holder.objects.get(objectKey(type, dbid));
  if (!object) return;
  holder.objects.delete(objectKey(type, dbid));
  const { endpoints, persons, places } = holder.directory;
  if (type === 'dn') endpoints.delete(textField(object, 'number'));
  else if (type === 'agentLogin') persons.delete(textField(object, 'loginCode'));
  else if (type === 'place') {
    for (const dn of listField(object, 'dns')) places.delete(dn);
  }
}
