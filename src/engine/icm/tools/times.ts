import { civilDate, timeOfDay, twoDigits } from '../../kernel/lab-time.ts';
import type { ToolEnvironment } from './tool.ts';

/** Times and ages as the ICM tools print them (docs/fidelity/icm.md §2.2). */

/** `MM/DD HH:MM:SS` in UTC, with the given gap between date and time. */
export function stamp({ world }: ToolEnvironment, atUs: number, gap = ' '): string {
  return stampSeconds(world.epochSeconds + atUs / 1e6, gap);
}

export function stampSeconds(seconds: number, gap = ' '): string {
  const { month, day } = civilDate(Math.floor(seconds / 86_400));
  return `${twoDigits(month)}/${twoDigits(day)}${gap}${timeOfDay(seconds)}`;
}

/**
 * Seconds whole, minutes and days with one decimal (ICM-RTT-16; `min` inferred). Hours go by
 * quarters: the only reading that gives all ages of the samples (ICM-RTT-17, inferred).
 */
export function age(us: number): string {
  const seconds = Math.floor(us / 1e6);
  if (seconds < 60) return `${seconds} sec`;
  if (seconds < 3600) return `${(seconds / 60).toFixed(1)} min`;
  if (seconds < 86_400 * 2) return `${hours(seconds)} hr`;
  return `${(seconds / 86_400).toFixed(1)} day`;
}

/** Hours to the nearest quarter, printed with one decimal as C prints it: 3.25 is 3.2. */
export function hours(seconds: number): string {
  const quarters = Math.round(Math.abs(seconds) / 900);
  const sign = seconds < 0 && quarters > 0 ? '-' : '';
  return `${sign}${Math.floor(quarters / 4)}.${[0, 2, 5, 8][quarters % 4]}`;
}

/** `03/11 11:07:03 (6.2 day)`. */
export function moment(environment: ToolEnvironment, atUs: number, gap = ' '): string {
  return `${stamp(environment, atUs, gap)} (${age(environment.world.nowUs - atUs)})`;
}
