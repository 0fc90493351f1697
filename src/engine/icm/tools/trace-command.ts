import type { ProcessState } from '../../kernel/process.ts';
import { TRACE_LEVELS, type TracedKind, traceGroups } from '../ems/trace-groups.ts';
import { say, type ToolAnswer } from './tool.ts';

/** Trace groups of a process, shown and set: the same for rttest, opctest and procmon. */

const hex = (mask: number) => `0x${mask.toString(16).padStart(2, '0')}`;

export function showTrace({ kind, traceMask }: ProcessState): ToolAnswer {
  const groups = [...traceGroups(kind)];
  if (groups.length === 0) return say('This process writes no trace lines.');
  const rows = groups.map(([name, bit]) => {
    return `  ${name.padEnd(18)} ${hex(bit)}  ${(traceMask & bit) === 0 ? 'off' : 'on'}`;
  });
  const levels = Object.hasOwn(TRACE_LEVELS, kind) ? TRACE_LEVELS[kind as TracedKind] : [];
  const level = levels.indexOf(traceMask);
  const word = level < 0 ? 'custom (99)' : `level ${level}`;
  return say(`Trace mask ${hex(traceMask)}, ${word}`, ...rows);
}

/** Groups whose names a pattern such as `call*` means. */
export function groupsNamed(kind: string, pattern: string): number {
  const escaped = pattern.toLowerCase().replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  const expression = new RegExp(`^${escaped.replaceAll('*', '.*')}$`);
  return [...traceGroups(kind)]
    .filter(([name]) => expression.test(name.toLowerCase()))
    .reduce((mask, [, bit]) => mask | bit, 0);
}

/** Changes the mask until the process starts again (ICM-RTT-05). */
export function setTrace({ name }: ProcessState, mask: number): ToolAnswer {
  return {
    lines: [`Trace mask is ${hex(mask)} until the process starts again.`],
    commands: [{ verb: 'set-trace', process: name, mask: mask >>> 0 }],
  };
}
