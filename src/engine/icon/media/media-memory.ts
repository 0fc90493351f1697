import { decodeRecords, encodeRecord } from '../../kernel/record-log.ts';
import type { IconContext } from '../icon-state.ts';
import type { IconCall } from '../interactions/call-state.ts';
import { insertFirstData } from './media-data.ts';

/**
 * Interactions may wait in a queue or a workbin for days. With memory optimization ICON keeps so
 * many of each queue and workbin in memory and puts the others aside, until something happens to
 * them (emulator choice: in a file for each). It needs Interaction Server 7.6.1 (source).
 */

export type MediaMemory = {
  /** Session with the Interaction Server; 0 without. */
  session: number;
  open: boolean;
  /** Interactions in memory that are in a queue or workbin, by its name, in order. */
  readonly residents: Map<string, string[]>;
  /** Interactions that are put aside. */
  readonly aside: Set<string>;
  /** Interactions and places that the snapshot of now has named. */
  readonly named: Set<string>;
  /** Readiness of each medium, by place. */
  readonly readiness: Map<string, Map<number, boolean>>;
};

export function createMediaMemory(): MediaMemory {
  return {
    session: 0,
    open: false,
    residents: new Map(),
    aside: new Set(),
    named: new Set(),
    readiness: new Map(),
  };
}

const FOLDER = 'om/';
const NEEDED_RELEASE = [7, 6, 1] as const;

function isOptimized({ state }: IconContext): boolean {
  const { config, options } = state;
  return options.omMemoryOptimization && isAtLeast(config.interactionServer?.version ?? '');
}

export function isAtLeast(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [at, needed] of NEEDED_RELEASE.entries()) {
    const part = parts[at] ?? 0;
    if (part !== needed) return part > needed;
  }
  return true;
}

/** Files of an earlier run are of no use: its interactions are not followed. */
export function dropAside(context: IconContext): void {
  for (const { path } of context.filesUnder(FOLDER)) context.deleteFile(path);
}

/** An interaction has come to a queue or workbin: the one that is there longest may have to go. */
export function noteResident(context: IconContext, abode: string, uuid: string): void {
  const { calls, media, options } = context.state;
  const residents = media.residents.get(abode) ?? [];
  residents.push(uuid);
  media.residents.set(abode, residents);
  if (!isOptimized(context)) return;
  while (residents.length > options.omMaxInMemory) {
    const oldest = residents.shift()!;
    const call = calls.get(oldest);
    // One that has ended or moved on while nobody told is no resident any more.
    if (!call || call.ended || !isAt(call, abode)) continue;
    context.replaceFile(FOLDER + oldest, encodeRecord(call));
    calls.delete(oldest);
    media.aside.add(oldest);
  }
}

function isAt({ parties }: IconCall, abode: string): boolean {
  for (const { dn } of parties.values()) if (dn === abode) return true;
  return false;
}

export function noteDeparture({ state }: IconContext, abode: string, uuid: string): void {
  const residents = state.media.residents.get(abode);
  const at = residents?.indexOf(uuid) ?? -1;
  if (at >= 0) residents!.splice(at, 1);
}

/** The interaction with an id, taken back into memory if it was put aside. */
export function findInteraction(context: IconContext, uuid: string): IconCall | undefined {
  const { calls, media, options } = context.state;
  const known = calls.get(uuid);
  if (known || !media.aside.delete(uuid)) return known;
  const stored = context.readFile(FOLDER + uuid) ?? new Uint8Array(0);
  const [call] = decodeRecords(stored).records as unknown as readonly (IconCall | undefined)[];
  context.deleteFile(FOLDER + uuid);
  if (!call) {
    context.log('warn', `What was put aside of interaction ${uuid} cannot be read: it is lost.`);
    return undefined;
  }
  calls.set(uuid, call);
  if (options.omForceAdata) insertFirstData(context, call);
  return call;
}
