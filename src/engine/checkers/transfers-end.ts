import type { MdsState } from '../icm/mds/mds-state.ts';
import type { ClientState } from '../icm/synchronized-client.ts';
import type { WorldState } from '../kernel/world.ts';
import type { Checker } from './checker.ts';
import { liveState } from './pairs.ts';

/** What is over the transfer's own time without moving has been forgotten. */
const SLACK_US = 15_000_000;
const EVERY_US = 1_000_000;

/**
 * Every state transfer ends: a client that receives or sends makes progress or gives up, and no MDS
 * keeps the relay of a transfer that nobody takes part in.
 */
export function transfersEnd(): Checker {
  let nextUs = 0;
  const still = new Map<string, { readonly progress: string; readonly sinceUs: number }>();
  return {
    name: 'transfers end',
    onBatch(world) {
      if (world.nowUs < nextUs) return undefined;
      nextUs = world.nowUs + EVERY_US;
      for (const [name, progress, limitUs] of transfers(world)) {
        const before = still.get(name);
        if (progress === '') still.delete(name);
        else if (before?.progress !== progress) still.set(name, { progress, sinceUs: world.nowUs });
        else if (world.nowUs - before.sinceUs > limitUs + SLACK_US) {
          return `${name}: a state transfer stands still and does not end (${progress}).`;
        }
      }
      return undefined;
    },
  };
}

/** Name, what it has come to (empty: no transfer), and the time it has for the next step. */
function* transfers(world: WorldState): Generator<[string, string, number]> {
  for (const process of world.processes.values()) {
    const state = liveState<{ client?: ClientState }>(process);
    const client = state?.client;
    if (client) {
      const { receiving, sending, phase, config } = client;
      const limitUs = config.settings.transferTimeout;
      const run = `run ${process.incarnation}:`;
      const received = `${run} ${receiving?.sizeBytes ?? 0} bytes received`;
      const receives = phase === 'receiving' ? received : '';
      const sends = sending ? `${run} section ${sending.section} at ${sending.at} sent` : '';
      yield [process.name, receives || sends, limitUs];
    } else if (process.kind === 'mds') {
      const mds = process.hung ? undefined : (state as MdsState | undefined);
      if (!mds) continue;
      for (const name of mds.config.clients) {
        const relay = mds.transfers.get(name);
        const local = mds.clients.get(name)?.status;
        // A relay whose sender has gone back to work and whose receiver is in service.
        const left = relay && (!local || (local === 'active' && relay.pipeSession === 0));
        // A partner that hangs is only found by the heartbeats of its MDS.
        const { clientHeartbeat, clientHeartbeatsMissed } = mds.config.settings;
        const limitUs = clientHeartbeat * (clientHeartbeatsMissed + 2);
        yield [
          `${process.name} ${name}`,
          left ? `run ${process.incarnation}: relay as ${relay.role}` : '',
          limitUs,
        ];
      }
    }
  }
}
