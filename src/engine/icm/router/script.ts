import type { Handle } from '../record-table.ts';
import { type RouterState, RouterTable } from './router-state.ts';
import { SCRIPT_OPERATION } from './tables.ts';

/**
 * Compiles a script's source into nodes. One step a line: `select GROUP` (longest available agent),
 * `queue DN` and `label DN` (send the call there). The language is an emulator choice.
 */
export function compileScript(state: RouterState, script: Handle): void {
  const scripts = new RouterTable(state, 'script');
  const nodes = new RouterTable(state, 'scriptNode');
  for (const node of [...nodes.handles()]) {
    if (nodes.get(node, 'script') === script) nodes.remove(node);
  }
  scripts.set(script, 'firstNode', 0);
  let previous = 0;
  for (const line of scripts.text(script, 'source').split('\n')) {
    const [word, ...rest] = line.trim().split(/\s+/);
    const operation = SCRIPT_OPERATION[word as keyof typeof SCRIPT_OPERATION];
    if (!operation) continue;
    const operand = findOperand(state, operation, rest.join(' '));
    const node = nodes.add();
    nodes.set(node, 'script', script);
    nodes.set(node, 'operation', operation);
    nodes.set(node, 'operand', operand);
    if (previous) nodes.set(previous, 'next', node);
    else scripts.set(script, 'firstNode', node);
    previous = node;
  }
}

function findOperand(state: RouterState, operation: number, name: string): Handle {
  return operation === SCRIPT_OPERATION.select
    ? new RouterTable(state, 'skillGroup').findText('enterpriseName', name)
    : new RouterTable(state, 'label').findText('label', name);
}

/** What is wrong with a script's source, as sentences; empty when it would compile whole. */
export function checkScriptSource(source: string): string[] {
  const problems: string[] = [];
  for (const [index, line] of source.split('\n').entries()) {
    const [word, operand] = line.trim().split(/\s+/);
    if (word === '' || word === undefined) continue;
    if (!(word in SCRIPT_OPERATION)) {
      problems.push(`step ${index + 1}: "${word}" is not select, queue or label`);
    } else if (!operand) problems.push(`step ${index + 1}: "${word}" needs a target`);
  }
  return problems;
}
