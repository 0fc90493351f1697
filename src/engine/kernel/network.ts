import { SECOND_US } from './lab-time.ts';
import { nextBelow, nextUniform, type RandomState } from './random.ts';

/** High: ordered traffic and heartbeats. Low: state transfer, which waits for high. */
export type Priority = 'high' | 'low';

/** One direction between two hosts on one network. Faults are values here and nowhere else. */
export interface PathState {
  readonly network: string;
  readonly from: string;
  readonly to: string;
  delayUs: number;
  jitterUs: number;
  bandwidthBitsPerSecond: number;
  /** Share of datagrams lost and of session segments sent again, 0 to 1. */
  lossRate: number;
  cut: boolean;
  /** Last moment the path was cut, or -1: what was in flight then is lost. */
  lastCutUs: number;
  busyHighUntilUs: number;
  busyLowUntilUs: number;
}

export interface NetworkState {
  readonly name: string;
  readonly delayUs: number;
  readonly jitterUs: number;
  readonly bandwidthBitsPerSecond: number;
  readonly lossRate: number;
}

/** TCP/IP header bytes added to every message, so that bandwidth is charged honestly. */
export const HEADER_BYTES = 40;
const RETRANSMIT_US = 200_000;
/** Processes of one host talk through the host itself, out of reach of any network fault. */
export const LOOPBACK: NetworkState = {
  name: 'loopback',
  delayUs: 30,
  jitterUs: 0,
  bandwidthBitsPerSecond: 8_000_000_000,
  lossRate: 0,
};

export function createPath(network: NetworkState, from: string, to: string): PathState {
  return {
    network: network.name,
    from,
    to,
    delayUs: network.delayUs,
    jitterUs: network.jitterUs,
    bandwidthBitsPerSecond: network.bandwidthBitsPerSecond,
    lossRate: network.lossRate,
    cut: false,
    lastCutUs: -1,
    busyHighUntilUs: 0,
    busyLowUntilUs: 0,
  };
}

/** When the last byte of a message sent now arrives; occupies the path meanwhile. */
export function transmit(
  path: PathState,
  nowUs: number,
  sizeBytes: number,
  priority: Priority,
  random: RandomState,
): number {
  const bits = (sizeBytes + HEADER_BYTES) * 8;
  const serializeUs = Math.ceil((bits * SECOND_US) / path.bandwidthBitsPerSecond);
  let startUs = Math.max(nowUs, path.busyHighUntilUs);
  if (priority === 'low') startUs = Math.max(startUs, path.busyLowUntilUs);
  const endUs = startUs + serializeUs;
  if (priority === 'low') path.busyLowUntilUs = endUs;
  else path.busyHighUntilUs = endUs;
  const jitterUs = path.jitterUs > 0 ? nextBelow(random, path.jitterUs + 1) : 0;
  return endUs + path.delayUs + jitterUs;
}

export function isLost(path: PathState, random: RandomState): boolean {
  return path.lossRate > 0 && nextUniform(random) < path.lossRate;
}

/** Extra time a session segment needs because some of its sendings were lost. */
export function retransmitDelayUs(path: PathState, random: RandomState): number {
  let delayUs = 0;
  for (let tries = 0; tries < 10 && isLost(path, random); tries++) delayUs += RETRANSMIT_US;
  return delayUs;
}

/** True if what left at `sentUs` cannot have arrived. */
export function cutSince(path: PathState, sentUs: number): boolean {
  return path.cut || path.lastCutUs >= sentUs;
}
