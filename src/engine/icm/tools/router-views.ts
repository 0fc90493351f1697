import type { CallRouterState } from '../router/call-router-state.ts';
import { RouterTable } from '../router/router-state.ts';
import { treatmentOf } from '../router/routing.ts';
import { agentStateName } from '../router/tables.ts';

/** A real-time view of `rttest`. */
export type RouterView = {
  readonly name: string;
  readonly summary: string;
  readonly show: (state: CallRouterState) => string[];
};

/** Commands and layouts are an emulator choice. */
export const ROUTER_VIEWS: readonly RouterView[] = [
  { name: 'skillgroups', summary: 'agents and calls of each skill group', show: skillGroups },
  { name: 'agents', summary: 'agents with their states and skill groups', show: agents },
  { name: 'queue', summary: 'calls that wait in the router', show: queue },
  { name: 'calls', summary: 'route requests that the router remembers', show: calls },
  { name: 'scripts', summary: 'how often each script was executed', show: scripts },
  { name: 'calltypes', summary: 'calls routed by call type', show: callTypes },
];

const right = (value: number, width: number) => String(value).padStart(width);

function skillGroups({ router }: CallRouterState): string[] {
  const groups = new RouterTable(router, 'skillGroup');
  const lines = ['Skill group           Logged on  Available  Queued  Routed'];
  for (const group of groups.handles()) {
    const cell = (field: string, width: number) => right(groups.get(group, field), width);
    lines.push(
      `${groups.text(group, 'enterpriseName').padEnd(22)}${cell('agentsLoggedOn', 9)}` +
        `${cell('agentsAvailable', 11)}${cell('callsQueued', 8)}${cell('routed', 8)}`,
    );
  }
  return lines;
}

function queue({ router }: CallRouterState): string[] {
  const calls = new RouterTable(router, 'queuedCall');
  const dialogs = new RouterTable(router, 'routeDialog');
  const groups = new RouterTable(router, 'skillGroup');
  if (calls.count === 0) return ['No call waits.'];
  const order = [...calls.handles()].sort(
    (a, b) =>
      calls.get(b, 'priority') - calls.get(a, 'priority') ||
      calls.get(a, 'queuedOrder') - calls.get(b, 'queuedOrder'),
  );
  const lines = ['Dialed number  Peripheral    Priority  Skill groups'];
  for (const call of order) {
    const dialog = calls.get(call, 'dialog');
    const treatment = treatmentOf(router, call);
    const heard = treatment && (treatment.digits > 0 ? '(digits)' : '(announcement)');
    const names = [...calls.words(call, 'skillGroups')]
      .filter((group) => group !== 0)
      .map((group) => groups.text(group, 'enterpriseName'));
    lines.push(
      `${dialogs.text(dialog, 'dialedNumber').padEnd(15)}` +
        `${dialogs.text(dialog, 'peripheral').padEnd(14)}` +
        `${right(calls.get(call, 'priority'), 8)}  ${heard ?? names.join(', ')}`,
    );
  }
  return lines;
}

function scripts({ router }: CallRouterState): string[] {
  const table = new RouterTable(router, 'script');
  const lines = ['Script                Executed'];
  for (const script of table.handles()) {
    const name = table.text(script, 'enterpriseName').padEnd(22);
    lines.push(`${name}${right(table.get(script, 'executed'), 8)}`);
  }
  return lines;
}

function callTypes({ router }: CallRouterState): string[] {
  const table = new RouterTable(router, 'callType');
  const lines = ['Call type               Routed  Default routed'];
  for (const callType of table.handles()) {
    const name = table.text(callType, 'enterpriseName').padEnd(22);
    const routed = right(table.get(callType, 'routed'), 8);
    lines.push(`${name}${routed}${right(table.get(callType, 'defaultRouted'), 16)}`);
  }
  return lines;
}

function agents({ router }: CallRouterState): string[] {
  const table = new RouterTable(router, 'agent');
  const groups = new RouterTable(router, 'skillGroup');
  const lines = ['Agent                 Extension  State       Routed  Skill groups'];
  for (const agent of table.handles()) {
    const first = table.text(agent, 'firstName');
    const name = `${first} ${table.text(agent, 'lastName')}`.slice(0, 21).padEnd(22);
    const state = agentStateName(table.get(agent, 'state'));
    const names = [...table.words(agent, 'skillGroups')]
      .filter((group) => group !== 0)
      .map((group) => groups.text(group, 'enterpriseName'));
    lines.push(
      `${name}${table.text(agent, 'extension').padEnd(11)}${state.padEnd(12)}` +
        `${right(table.get(agent, 'callsRouted'), 6)}  ${names.join(', ')}`,
    );
  }
  return lines;
}

function calls({ router }: CallRouterState): string[] {
  const dialogs = new RouterTable(router, 'routeDialog');
  const callTypes = new RouterTable(router, 'callType');
  if (dialogs.count === 0) return ['No call is remembered.'];
  const lines = ['Peripheral    Dialed number  Call type              Label'];
  for (const dialog of dialogs.handles()) {
    const callType = dialogs.get(dialog, 'callType');
    const name = callType ? callTypes.text(callType, 'enterpriseName') : '';
    lines.push(
      `${dialogs.text(dialog, 'peripheral').padEnd(14)}` +
        `${dialogs.text(dialog, 'dialedNumber').padEnd(15)}${name.padEnd(23)}` +
        `${dialogs.text(dialog, 'label') || 'waits'}`,
    );
  }
  return lines;
}
