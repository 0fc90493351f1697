import { describe, expect, it } from 'vitest';
import type { ConfigurationServerState } from '../../../../src/engine/configuration/configuration-server.ts';
import type { CallRouterState } from '../../../../src/engine/icm/router/call-router-state.ts';
import { RouterTable, stateBytes } from '../../../../src/engine/icm/router/router-state.ts';
import type { LabDefinition } from '../../../../src/engine/lab/definition.ts';
import {
  MINUTE,
  messagesOf,
  quietLab50,
  SECOND,
  type WatchedLab,
  watchLab,
} from '../../../support/lab50.ts';

const routerOf = ({ lab }: WatchedLab, name = 'ra-rtr') =>
  lab.stateOf<CallRouterState>(name)!.router;
const countOf = (watched: WatchedLab, table: 'queuedCall' | 'routeDialog', name = 'ra-rtr') =>
  new RouterTable(routerOf(watched, name), table).count;

function withSteps(name: string, steps: string, agents = 60): LabDefinition {
  const lab = quietLab50();
  const scripts = lab.scripts.map((script) => (script.name === name ? { name, steps } : script));
  return { ...lab, scripts, agents: lab.agents.slice(0, agents) };
}

function paired(definition: LabDefinition): WatchedLab {
  const watched = watchLab(definition);
  watched.lab.simulation.runUntil(3 * MINUTE);
  return watched;
}

function callers(watched: WatchedLab, dialedNumber: string, count: number): void {
  const { lab } = watched;
  for (let number = 0; number < count; number++) {
    lab.execute({
      verb: 'place-call',
      dialedNumber,
      ani: `55501${String(number).padStart(2, '0')}`,
    });
    lab.simulation.runUntil(lab.simulation.nowUs + SECOND);
  }
}

describe('calls that wait in the router', () => {
  it('those beyond the agents wait, on both sides alike, and get whoever becomes free', () => {
    const watched = paired(withSteps('Orders_East', 'queue Chi_Sales for 600s', 4));
    // Of the first four agents two are in Chi_Sales.
    callers(watched, '8001', 4);
    expect(countOf(watched, 'queuedCall')).toBe(2);
    expect(countOf(watched, 'queuedCall', 'rb-rtr')).toBe(2);
    const groups = new RouterTable(routerOf(watched), 'skillGroup');
    const group = groups.findText('enterpriseName', 'Chi_Sales');
    expect(groups.get(group, 'callsQueued')).toBe(2);
    watched.lab.simulation.runUntil(watched.lab.simulation.nowUs + 20 * MINUTE);
    expect(countOf(watched, 'queuedCall')).toBe(0);
    expect(groups.get(group, 'callsQueued')).toBe(0);
  });

  it('higher priority goes first, then who has waited longest', () => {
    const lab = withSteps('Orders_East', 'queue Chi_Sales for 600s priority 1', 1);
    const urgentSteps = 'queue Chi_Sales for 600s priority 5';
    const scripts = lab.scripts.map((script) =>
      script.name === 'Billing_East' ? { ...script, steps: urgentSteps } : script,
    );
    const traffic = { ...lab.traffic, meanPatienceSeconds: 100_000 };
    const watched = paired({ ...lab, scripts, traffic });
    callers(watched, '8001', 3);
    callers(watched, '8003', 1);
    const before = messagesOf(watched, 'route').length;
    watched.lab.simulation.runUntil(watched.lab.simulation.nowUs + 20 * MINUTE);
    const [next] = messagesOf(watched, 'route').slice(before);
    const urgent = messagesOf(watched, 'route request').find(
      ({ message }) => message['dialedNumber'] === '8003',
    );
    expect(next.message['call']).toBe(urgent?.message['dialog']);
  });

  it('after its time a call goes on with the next step', () => {
    const watched = paired(withSteps('Orders_East', 'queue Chi_Sales for 30s\nlabel 7003', 1));
    callers(watched, '8001', 2);
    watched.lab.simulation.runUntil(watched.lab.simulation.nowUs + 50 * SECOND);
    const labels = messagesOf(watched, 'route').map(({ message }) => message['label']);
    expect(labels).toContain('7003');
    expect(countOf(watched, 'queuedCall')).toBe(0);
  });

  it('a caller who hangs up leaves the queue, and the state shrinks again', () => {
    const watched = paired(withSteps('Orders_East', 'queue Chi_Sales for 3000s', 1));
    const emptyBytes = stateBytes(routerOf(watched));
    callers(watched, '8001', 60);
    const fullBytes = stateBytes(routerOf(watched));
    expect(fullBytes).toBeGreaterThan(emptyBytes);
    watched.lab.simulation.runUntil(watched.lab.simulation.nowUs + 60 * MINUTE);
    expect(countOf(watched, 'queuedCall')).toBe(0);
    expect(countOf(watched, 'routeDialog')).toBe(0);
    expect(stateBytes(routerOf(watched))).toBeLessThan(fullBytes);
    expect(routerOf(watched).maxBytes).toBeGreaterThanOrEqual(fullBytes);
  });
});

