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
  registry.set(findRegistryPath(registry, path) ?? path, value);
}

/** Removes a value, or with a trailing backslash a key and all that is under it. */
export function deleteFromRegistry(registry: Registry, path: string): void {
  const wanted = path.toLowerCase();
  const isKey = path.endsWith('\\');
  for (const known of [...registry.keys()]) {
    const name = known.toLowerCase();
    if (isKey ? name.startsWith(wanted) : name === wanted) registry.delete(known);
  }
}
