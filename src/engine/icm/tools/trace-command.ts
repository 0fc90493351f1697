import type { ProcessState } from '../../kernel/process.ts';
import { traceGroups, traceLevels } from '../ems/trace-groups.ts';
import { say, type ToolAnswer, type ToolCall } from './tool.ts';
import { wildcard } from './wildcard.ts';

/** Trace groups of a process, shown and set: the same for rttest, opctest and procmon. */

const hex = (mask: number) => `0x${mask.toString(16).padStart(2, '0')}`;

export function showTrace(process: ProcessState): ToolAnswer {
  const { kind, traceMask } = process;
  const groups = [...traceGroups(kind)];
  if (groups.length === 0) return say('This process writes no trace lines.');
  const rows = groups.map(([name, bit]) => {
    return `  ${name.padEnd(18)} ${hex(bit)}  ${(traceMask & bit) === 0 ? 'off' : 'on'}`;
  });
  const levels = traceLevels(process);
  const level = levels.indexOf(traceMask);
  const word = level < 0 ? 'custom (99)' : `level ${level}`;
  return say(`Trace mask ${hex(traceMask)}, ${word}`, ...rows);
}

/** Groups whose names a pattern such as `call*` means. */
export function groupsNamed(kind: string, pattern: string): number {
  const matches = wildcard(pattern);
  return [...traceGroups(kind)]
    .filter(([name]) => matches(name))
    .reduce((mask, [, bit]) => mask | bit, 0);
}

/** Changes the mask until the process starts again (ICM-RTT-05). */
export function setTrace({ name }: ProcessState, mask: number): ToolAnswer {
  return {
    lines: [`Trace mask is ${hex(mask)} until the process starts again.`],
    commands: [{ verb: 'set-trace', process: name, mask: mask >>> 0 }],
  };
}

/** `trace route* /on`, as rttest and procmon read it. */
export function trace({ words }: ToolCall, process: ProcessState): ToolAnswer {
  const [pattern, option = '/on'] = words;
  if (pattern === undefined) return showTrace(process);
  if (words.length > 2) return say(`trace: Error for ${words[2]}: Unknown argument.`);
  const switched = option.toLowerCase();
  if (switched !== '/on' && switched !== '/off') {
    return say(`trace: Error for ${option}: Unknown argument.`);
  }
  const groups = groupsNamed(process.kind, pattern);
  if (groups === 0) return say(`trace: Error for group: There is no ${pattern}.`);
  const { traceMask } = process;
  return setTrace(process, switched === '/on' ? traceMask | groups : traceMask & ~groups);
}