describe('calls to another site', () => {
  it('travel by a translation route and find their agent there', () => {
    const watched = paired(withSteps('Orders_East', 'select Den_Technical\nlabel 7001'));
    callers(watched, '8001', 1);
    watched.lab.simulation.runUntil(watched.lab.simulation.nowUs + 5 * SECOND);
    const routes = messagesOf(watched, 'route').map(({ to, message }) => [to, message['label']]);
    expect(routes[0]).toEqual(['sw-chicago', '8911']);
    expect(routes[1][0]).toBe('sw-denver');
    expect(routes[1][1]).toMatch(/^30\d\d$/);
    const created = messagesOf(watched, 'EventCallCreated').map(({ message }) => message['DNIS']);
    expect([...new Set(created)]).toEqual(['8001', '8911']);
  });

  it('a gateway without a path gets no calls', () => {
    const watched = paired(withSteps('Orders_East', 'select Den_Technical\nlabel 7001'));
    for (const host of ['pg2a', 'pg2b']) watched.lab.execute({ verb: 'crash-host', host });
    watched.lab.simulation.runUntil(watched.lab.simulation.nowUs + 20 * SECOND);
    callers(watched, '8001', 1);
    watched.lab.simulation.runUntil(watched.lab.simulation.nowUs + 5 * SECOND);
    expect(messagesOf(watched, 'route').map(({ message }) => message['label'])).toEqual(['7001']);
  });
});

describe('what the state is', () => {
  it('a service brings 35 standard objects, a route 13, and takes them away again', () => {
    const watched = paired(quietLab50());
    const { lab } = watched;
    const parts = () => new RouterTable(routerOf(watched), 'standardObject').count;
    const settle = () => lab.simulation.runUntil(lab.simulation.nowUs + SECOND);
    const before = parts();
    const fields = { name: 'Extra.svc', peripheral: 101 };
    lab.execute({ verb: 'create-object', object: { type: 'service', state: 1, fields } });
    settle();
    expect(parts()).toBe(before + 35);
    const server = lab.stateOf<ConfigurationServerState>('confserv')!;
    const dbid = [...server.objects.values()].at(-1)!.dbid;
    const route = { name: 'Extra.1', service: dbid, agentGroup: null };
    lab.execute({ verb: 'create-object', object: { type: 'route', state: 1, fields: route } });
    settle();
    expect(parts()).toBe(before + 35 + 13);
    const routeId = [...server.objects.values()].at(-1)!.dbid;
    lab.execute({ verb: 'delete-object', objectType: 'route', dbid: routeId });
    lab.execute({ verb: 'delete-object', objectType: 'service', dbid });
    settle();
    expect(parts()).toBe(before);
  });
});
