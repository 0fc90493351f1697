/** Lab time: whole microseconds since the lab was started. Never wall-clock time. */
export type LabTimeUs = number;

export const MILLISECOND_US = 1_000;
export const SECOND_US = 1_000_000;

export const DAY_SECONDS = 86_400;

export const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `HH:MM:SS` of a second since 1970, in the zone that it counts in. */
export function timeOfDay(seconds: number): string {
  const rest = ((Math.floor(seconds) % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS;
  return [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map(twoDigits).join(':');
}

/** `HH:MM:SS.mmm` of a lab moment, given the UTC second at which lab time is zero. */
export function formatClock(atUs: LabTimeUs, epochSeconds: number): string {
  const totalMs = Math.floor(atUs / MILLISECOND_US) + epochSeconds * 1000;
  return `${timeOfDay(totalMs / 1000)}.${String(totalMs % 1000).padStart(3, '0')}`;
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

/** Days since 1970-01-01 of a date; undefined when the calendar has no such date. */
export function daysOf(year: number, month: number, day: number): number | undefined {
  // Years begin in March here, so that a leap day is the last of its year.
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const days = era * 146_097 + yearOfEra * 365 + leapDays + dayOfYear - 719_468;
  const civil = civilDate(days);
  return civil.year === year && civil.month === month && civil.day === day ? days : undefined;
}

/** `YYMMDD_HHMMSS` of a UTC second, as ICM names its files (ICM-LOG-05). */
export function formatStamp(utcSeconds: number): string {
  const { year, month, day } = civilDate(Math.floor(utcSeconds / DAY_SECONDS));
  const date = [year % 100, month, day].map(twoDigits).join('');
  return `${date}_${timeOfDay(utcSeconds).replaceAll(':', '')}`;
}
