import { UsageError } from './usage.ts';

/** Options that several commands share. */

/** Lab seconds a second, 0 as fast as it goes; undefined for what is no speed. */
export function speedOf(text: string): number | undefined {
  const speed = Number(text);
  return text.trim() !== '' && speed >= 0 && speed <= 100_000 ? speed : undefined;
}

export function parseSpeed(text: string): number {
  const speed = speedOf(text);
  if (speed !== undefined) return speed;
  throw new UsageError(`--speed takes a number from 0 to 100000, not "${text}".`);
}
