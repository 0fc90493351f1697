import { objectKey } from '../configuration/object-types.ts';
import type { IconState } from './icon-state.ts';

/** Options in the Annex of a switch, section gts (docs/fidelity/icon.md §3), that ICON obeys. */

export const GTS_OPTIONS = {
  'call-deletion-timeout': '30',
  /** Events whose OtherDN is the DNIS where AttributeDNIS is empty; values: emulator choice. */
  'gts-dnis-detection': '',
  /** -1: as the application says. */
  'gls-acw-first': '-1',
} as const;

export function gtsOption(
  { objects }: Pick<IconState, 'objects'>,
  switchDbid: number,
  name: keyof typeof GTS_OPTIONS,
): string {
  const value = objects.get(objectKey('switch', switchDbid))?.annex?.['gts']?.[name];
  return value ?? GTS_OPTIONS[name];
}
