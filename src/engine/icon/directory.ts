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
  const before = holder.objects.get(objectKey(object.type, object.dbid));
  if (before) dropObject(holder, before);
  holder.objects.set(objectKey(object.type, object.dbid), object);
  const { endpoints, persons, places } = holder.directory;
  if (object.type === 'dn') endpoints.set(textField(object, 'number'), object.dbid);
  else if (object.type === 'agentLogin') {
    persons.set(textField(object, 'loginCode'), numberField(object, 'person'));
  } else if (object.type === 'place') {
    for (const dn of listField(object, 'dns')) places.set(dn, object.dbid);
  }
}

export function dropObject(holder: Holder, object: ConfigurationObject): void {
  holder.objects.delete(objectKey(object.type, object.dbid));
  const { endpoints, persons, places } = holder.directory;
  if (object.type === 'dn') endpoints.delete(textField(object, 'number'));
  else if (object.type === 'agentLogin') persons.delete(textField(object, 'loginCode'));
  else if (object.type === 'place') {
    for (const dn of listField(object, 'dns')) places.delete(dn);
  }
}
