import type { Handle } from '../record-table.ts';
import { type RouterState, RouterTable } from './router-state.ts';
import {
  isCondition,
  MAX_DIGITS,
  SCRIPT_BYTES,
  SCRIPT_OPERATION,
  SKILL_GROUPS_PER_QUEUE,
} from './tables.ts';

/**
 * The script language, an emulator choice (real scripts are drawn). One step a line:
 *
 *     select GROUP                              longest available agent of the skill group
 *     queue GROUP [GROUP...] [for 60s] [priority 3]   wait in the router for one of them
 *     label DN                                  send the call there
 *     play 8s                                   an announcement at the routing point
 *     collect 1 for 6s                          the caller enters digits, so many at most
 *
 * A step may be led by conditions, each with a colon: `between 08:00 and 18:00:`, `30%:`,
 * `digits 1:` (what the caller has entered last). A step that finds no target is passed over. `#`
 * after a blank begins a comment.
 */

export type ScriptStep = {
  readonly conditions: readonly ScriptCondition[];
  readonly operation: 'select' | 'queue' | 'label' | 'play' | 'collect';
  readonly targets: readonly string[];
  readonly seconds: number;
  readonly priority: number;
  /** How many digits are collected. */
  readonly digits: number;
};

export type ScriptCondition =
  | { readonly kind: 'between'; readonly from: number; readonly to: number }
  | { readonly kind: 'percent'; readonly share: number }
  | { readonly kind: 'digits'; readonly digits: string };

