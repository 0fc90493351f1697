import type { RegistryPreview, RegistryValueInfo } from '../contract/rpc.ts';
import { formatRegFile, parseRegFile } from '../engine/icm/registry/reg-file.ts';
import { effectSentence, refuseChanges } from '../engine/icm/tools/reg.ts';
import { type Registry, readRegistry } from '../engine/kernel/registry.ts';
import type { Lab } from '../engine/lab/lab.ts';

const registryOf = ({ simulation }: Lab, host: string): Registry =>
  simulation.world.hosts.get(host)?.registry ?? new Map();

/** A host's registry for the editor: values in path order, with what is known of them. */
export function reportRegistry(lab: Lab, host: string): RegistryValueInfo[] {
  const entries = lab.registryEntries(host);
  const registry = registryOf(lab, host);
  return [...registry]
    .sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
    .map(([path, value]) => {
      const entry = entries.get(path.toLowerCase());
      const known = entry && {
        type: entry.type,
        min: entry.min,
        max: entry.max,
        about: entry.about,
        source: entry.source,
      };
      return { path, value, known: known ?? null, effect: effectSentence(entry) };
    });
}

export function exportRegistry(lab: Lab, host: string, key: string): string {
  const registry = registryOf(lab, host);
  return formatRegFile(registry, key);
}

/** What importing a file would change; with any mistake in it nothing may be imported. */
export function previewRegistryFile(lab: Lab, host: string, text: string): RegistryPreview {
  const { changes, problems } = parseRegFile(text);
  const registry = registryOf(lab, host);
  const entries = lab.registryEntries(host);
  return {
    problems: [
      ...problems.map(({ line, message }) => `Line ${line}: ${message}`),
      ...refuseChanges(changes, entries),
    ],
    changes: changes.map(({ path, value, isKey }) => ({
      path,
      value,
      ...(isKey && { isKey }),
      before: readRegistry(registry, path) ?? null,
      effect: effectSentence(entries.get(path.toLowerCase())),
    })),
  };
}
