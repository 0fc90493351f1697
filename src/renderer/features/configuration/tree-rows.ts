import type {
  ConfigurationObject,
  ConfigurationType,
  ObjectTypeName,
} from '../../../contract/rpc.ts';
import { compareNames, objectName } from './object-name.ts';

/** One line of the object tree: a group that opens, an object, or a note how many are left out. */
export interface TreeRow {
  readonly key: string;
  readonly depth: number;
  readonly title: string;
  readonly group: boolean;
  readonly isOpen: boolean;
  readonly count: number;
  /** The object of a leaf; of a group the folder that it is. */
  readonly object?: ConfigurationObject;
  /** Type of which the group makes a new object. */
  readonly creates?: ConfigurationType;
}

export interface TreeSource {
  readonly types: readonly ConfigurationType[];
  readonly objects: Partial<Record<ObjectTypeName, readonly ConfigurationObject[]>>;
  /** Keys of the groups that are open. */
  readonly open: ReadonlySet<string>;
  /** Objects of a group that are drawn at most. */
  readonly shown: number;
}

/** Types with their objects; a search opens every group and leaves out what it does not find. */
export function typeRows(source: TreeSource, wanted: string): TreeRow[] {
  return source.types.flatMap((type) => {
    const all = source.objects[type.name] ?? [];
    const found = wanted === '' ? all : all.filter((object) => matches(type, object, wanted));
    if (wanted !== '' && found.length === 0) return [];
    const isOpen = wanted !== '' || source.open.has(type.name);
    const group: TreeRow = {
      key: type.name,
      depth: 0,
      title: type.plural,
      group: true,
      isOpen,
      count: found.length,
      creates: type,
    };
    return isOpen ? [group, ...leaves(source, type.name, found, 0)] : [group];
  });
}

/** Folders within folders, what lies in no folder under the top one. */
export function folderRows(source: TreeSource, wanted: string): TreeRow[] {
  const byFolder = new Map<number, ConfigurationObject[]>();
  for (const type of source.types) {
    for (const object of source.objects[type.name] ?? []) {
      if (wanted !== '' && object.type !== 'folder' && !matches(type, object, wanted)) continue;
      const folder = Number(object.fields['folder'] ?? 0);
      const inside = byFolder.get(folder);
      if (inside) inside.push(object);
      else byFolder.set(folder, [object]);
    }
  }
  return folderRow(source, byFolder, undefined, 0, wanted);
}

function folderRow(
  source: TreeSource,
  byFolder: ReadonlyMap<number, readonly ConfigurationObject[]>,
  folder: ConfigurationObject | undefined,
  depth: number,
  wanted: string,
): TreeRow[] {
  const inside = byFolder.get(folder?.dbid ?? 0) ?? [];
  const key = `folder ${folder?.dbid ?? 0}`;
  const isOpen = wanted !== '' || source.open.has(key);
  const type = source.types.find(({ name }) => name === 'folder');
  const others = inside.filter(({ type: one }) => one !== 'folder');
  const folders = inside.filter(({ type: one }) => one === 'folder');
  const within = folders
    .toSorted((a, b) => compareNames(objectName(type, a), objectName(type, b)))
    .flatMap((one) => folderRow(source, byFolder, one, depth + 1, wanted));
  const isFound = folder !== undefined && type !== undefined && matches(type, folder, wanted);
  if (wanted !== '' && within.length + others.length === 0 && !isFound) return [];
  const group: TreeRow = {
    key,
    depth,
    title: folder ? objectName(type, folder) : 'No folder',
    group: true,
    isOpen,
    count: inside.length,
    object: folder,
  };
  return isOpen ? [group, ...within, ...leaves(source, key, others, depth)] : [group];
}

function leaves(
  source: TreeSource,
  group: string,
  objects: readonly ConfigurationObject[],
  depth: number,
): TreeRow[] {
  const typeOf = new Map(source.types.map((type) => [type.name, type]));
  const leaf = { depth, group: false, isOpen: false, count: 0 };
  const rows = objects.slice(0, source.shown).map((object) => ({
    ...leaf,
    key: `${object.type}:${object.dbid}`,
    title: typeOf.get(object.type)?.label ?? object.type,
    object,
  }));
  const rest = objects.length - rows.length;
  if (rest === 0) return rows;
  const title = `and ${rest.toLocaleString('en-US')} more: search for them`;
  return [...rows, { ...leaf, key: `${group} rest`, title }];
}

/** Every word, in whatever order: "alice newman" finds "Newman, Alice". */
function matches(type: ConfigurationType, object: ConfigurationObject, wanted: string): boolean {
  const name = objectName(type, object).toLowerCase();
  return wanted.split(/\s+/).every((word) => name.includes(word));
}
