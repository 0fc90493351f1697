import { z } from 'zod';

const DURATION_US = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 } as const;
const BANDWIDTH_BITS = { 'bit/s': 1, 'kbit/s': 1e3, 'Mbit/s': 1e6, 'Gbit/s': 1e9 } as const;

/** `1.2ms`, `90s`, `15m`, `2h` in microseconds; undefined if it is none of these. */
export function parseDurationUs(text: string): number | undefined {
  return parseUnit(text, DURATION_US);
}

function parseUnit(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z/]+)$/.exec(text.trim());
  const unit = match ? units[match[2]] : undefined;
  return match && unit !== undefined ? Math.round(Number(match[1]) * unit) : undefined;
}

function quantity(units: Readonly<Record<string, number>>, example: string) {
  return z
    .string({ error: `write a quantity with its unit, such as ${example}` })
    .transform((text, context) => {
      const value = parseUnit(text, units);
      if (value === undefined) {
        context.addIssue({
          code: 'custom',
          message: `"${text}" is not a quantity; write it like ${example}`,
        });
        return z.NEVER;
      }
      return value;
    });
}

/** A duration in a lab file; microseconds after parsing. */
export const durationUs = quantity(DURATION_US, '70ms, 30s, 15m or 2h');
export const durationSeconds = durationUs.transform((us) => us / 1e6);
/** A bandwidth in a lab file; bits per second after parsing. */
export const bandwidth = quantity(BANDWIDTH_BITS, '100Mbit/s');
