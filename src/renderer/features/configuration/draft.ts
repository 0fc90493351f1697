import type { ConfigurationObject } from '../../../contract/rpc.ts';
import type { Draft } from '../../stores/configuration.ts';

/**
 * What was typed, over the object as it is now: somebody else may have changed it meanwhile, and
 * keeps what was not touched here.
 */
export function mergeDraft(
  { base, content }: Draft,
  now: ConfigurationObject | undefined,
): Omit<ConfigurationObject, 'dbid'> {
  if (!base || !now) return content;
  const fields = { ...now.fields };
  for (const [name, value] of Object.entries(content.fields)) {
    if (!same(value, base.fields[name])) fields[name] = value;
  }
  const whole = <K extends 'state' | 'annex' | 'options' | 'access'>(part: K) =>
    same(content[part], base[part]) ? now[part] : (content[part] as ConfigurationObject[K]);
  return {
    type: now.type,
    state: whole('state'),
    fields,
    annex: whole('annex'),
    options: whole('options'),
    access: whole('access'),
  };
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
