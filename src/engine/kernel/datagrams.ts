import type { Delivery } from './events.ts';
import { isLost, LOOPBACK, transmit } from './network.ts';
import type { ProcessState } from './process.ts';
import type { Routes } from './routes.ts';

type Sent = Omit<Delivery, 'message'> & { readonly dueUs: number };

/** Puts a datagram on the line; undefined if it gets lost. */
export function transmitDatagram(
  nowUs: number,
  routes: Routes,
  from: ProcessState,
  to: ProcessState,
  onNetwork: string,
  { check, sizeBytes }: Pick<Delivery, 'check' | 'sizeBytes'>,
): Sent | undefined {
  const network = from.host === to.host ? LOOPBACK.name : onNetwork;
  const { path, random } = routes.between(network, from.host, to.host);
  const dueUs = transmit(path, nowUs, sizeBytes, 'high', random);
  if (path.cut || isLost(path, random)) return undefined;
  return { from: from.name, network, sentUs: nowUs, sizeBytes, check, dueUs };
}
