import type { ConfigurationObject } from './object-types.ts';

/** Options of applications: each is declared once and read from the Application object. */
export interface OptionType {
  readonly section: string;
  readonly name: string;
  /** A flag is 0 or 1. */
  readonly kind: 'integer' | 'boolean' | 'flag' | 'text';
  /** What counts while the option is absent or its value is wrong. */
  readonly initial: string;
  /** Range of an integer. */
  readonly min?: number;
  readonly max?: number;
  readonly effect: 'immediately' | 'after restart';
  readonly about: string;
  readonly confidence: 'confirmed' | 'inferred' | 'emulator choice';
}

/** Why a value counts for nothing, or undefined. */
export function optionProblem(option: OptionType, value: string): string | undefined {
  const { kind, name, min = 0 } = option;
  const max = option.max ?? (kind === 'flag' ? 1 : undefined);
  if (kind === 'boolean' && !/^(true|false|1|0|yes|no)$/i.test(value)) {
    return `${name} must be true or false; ${option.initial} counts`;
  }
  if (kind !== 'integer' && kind !== 'flag') return undefined;
  const highest = max ?? Number.MAX_SAFE_INTEGER;
  const isInside = /^-?\d+$/.test(value) && Number(value) >= min && Number(value) <= highest;
  const range = max === undefined ? `from ${min}` : `between ${min} and ${max}`;
  return isInside ? undefined : `${name} must be a whole number ${range}; ${option.initial} counts`;
}

/** The value that counts, as text. */
export function optionText(application: ConfigurationObject | null, option: OptionType): string {
  const value = application?.options?.[option.section]?.[option.name];
  return value === undefined || optionProblem(option, value) ? option.initial : value;
}

export function optionNumber(application: ConfigurationObject | null, option: OptionType): number {
  return Number(optionText(application, option));
}

export function optionFlag(application: ConfigurationObject | null, option: OptionType): boolean {
  return /^(true|1|yes)$/i.test(optionText(application, option));
}
