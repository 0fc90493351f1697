import type { MdsState } from '../icm/mds/mds-state.ts';
import type { OpcState } from '../icm/peripheral-gateway/opc.ts';
import type { CallRouterState } from '../icm/router/call-router-state.ts';
import { RouterTable } from '../icm/router/router-state.ts';
import type { SessionDelivery } from '../kernel/events.ts';
import type { WorldState } from '../kernel/world.ts';
import type { Checker } from './checker.ts';
import { liveState, mdsPairs } from './pairs.ts';

/** A service that has been whole for so long has answered what it was asked. */
const WHOLE_US = 30_000_000;
const EVERY_US = 1_000_000;

/**
 * No route request is answered twice: a call gets one destination label. None is lost: a request
 * that stays open while everything has been in service for a while waits in the router's queue.
 */
export function routedOnce(): Checker {
  const routed = new Map<string, string>();
  const openSinceUs = new Map<string, number>();
  let broken: string | undefined;
  let wholeSinceUs = -1;
  let nextUs = 0;
  return {
    name: 'routed once',
    onEvent(event) {
      if (event.kind !== 'sessionMessage') return;
      const { message, from } = event.data as SessionDelivery;
      if (message.type !== 'route') return;
      const call = `${event.target} ${message['call']}`;
      const before = routed.get(call);
      // The two sides of a gateway that is split answer each for itself.
      if (before !== undefined && before === from) broken ??= `Call ${call} was routed twice.`;
      routed.set(call, from);
    },
    onBatch(world) {
      const sentence = broken;
      broken = undefined;
      if (sentence || world.nowUs < nextUs) return sentence;
      nextUs = world.nowUs + EVERY_US;
      if (!isWhole(world)) {
        wholeSinceUs = -1;
        return undefined;
      }
      if (wholeSinceUs < 0) wholeSinceUs = world.nowUs;
      if (world.nowUs - wholeSinceUs < WHOLE_US) return undefined;
      return lost(world, openSinceUs);
    },
  };
}

/** Both routers in service, every gateway with a serving side, no host or link in trouble. */
function isWhole(world: WorldState): boolean {
  for (const path of world.paths.values()) if (path.cut || path.lossRate > 0) return false;
  for (const host of world.hosts.values()) if (!host.up) return false;
  for (const { running, hung, kind } of world.processes.values()) {
    if ((!running && kind !== 'icon') || hung) return false;
  }
  return mdsPairs(world).every((pair) =>
    pair.every((mds) => liveState<MdsState>(mds)?.inService === true),
  );
}

function lost(world: WorldState, since: Map<string, number>): string | undefined {
  const router = liveState<CallRouterState>(world.processes.get('ra-rtr')!);
  const dialogs = router && new RouterTable(router.router, 'routeDialog');
  const queued = router && new RouterTable(router.router, 'queuedCall');
  const open = new Set<string>();
  for (const process of world.processes.values()) {
    if (process.kind !== 'opc') continue;
    const opc = liveState<OpcState>(process);
    for (const { dialog, peripheral } of opc?.knowledge.unanswered.values() ?? []) {
      const waits = [...(queued?.handles() ?? [])].some((call) => {
        const handle = queued!.get(call, 'dialog');
        const isIt = dialogs!.get(handle, 'dialogLow') === dialog >>> 0;
        return isIt && dialogs!.text(handle, 'peripheral') === peripheral;
      });
      if (!waits) open.add(`${process.name} ${dialog}`);
    }
  }
  for (const key of since.keys()) if (!open.has(key)) since.delete(key);
  for (const key of open) {
    const first = since.get(key) ?? world.nowUs;
    since.set(key, first);
    if (world.nowUs - first > WHOLE_US) return `The route request ${key} is never answered.`;
  }
  return undefined;
}
