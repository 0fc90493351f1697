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
  /** Login code to the DBID of the agent login. */
  readonly logins: Map<string, number>;
  /** DN DBID to the DBID of its place. */
  readonly places: Map<number, number>;
  /** Queues, workbins and strategies of the Interaction Server are scripts: name to DBID. */
  readonly scripts: Map<string, number>;
};

export function createDirectory(): Directory {
  return { endpoints: new Map(), logins: new Map(), places: new Map(), scripts: new Map() };
}

type Holder = {
  readonly objects: Map<string, ConfigurationObject>;
  readonly directory: Directory;
};

export function keepObject(holder: Holder, object: ConfigurationObject): void {
  dropObject(holder, object);
  holder.objects.set(objectKey(object.type, object.dbid), object);
  const { endpoints, logins, places, scripts } = holder.directory;
  const { type, dbid } = object;
  if (type === 'dn') endpoints.set(textField(object, 'number'), dbid);
  else if (type === 'agentLogin') logins.set(textField(object, 'loginCode'), dbid);
  else if (type === 'script') scripts.set(textField(object, 'name'), dbid);
  else if (type === 'place') for (const dn of listField(object, 'dns')) places.set(dn, dbid);
}

/** Forgets an object as it was known; what another object has taken over meanwhile stays. */
export function dropObject(holder: Holder, { type, dbid }: ConfigurationObject): void {
  const object = holder.objects.get(objectKey(type, dbid));
  if (!object) return;
  holder.objects.delete(objectKey(type, dbid));
  const { endpoints, logins, places, scripts } = holder.directory;
  if (type === 'dn') forget(endpoints, textField(object, 'number'), dbid);
  else if (type === 'agentLogin') forget(logins, textField(object, 'loginCode'), dbid);
  else if (type === 'script') forget(scripts, textField(object, 'name'), dbid);
  else if (type === 'place') for (const dn of listField(object, 'dns')) forget(places, dn, dbid);
}

function forget<K>(entries: Map<K, number>, key: K, dbid: number): void {
  if (entries.get(key) === dbid) entries.delete(key);
}

/** DBID of the person who logs in with a code; 0 for nobody that is known. */
export function personOfLogin({ objects, directory }: Holder, code: string): number {
  const login = objects.get(objectKey('agentLogin', directory.logins.get(code) ?? 0));
  return login ? numberField(login, 'person') : 0;
}
