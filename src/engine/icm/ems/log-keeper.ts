import { appendFile, type DiskState, syncFile } from '../../kernel/disk.ts';
import type { LogLine } from '../../kernel/journal.ts';
import { formatStamp } from '../../kernel/lab-time.ts';
import type { LogPolicy } from '../../kernel/log-policy.ts';
import type { PlainData } from '../../kernel/plain-data.ts';
import type { ProcessState } from '../../kernel/process.ts';
import { readRegistry } from '../../kernel/registry.ts';
import type { HostState, WorldState } from '../../kernel/world.ts';
import type { NodeManagerConfig } from '../node-manager/node-manager.ts';
import {
  LOG_FILE_COUNT_MAX,
  LOG_FILE_MAX_BYTES,
  logFolder,
  shortName,
} from '../registry/catalogue.ts';
import { asNumber, emsKey } from '../registry/keys.ts';
import { encodeLogEntry, LOG_FILE_NAME } from './log-file.ts';

type ProcessLog = {
  /** Start of the path of its files: folder and short name. */
  readonly prefix: string;
  /** Its key in the registry (ICM-REG-07). */
  readonly key: string;
};

/**
 * The log files of the ICM processes: `PPP_YYMMDD_HHMMSS.ems` (ICM-LOG-05) in the node's folder, a
 * new one at each start and when one is full. Lines are durable at once, so that a power failure
 * leaves what led to it (emulator choice).
 */
export class LogKeeper implements LogPolicy {
  private readonly logs = new Map<string, ProcessLog>();

  constructor(processes: Iterable<{ readonly kind: string; readonly config: PlainData }>) {
    for (const manager of processes) {
      if (manager.kind !== 'nm') continue;
      const { customer, component, node, processes } = manager.config as NodeManagerConfig;
      const names = [`${node}-nm`, `${node}-nmm`, ...processes.map(({ name }) => name)];
      for (const name of names) {
        const short = shortName(node, name);
        const prefix = `${logFolder(customer, node)}/${short}_`;
        this.logs.set(name, { prefix, key: emsKey(customer, component, short) });
      }
    }
  }

  traceMask(world: WorldState, process: ProcessState): number {
    const log = this.logs.get(process.name);
    return log ? numberOf(hostOf(world, process), `${log.key}\\EMSTraceMask`, 0) >>> 0 : 0;
  }

  /** Processes whose trace mask stands at this path, or under it when it is a key. */
  traceMasksAt(world: WorldState, host: string, path: string, isKey: boolean): ProcessState[] {
    const wanted = path.toLowerCase();
    const found: ProcessState[] = [];
    for (const [name, { key }] of this.logs) {
      const process = world.processes.get(name);
      const mask = `${key}\\EMSTraceMask`.toLowerCase();
      const isMeant = isKey ? mask.startsWith(`${wanted}\\`) : mask === wanted;
      if (process?.host === host && isMeant) found.push(process);
    }
    return found;
  }

  keep(world: WorldState, process: ProcessState, line: LogLine): void {
    const log = this.logs.get(process.name);
    if (!log) return;
    const host = hostOf(world, process);
    const { severity, event, text, atUs } = line;
    const utcMs = world.epochSeconds * 1000 + atUs / 1000;
    const bytes = encodeLogEntry({ utcMs, severity, event, text });
    const limit = numberOf(host, `${log.key}\\EMSLogFileMax`, LOG_FILE_MAX_BYTES);
    const open = host.disk.files.get(process.logFile);
    if (!open || open.sizeBytes + bytes.length > limit) {
      process.logFile = newName(host.disk, log.prefix, utcMs);
      const count = numberOf(host, `${log.key}\\EMSLogFileCountMax`, LOG_FILE_COUNT_MAX);
      deleteOldest(host.disk, log.prefix, Math.max(1, count) - 1);
    }
    appendFile(host.disk, process.logFile, bytes, atUs);
    syncFile(host.disk, process.logFile);
  }
}

function hostOf(world: WorldState, { host }: ProcessState): HostState {
  return world.hosts.get(host)!;
}

function numberOf({ registry }: HostState, path: string, fallback: number): number {
  return asNumber(readRegistry(registry, path)) ?? fallback;
}

/** The next second that is free: files are named by it. */
function newName(disk: DiskState, prefix: string, utcMs: number): string {
  for (let second = Math.floor(utcMs / 1000); ; second++) {
    const path = `${prefix}${formatStamp(second)}.ems`;
    if (!disk.files.has(path)) return path;
  }
}

/** Keeps the newest: their names sort by time within a century. */
function deleteOldest(disk: DiskState, prefix: string, keep: number): void {
  const own = [...disk.files.keys()]
    .filter((path) => path.startsWith(prefix) && LOG_FILE_NAME.test(path))
    .sort();
  for (const path of own.slice(0, Math.max(0, own.length - keep))) disk.files.delete(path);
}
