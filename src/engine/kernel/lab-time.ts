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

/** Days since 1970-01-01 to the Gregorian calendar. */
export function civilDate(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** `YYMMDD_HHMMSS` of a UTC second, as ICM names its files (ICM-LOG-05). */
export function formatStamp(utcSeconds: number): string {
  const whole = Math.floor(utcSeconds);
  const { year, month, day } = civilDate(Math.floor(whole / 86_400));
  const rest = whole % 86_400;
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map(two).join('');
  return `${two(year % 100)}${two(month)}${two(day)}_${clock}`;
}
