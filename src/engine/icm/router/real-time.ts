import type { RealTimeRow } from '../real-time-server.ts';
import { type RouterState, RouterTable } from './router-state.ts';

/** What the router puts out for the real-time server every 15 s. */
export function realTimeRows(state: RouterState): RealTimeRow[] {
  const groups = new RouterTable(state, 'skillGroup');
  const callTypes = new RouterTable(state, 'callType');
  const rows: RealTimeRow[] = [];
  for (const group of groups.handles()) {
    rows.push({
      kind: 'skill group',
      name: groups.text(group, 'enterpriseName'),
      loggedOn: groups.get(group, 'agentsLoggedOn'),
      available: groups.get(group, 'agentsAvailable'),
      queued: groups.get(group, 'callsQueued'),
      routed: groups.get(group, 'routed'),
    });
  }
  for (const callType of callTypes.handles()) {
    const name = callTypes.text(callType, 'enterpriseName');
    const routed = callTypes.get(callType, 'routed');
    rows.push({ kind: 'call type', name, loggedOn: 0, available: 0, queued: 0, routed });
  }
  return rows;
}
