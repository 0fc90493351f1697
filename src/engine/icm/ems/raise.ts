import type { Context } from '../../kernel/process.ts';
import { EMS, type EmsEventName, emsText } from './catalogue.ts';

/** Writes a catalogued event into the log of the process, with its id and severity. */
export function raise<S>(
  context: Context<S>,
  name: EmsEventName,
  ...values: (string | number)[]
): void {
  const event = EMS[name];
  context.log(event.severity, emsText(event, values), event.id);
}
