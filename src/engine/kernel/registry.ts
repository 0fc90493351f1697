import type { RegistryValue } from './process.ts';

/**
 * A host's registry: full path, value name last, to the value. Names keep the case in which they
 * were written first, and are found in any. A path that ends with a backslash is a key's default
 * value: by it a key without values exists.
 */
export type Registry = Map<string, RegistryValue>;

/** The path as the registry spells it; undefined when there is no such value. */
export function findRegistryPath(
  registry: ReadonlyMap<string, RegistryValue>,
  path: string,
): string | undefined {
  if (registry.has(path)) return path;
  const wanted = path.toLowerCase();
  for (const known of registry.keys()) if (known.toLowerCase() === wanted) return known;
  return undefined;
}

export function readRegistry(
  registry: ReadonlyMap<string, RegistryValue>,
  path: string,
): RegistryValue | undefined {
  const known = findRegistryPath(registry, path);
  return known === undefined ? undefined : registry.get(known);
}

export function writeRegistry(registry: Registry, path: string, value: RegistryValue): void {
  registry.set(findRegistryPath(registry, path) ?? likeKnownKeys(registry, path), value);
}

/** A new value takes the spelling of the keys above it that are there already. */
function likeKnownKeys(registry: Registry, path: string): string {
  const wanted = path.toLowerCase();
  let length = 0;
  let spelled = '';
  for (const known of registry.keys()) {
    const other = known.toLowerCase();
    let same = 0;
    while (same < wanted.length && wanted[same] === other[same]) same++;
    const keys = wanted.lastIndexOf('\\', same - 1) + 1;
    if (keys <= length) continue;
    length = keys;
    spelled = known.slice(0, keys);
  }
  return spelled + path.slice(length);
}

export function deleteRegistryValue(registry: Registry, path: string): void {
  const known = findRegistryPath(registry, path);
  if (known !== undefined) registry.delete(known);
}

/** A key and all that is under it. */
export function deleteRegistryKey(registry: Registry, key: string): void {
  const prefix = `${key.replace(/\\+$/, '')}\\`.toLowerCase();
  for (const known of [...registry.keys()]) {
    if (known.toLowerCase().startsWith(prefix)) registry.delete(known);
  }
}
