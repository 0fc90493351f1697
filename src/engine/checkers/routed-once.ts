import type { MdsState } from '../icm/mds/mds-state.ts';
import type { LabEvent, SessionDelivery } from '../kernel/events.ts';
import type { WorldState } from '../kernel/world.ts';
import type { SwitchEvent } from '../telephony/messages.ts';
import type { Checker } from './checker.ts';
import { liveState, mdsPairs } from './pairs.ts';

/** A service that has been whole for so long answers at once. */
const WHOLE_US = 30_000_000;
/** Below the time after which a switch routes by default. */
const ANSWER_US = 4_500_000;
const EVERY_US = 1_000_000;

/**
 * No route request is answered twice: a call gets one destination label from one PIM. None is lost:
 * a switch that asks while everything is in service hears where the call goes, or that it waits.
 */
export function routedOnce(): Checker {
  const routed = new Map<string, string>();
  /** Asked and not answered, since when; only what was asked of a whole service. */
  const asked = new Map<string, number>();
  let broken: string | undefined;
  let wholeSinceUs = -1;
  let nextUs = 0;
  return {
    name: 'routed once',
    onEvent(event) {
      const whole = wholeSinceUs >= 0 && event.dueUs - wholeSinceUs > WHOLE_US;
      broken ??= follow(event, routed, asked, whole);
    },
    onBatch(world) {
      const sentence = broken;
      broken = undefined;
      if (sentence || world.nowUs < nextUs) return sentence;
      nextUs = world.nowUs + EVERY_US;
      if (!isWhole(world)) {
        wholeSinceUs = -1;
        asked.clear();
        return undefined;
      }
      if (wholeSinceUs < 0) wholeSinceUs = world.nowUs;
      for (const [call, sinceUs] of asked) {
        if (world.nowUs - sinceUs > ANSWER_US) return `The route request ${call} is not answered.`;
      }
      return undefined;
    },
  };
}

/** Follows one call from the switch's question to its answer. */
function follow(
  event: LabEvent,
  routed: Map<string, string>,
  asked: Map<string, number>,
  whole: boolean,
): string | undefined {
  if (event.kind !== 'sessionMessage') return undefined;
  const { message, from } = event.data as SessionDelivery;
  if (message.type === 'route' || message.type === 'treat') {
    const call = `${event.target} ${message['call']}`;
    asked.delete(call);
    if (message.type === 'treat') return undefined;
    const before = routed.get(call);
    routed.set(call, from);
    // The two sides of a gateway that is split answer each for itself.
    return before === from ? `Call ${call} was routed twice.` : undefined;
  }
  if (message.type !== 'cti' || !event.target.includes('pim')) return undefined;
  const { event: what, call: id, last } = message as unknown as SwitchEvent;
  const call = `${from} ${id}`;
  if (what === 'routeRequest' && whole && !routed.has(call)) asked.set(call, event.dueUs);
  else if (last) {
    asked.delete(call);
    routed.delete(call);
  }
  return undefined;
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
