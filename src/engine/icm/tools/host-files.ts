import { readFile } from '../../kernel/disk.ts';
import type { WorldState } from '../../kernel/world.ts';

const MAX_LINES = 200;
const decoder = new TextDecoder();

/** Paths are shown and taken as the host's shell writes them. */
const shown = (path: string) => path.replaceAll('/', '\\');

export function listFiles(
  world: WorldState,
  host: string,
  [part = '']: readonly string[],
): string[] {
  const { files } = world.hosts.get(host)!.disk;
  const wanted = part.replaceAll('\\', '/').toLowerCase();
  const lines = [...files]
    .filter(([path]) => path.toLowerCase().includes(wanted))
    .map(([path, { sizeBytes }]) => `${String(sizeBytes).padStart(10)} ${shown(path)}`);
  return lines.length > 0 ? lines.sort() : ['File Not Found'];
}

export function showFile(world: WorldState, host: string, [name]: readonly string[]): string[] {
  if (!name) return ['The syntax of the command is incorrect.'];
  const bytes = readFile(world.hosts.get(host)!.disk, name.replaceAll('\\', '/'));
  if (!bytes) return ['The system cannot find the file specified.'];
  const text = decoder.decode(bytes);
  if (text.includes('\0') || text.includes('\uFFFD')) return [`${name} is not a text file.`];
  const lines = text.trimEnd().split(/\r?\n/);
  const rest = lines.length - MAX_LINES;
  return rest > 0 ? [...lines.slice(0, MAX_LINES), `... and ${rest} lines more`] : lines;
}

/** `reg query [part of a path]`. */
export function queryRegistry(
  world: WorldState,
  host: string,
  [verb, part = '']: readonly string[],
): string[] {
  if (verb?.toLowerCase() !== 'query') return ['ERROR: only "reg query" is known here.'];
  const wanted = part.toLowerCase();
  const lines = [...world.hosts.get(host)!.registry]
    .filter(([path]) => path.toLowerCase().includes(wanted))
    .map(([path, value]) => {
      const isNumber = typeof value === 'number';
      const text = isNumber ? `0x${value.toString(16)}` : value;
      return `${path}    ${isNumber ? 'REG_DWORD' : 'REG_SZ'}    ${text}`;
    });
  return lines.length > 0 ? lines : ['ERROR: no registry value was found.'];
}
