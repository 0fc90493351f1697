import type { Handle } from '../record-table.ts';
import { type RouterState, RouterTable } from './router-state.ts';
import { SCRIPT_OPERATION, SKILL_GROUPS_PER_QUEUE } from './tables.ts';

/**
 * The script language, an emulator choice (real scripts are drawn). One step a line:
 *
 *     select GROUP                              longest available agent of the skill group
 *     queue GROUP [GROUP...] [for 60s] [priority 3]   wait in the router for one of them
 *     label DN                                  send the call there
 *
 * A step may be led by conditions, each with a colon: `between 08:00 and 18:00:`, `30%:`. A step
 * that finds no target is passed over. `#` begins a comment.
 */

export type ScriptStep = {
  readonly conditions: readonly ScriptCondition[];
  readonly operation: 'select' | 'queue' | 'label';
  readonly targets: readonly string[];
  readonly seconds: number;
  readonly priority: number;
};

export type ScriptCondition =
  | { readonly kind: 'between'; readonly from: number; readonly to: number }
  | { readonly kind: 'percent'; readonly share: number };

const BETWEEN = /^between (\d\d?):(\d\d) and (\d\d?):(\d\d):\s*/;
const PERCENT = /^(\d{1,3})%:\s*/;
const WAIT = /\bfor (\d{1,4})s\b/;
const PRIORITY = /\bpriority (\d)\b/;
const MAX_TARGETS = SKILL_GROUPS_PER_QUEUE;

/** One line as a step, a sentence that says what is wrong, or nothing for an empty line. */
export function parseScriptLine(source: string): ScriptStep | string | undefined {
  let line = source.replace(/#.*/, '').trim();
  if (line === '') return undefined;
  const conditions: ScriptCondition[] = [];
  for (;;) {
    const condition = parseCondition(line);
    if (typeof condition === 'string') return condition;
    if (!condition) break;
    conditions.push(condition.condition);
    line = line.slice(condition.length);
  }
  const [operation, ...words] = line.split(/\s+/);
  if (operation !== 'select' && operation !== 'queue' && operation !== 'label') {
    return `"${operation}" is not select, queue or label`;
  }
  const rest = words.join(' ');
  const seconds = Number(WAIT.exec(rest)?.[1] ?? 0);
  const priority = Number(PRIORITY.exec(rest)?.[1] ?? 0);
  const bare = operation === 'queue' ? rest.replace(WAIT, '').replace(PRIORITY, '') : rest;
  const targets = bare.split(/\s+/).filter((word) => word !== '');
  if (targets.length === 0) return `"${operation}" needs a target`;
  const most = operation === 'queue' ? MAX_TARGETS : 1;
  if (targets.length > most)
    return `"${operation}" takes at most ${most} of these: ${targets.join(' ')}`;
  return { conditions, operation, targets, seconds, priority };
}

function parseCondition(
  line: string,
): { condition: ScriptCondition; length: number } | string | undefined {
  const between = BETWEEN.exec(line);
  if (between) {
    const [hourFrom, minuteFrom, hourTo, minuteTo] = between.slice(1).map(Number);
    if (hourFrom > 24 || hourTo > 24 || minuteFrom > 59 || minuteTo > 59) {
      return `"${between[0].trim()}" names no time of day`;
    }
    const from = hourFrom * 60 + minuteFrom;
    const to = hourTo * 60 + minuteTo;
    return { condition: { kind: 'between', from, to }, length: between[0].length };
  }
  const percent = PERCENT.exec(line);
  if (!percent) return undefined;
  const share = Number(percent[1]);
  if (share > 100) return `${share} % is more than all`;
  return { condition: { kind: 'percent', share }, length: percent[0].length };
}

/** Compiles a script's source into nodes; what is wrong in it compiles to nothing. */
export function compileScript(state: RouterState, script: Handle): void {
  const scripts = new RouterTable(state, 'script');
  const nodes = new RouterTable(state, 'scriptNode');
  const waiting = new RouterTable(state, 'queuedCall');
  for (const node of [...nodes.handles()]) {
    if (nodes.get(node, 'script') !== script) continue;
    // A call that waits at a step that is gone goes on at the end of the script.
    for (const call of waiting.handles()) {
      if (waiting.get(call, 'node') === node) waiting.set(call, 'node', 0);
    }
    nodes.remove(node);
  }
  scripts.set(script, 'firstNode', 0);
  let open: { node: Handle; field: 'next' | 'otherwise' }[] = [];
  const join = (node: Handle) => {
    if (scripts.get(script, 'firstNode') === 0) scripts.set(script, 'firstNode', node);
    for (const end of open) nodes.set(end.node, end.field, node);
    open = [];
  };
  for (const line of scripts.text(script, 'source').split('\n')) {
    const step = parseScriptLine(line);
    if (!step || typeof step === 'string') continue;
    const skipped: typeof open = [];
    for (const condition of step.conditions) {
      const node = addCondition(nodes, script, condition);
      join(node);
      open = [{ node, field: 'next' }];
      skipped.push({ node, field: 'otherwise' });
    }
    const node = addStep(state, script, step);
    join(node);
    open = [{ node, field: 'next' }, ...skipped];
  }
}

function addCondition(nodes: RouterTable, script: Handle, condition: ScriptCondition): Handle {
  const node = nodes.add();
  nodes.set(node, 'script', script);
  nodes.set(node, 'operation', SCRIPT_OPERATION[condition.kind]);
  nodes.set(node, 'from', condition.kind === 'between' ? condition.from : condition.share);
  if (condition.kind === 'between') nodes.set(node, 'to', condition.to);
  return node;
}

function addStep(state: RouterState, script: Handle, step: ScriptStep): Handle {
  const nodes = new RouterTable(state, 'scriptNode');
  const node = nodes.add();
  nodes.set(node, 'script', script);
  nodes.set(node, 'operation', SCRIPT_OPERATION[step.operation]);
  nodes.set(node, 'from', step.seconds);
  nodes.set(node, 'to', step.priority);
  const targets = nodes.words(node, 'operands');
  const table = new RouterTable(state, step.operation === 'label' ? 'label' : 'skillGroup');
  const field = step.operation === 'label' ? 'label' : 'enterpriseName';
  step.targets.forEach((target, index) => {
    targets[index] = table.findText(field, target);
  });
  return node;
}

/** What is wrong with a script's source, as sentences; empty when it would compile whole. */
export function checkScriptSource(source: string): string[] {
  return source.split('\n').flatMap((line, index) => {
    const step = parseScriptLine(line);
    return typeof step === 'string' ? [`step ${index + 1}: ${step}`] : [];
  });
}
