/** Lab time: whole microseconds since the lab was started. Never wall-clock time. */
export type LabTimeUs = number;

export const MILLISECOND_US = 1_000;
export const SECOND_US = 1_000_000;

/** `HH:MM:SS.mmm` of a lab moment, given the UTC second at which lab time is zero. */
export function formatClock(atUs: LabTimeUs, epochSeconds: number): string {
  const totalMs = Math.floor(atUs / MILLISECOND_US) + epochSeconds * 1000;
  const ms = totalMs % 1000;
  const seconds = Math.floor(totalMs / 1000) % 86_400;
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return `${two(hours)}:${two(minutes)}:${two(seconds % 60)}.${String(ms).padStart(3, '0')}`;
}
