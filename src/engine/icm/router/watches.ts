import type { RouterContext } from './call-router-state.ts';
import { type RouterState, RouterTable } from './router-state.ts';
import type { RouterTableName } from './tables.ts';

/**
 * Routing variables that `rttest: watch` writes into the router log when they change (ICM-RTT-03).
 * Which variables there are, and their names, is an emulator choice.
 */

type Source = { readonly table: RouterTableName; readonly nameField: string };

const OBJECTS: Readonly<Record<string, Source & { variables: Readonly<Record<string, string>> }>> =
  {
    SkillGroup: {
      table: 'skillGroup',
      nameField: 'enterpriseName',
      variables: {
        LoggedOn: 'agentsLoggedOn',
        Avail: 'agentsAvailable',
        CallsQNow: 'callsQueued',
        Routed: 'routed',
      },
    },
    CallType: {
      table: 'callType',
      nameField: 'enterpriseName',
      variables: { Routed: 'routed', DefaultRouted: 'defaultRouted' },
    },
    Script: {
      table: 'script',
      nameField: 'enterpriseName',
      variables: { Executed: 'executed' },
    },
    Peripheral: {
      table: 'peripheral',
      nameField: 'enterpriseName',
      variables: { Online: 'online' },
    },
  };

const COUNTS: Readonly<Record<string, RouterTableName>> = {
  CallsInRouter: 'routeDialog',
  CallsInQueue: 'queuedCall',
};

/** Forms of a variable, for help and completion. */
export const WATCH_FORMS: readonly string[] = [
  ...Object.entries(OBJECTS).flatMap(([object, { variables }]) =>
    Object.keys(variables).map((variable) => `${object}.<name>.${variable}`),
  ),
  ...Object.keys(COUNTS).map((count) => `Router.${count}`),
];

/** Every variable of this state, spelled out. */
export function watchableVariables(state: RouterState): string[] {
  const objects = Object.entries(OBJECTS).flatMap(([object, source]) => {
    const table = new RouterTable(state, source.table);
    const names = [...table.handles()].map((handle) => table.text(handle, source.nameField));
    return names.flatMap((name) =>
      Object.keys(source.variables).map((variable) => `${object}.${name}.${variable}`),
    );
  });
  return [...objects, ...Object.keys(COUNTS).map((count) => `Router.${count}`)];
}

/** The variable as it is spelled here, and its value; undefined when there is none such. */
export function readVariable(
  state: RouterState,
  text: string,
): { name: string; value: number } | undefined {
  const first = text.indexOf('.');
  const last = text.lastIndexOf('.');
  const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
  const [head, tail] = [text.slice(0, first), text.slice(last + 1)];
  if (same(head, 'Router')) {
    const count = Object.keys(COUNTS).find((name) => same(name, tail));
    if (!count || first !== last) return undefined;
    return { name: `Router.${count}`, value: countOf(state, COUNTS[count]) };
  }
  const object = Object.keys(OBJECTS).find((name) => same(name, head));
  if (!object || first === last) return undefined;
  const { table: tableName, nameField, variables } = OBJECTS[object];
  const variable = Object.keys(variables).find((name) => same(name, tail));
  const wanted = text.slice(first + 1, last);
  const table = new RouterTable(state, tableName);
  for (const handle of table.handles()) {
    const name = table.text(handle, nameField);
    if (!variable || !same(name, wanted)) continue;
    const value = table.get(handle, variables[variable]);
    return { name: `${object}.${name}.${variable}`, value };
  }
  return undefined;
}

export function changeWatch(context: RouterContext, text: string, watched: boolean): void {
  const { watches, router } = context.state;
  const variable = readVariable(router, text);
  if (!watched) watches.delete(variable?.name ?? text);
  else if (variable) {
    watches.set(variable.name, variable.value);
    context.log('trace', `Watch: ${variable.name} is ${variable.value}`);
  }
}

/** After each ordered input. */
export function tellWatches(context: RouterContext): void {
  const { watches, router } = context.state;
  for (const [name, before] of watches) {
    const now = readVariable(router, name)?.value;
    if (now === undefined || now === before) continue;
    watches.set(name, now);
    context.log('trace', `Watch: ${name} was ${before}, is ${now}`);
  }
}

/** A call that hears an announcement is in the router and in no queue. */
function countOf(state: RouterState, name: RouterTableName): number {
  const table = new RouterTable(state, name);
  if (name !== 'queuedCall') return table.count;
  return [...table.handles()].filter((call) => table.get(call, 'treatment') === 0).length;
}
