import type { LadderClient, Lane } from './ladder.ts';

const ROUTER_LANE = /^[rl]([ab])-(mds|rtr|clgr|hlgr|cic)$/;
const GATEWAY_LANE = /^(pg\d+)([ab])-(mds|opc)$/;

export interface Place {
  readonly lane: Lane;
  readonly client: LadderClient | 'all';
  /** Peripheral Gateway, or empty for the Central Controller. */
  readonly gateway: string;
}

/** The lane of a process in the ladder; undefined for one that has none. */
export function placeOf(process: string): Place | undefined {
  const [, gateway, gatewaySide, gatewayKind] = GATEWAY_LANE.exec(process) ?? [];
  const [, routerSide, routerKind] = ROUTER_LANE.exec(process) ?? [];
  const kind = gatewayKind ?? routerKind;
  if (!kind) return undefined;
  const isA = (gatewaySide ?? routerSide) === 'a';
  if (kind === 'mds') return { lane: isA ? 1 : 2, client: 'all', gateway: gateway ?? '' };
  return { lane: isA ? 0 : 3, client: kind as LadderClient, gateway: gateway ?? '' };
}

/** The lane that a process has on the ladder of this client without being added. */
export function ownLane(process: string, client: LadderClient): Lane | undefined {
  const place = placeOf(process);
  if (!place || (place.gateway !== '') !== (client === 'opc')) return undefined;
  const isOf = place.client === 'all' || place.client === client || client === 'opc';
  return isOf ? place.lane : undefined;
}