const BETWEEN = /^between (\d\d?):(\d\d) and (\d\d?):(\d\d):\s*/;
const PERCENT = /^(\d{1,3})%:\s*/;
/** A key `#` behind the word digits is none. */
const COMMENT = /(^|(?<!\bdigits)\s)#.*/;
const DIGITS = /^digits ([0-9*#]{1,8}):\s*/;
const PLAY = /^play (\d{1,3})s$/;
const COLLECT = /^collect (\d{1,2}) for (\d{1,3})s$/;
const WAIT = /\bfor (\d{1,4})s(?=\s|$)/;
const PRIORITY = /\bpriority (\d)(?=\s|$)/;
const MAX_TARGETS = SKILL_GROUPS_PER_QUEUE;
const MINUTES_A_DAY = 1440;

/** One line as a step, a sentence that says what is wrong, or nothing for an empty line. */
export function parseScriptLine(source: string): ScriptStep | string | undefined {
  let line = source.replace(COMMENT, '').trim();
  if (line === '') return undefined;
  const conditions: ScriptCondition[] = [];
  for (;;) {
    const condition = parseCondition(line);
    if (typeof condition === 'string') return condition;
    if (!condition) break;
    conditions.push(condition.condition);
    line = line.slice(condition.length);
  }
  const treatment = parseTreatment(line);
  if (typeof treatment === 'string') return treatment;
  if (treatment) return { conditions, targets: [], priority: 0, ...treatment };
  const [operation, ...words] = line.split(/\s+/);
  if (operation !== 'select' && operation !== 'queue' && operation !== 'label') {
    return `"${operation}" is not select, queue, label, play or collect`;
  }
  const rest = words.join(' ');
  const seconds = Number(WAIT.exec(rest)?.[1] ?? 0);
  const priority = Number(PRIORITY.exec(rest)?.[1] ?? 0);
  const bare = operation === 'queue' ? rest.replace(WAIT, '').replace(PRIORITY, '') : rest;
  const targets = bare.split(/\s+/).filter((word) => word !== '');
  if (operation === 'queue' && targets.some((word) => word === 'for' || word === 'priority')) {
    return 'write the time as "for 60s" and the priority as "priority 3", 0 to 9';
  }
  if (targets.length === 0) return `"${operation}" needs a target`;
  const most = operation === 'queue' ? MAX_TARGETS : 1;
  if (targets.length > most)
    return `"${operation}" takes at most ${most} of these: ${targets.join(' ')}`;
  return { conditions, operation, targets, seconds, priority, digits: 0 };
}

/** What the caller hears at the routing point, or is asked for. */
function parseTreatment(
  line: string,
): Pick<ScriptStep, 'operation' | 'seconds' | 'digits'> | string | undefined {
  if (/^play\b/.test(line)) {
    const seconds = Number(PLAY.exec(line)?.[1] ?? 0);
    return seconds > 0
      ? { operation: 'play', seconds, digits: 0 }
      : 'write an announcement with its length, as "play 8s"';
  }
  if (!/^collect\b/.test(line)) return undefined;
  const [digits = 0, seconds = 0] = COLLECT.exec(line)?.slice(1).map(Number) ?? [];
  if (digits > 0 && digits <= MAX_DIGITS && seconds > 0) {
    return { operation: 'collect', seconds, digits };
  }
  return `write how many digits, 1 to ${MAX_DIGITS}, and how long, as "collect 1 for 6s"`;
}

function parseCondition(
  line: string,
): { condition: ScriptCondition; length: number } | string | undefined {
  const between = BETWEEN.exec(line);
  if (between) {
    const [hourFrom, minuteFrom, hourTo, minuteTo] = between.slice(1).map(Number);
    const from = hourFrom * 60 + minuteFrom;
    const to = hourTo * 60 + minuteTo;
    if (Math.max(from, to) > MINUTES_A_DAY || minuteFrom > 59 || minuteTo > 59) {
      return `"${between[0].trim()}" names no time of day`;
    }
    return { condition: { kind: 'between', from, to }, length: between[0].length };
  }
  const digits = DIGITS.exec(line);
  if (digits) {
    return { condition: { kind: 'digits', digits: digits[1] }, length: digits[0].length };
  }
  const percent = PERCENT.exec(line);
  if (!percent) return undefined;
  const share = Number(percent[1]);
  if (share > 100) return `${share} % is more than all`;
  return { condition: { kind: 'percent', share }, length: percent[0].length };
}

/**
 * Compiles a script's source into nodes; what is wrong in it compiles to nothing. Calls that wait
 * at a step of the script before go on at the same line of the new one.
 */
export function compileScript(state: RouterState, script: Handle): void {
  const scripts = new RouterTable(state, 'script');
  const nodes = new RouterTable(state, 'scriptNode');
  const waiting = removeNodes(state, script);
  scripts.set(script, 'firstNode', 0);
  const heads: { line: number; node: Handle }[] = [];
  let open: { node: Handle; field: 'next' | 'otherwise' }[] = [];
  const join = (node: Handle) => {
    if (scripts.get(script, 'firstNode') === 0) scripts.set(script, 'firstNode', node);
    for (const end of open) nodes.set(end.node, end.field, node);
    open = [];
  };
  for (const [index, text] of scripts.text(script, 'source').split('\n').entries()) {
    const line = index + 1;
    const step = parseScriptLine(text);
    if (!step || typeof step === 'string') continue;
    const skipped: typeof open = [];
    for (const condition of step.conditions) {
      const node = addCondition(nodes, script, line, condition);
      heads.push({ line, node });
      join(node);
      open = [{ node, field: 'next' }];
      skipped.push({ node, field: 'otherwise' });
    }
    const node = addStep(nodes, script, line, step);
    heads.push({ line, node });
    join(node);
    open = [{ node, field: 'next' }, ...skipped];
  }
  resolveTargets(state, script);
  const calls = new RouterTable(state, 'queuedCall');
  for (const { call, line } of waiting) {
    calls.set(call, 'node', heads.find((head) => head.line >= line)?.node ?? 0);
  }
}

/** Takes a script's nodes away; answers which calls wait there, and at which line they go on. */
export function removeNodes(
  state: RouterState,
  script: Handle,
): { readonly call: Handle; readonly line: number }[] {
  const nodes = new RouterTable(state, 'scriptNode');
  const calls = new RouterTable(state, 'queuedCall');
  const waiting: { call: Handle; line: number }[] = [];
  for (const call of calls.handles()) {
    const node = calls.get(call, 'node');
    if (node === 0 || nodes.get(node, 'script') !== script) continue;
    waiting.push({ call, line: nodes.get(node, 'line') });
    calls.set(call, 'node', 0);
  }
  for (const node of [...nodes.handles()]) {
    if (nodes.get(node, 'script') === script) nodes.remove(node);
  }
  return waiting;
}

function addCondition(
  nodes: RouterTable,
  script: Handle,
  line: number,
  condition: ScriptCondition,
): Handle {
  const node = nodes.add();
  nodes.set(node, 'script', script);
  nodes.set(node, 'line', line);
  nodes.set(node, 'operation', SCRIPT_OPERATION[condition.kind]);
  if (condition.kind === 'digits') nodes.setText(node, 'digits', condition.digits);
  else nodes.set(node, 'from', condition.kind === 'between' ? condition.from : condition.share);
  if (condition.kind === 'between') nodes.set(node, 'to', condition.to);
  return node;
}

function addStep(nodes: RouterTable, script: Handle, line: number, step: ScriptStep): Handle {
  const node = nodes.add();
  nodes.set(node, 'script', script);
  nodes.set(node, 'line', line);
  nodes.set(node, 'operation', SCRIPT_OPERATION[step.operation]);
  nodes.set(node, 'from', step.seconds);
  nodes.set(node, 'to', step.operation === 'collect' ? step.digits : step.priority);
  return node;
}

/** Steps name skill groups and labels: finds those that exist now, and forgets the others. */
export function resolveTargets(state: RouterState, script: Handle): void {
  const nodes = new RouterTable(state, 'scriptNode');
  const lines = new RouterTable(state, 'script').text(script, 'source').split('\n');
  for (const node of nodes.handles()) {
    if (nodes.get(node, 'script') !== script) continue;
    if (isCondition(nodes.get(node, 'operation'))) continue;
    const step = parseScriptLine(lines[nodes.get(node, 'line') - 1] ?? '');
    if (!step || typeof step === 'string') continue;
    const isLabel = step.operation === 'label';
    const table = new RouterTable(state, isLabel ? 'label' : 'skillGroup');
    const found = step.targets.map((target) =>
      table.findText(isLabel ? 'label' : 'enterpriseName', target),
    );
    nodes.words(node, 'operands').fill(0);
    nodes.words(node, 'operands').set(found);
  }
}

/** Names that the steps of a script may point at. */
export type ScriptTargets = {
  readonly groups: ReadonlySet<string>;
  readonly labels: ReadonlySet<string>;
};

/** What is wrong with a script's source, as sentences; empty when it would compile whole. */
export function checkScriptSource(source: string, targets: ScriptTargets): string[] {
  const { length } = new TextEncoder().encode(source);
  if (length > SCRIPT_BYTES) return [`the script has ${length} bytes, ${SCRIPT_BYTES} fit`];
  return source.split('\n').flatMap((line, index) => {
    const step = parseScriptLine(line);
    const say = (sentence: string) => `line ${index + 1}: ${sentence}`;
    if (typeof step === 'string') return [say(step)];
    if (!step) return [];
    const [known, kind] =
      step.operation === 'label' ? [targets.labels, 'label'] : [targets.groups, 'skill group'];
    const unknown = step.targets.filter((target) => !known.has(target));
    return unknown.map((target) => say(`there is no ${kind} "${target}"`));
  });
}
