import type { SessionState } from '../../kernel/session-state.ts';
import type { WorldState } from '../../kernel/world.ts';

/** Port of the connecting end; the kernel keeps none, so the emulator derives one. */
const FIRST_CLIENT_PORT = 49_152;
const CLIENT_PORTS = 16_384;

/**
 * The sessions and listeners of a host, as `netstat -b` would list them: the address on the private
 * network has the suffix p (ICM-PORT-17).
 */
export function runNetstat(world: WorldState, host: string): string[] {
  const rows: [number, string, string, string, string][] = [];
  for (const [port, owner] of world.hosts.get(host)?.listeners ?? []) {
    rows.push([port, `${host}:${port}`, '0.0.0.0:0', 'LISTENING', owner]);
  }
  for (const session of world.sessions.values()) {
    for (const index of [0, 1] as const) {
      const end = session.ends[index];
      if (end.host !== host || end.process === '') continue;
      const state = session.ends[0].open && session.ends[1].open ? 'ESTABLISHED' : 'SYN_SENT';
      const local = addressOf(session, index);
      rows.push([portOf(session, index), local, addressOf(session, 1 - index), state, end.process]);
    }
  }
  rows.sort((a, b) => a[0] - b[0] || a[2].localeCompare(b[2]));
  const columns = ['Local Address', 'Foreign Address', 'State', 'Process'];
  const lines = rows.map(([, ...cells]) => cells);
  return [
    'Active Connections',
    '',
    ...[columns, ...lines].map(([local, foreign, state, process], row) => {
      const proto = row === 0 ? 'Proto' : 'TCP';
      const cells = [proto.padEnd(6), local.padEnd(22), foreign.padEnd(22), state.padEnd(12)];
      return `  ${cells.join(' ')} ${process}`;
    }),
  ];
}

function portOf({ id, port }: SessionState, index: number): number {
  return index === 1 ? port : FIRST_CLIENT_PORT + (id % CLIENT_PORTS);
}

function addressOf(session: SessionState, index: number): string {
  const suffix = session.network === 'private' ? 'p' : '';
  return `${session.ends[index].host}${suffix}:${portOf(session, index)}`;
}
