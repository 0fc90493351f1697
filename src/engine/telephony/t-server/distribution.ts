import type { Message } from '../../kernel/events.ts';
import type { PlainData } from '../../kernel/plain-data.ts';
import { formatEventSequence, formatUuid } from '../identifiers.ts';
import type { TServerContext } from './t-server-state.ts';

export type Attributes = { readonly [name: string]: PlainData };

/** Every event carries its place in the server's sequence and the server's time. */
export function stamp(context: TServerContext, type: string, attributes: Attributes): Message {
  const { state } = context;
  const utcUs = Math.round(context.utcSeconds * 1e6);
  return {
    type,
    EventSequenceNumber: formatEventSequence(state.nextSequence++),
    TimeinSecs: Math.floor(utcUs / 1e6),
    TimeinuSecs: utcUs % 1e6,
    Server: state.name,
    ...attributes,
  };
}

/** A fault: events of a kind are not distributed, or without an attribute. */
function distort({ state }: TServerContext, message: Message): Message | undefined {
  const at = state.distortions.findIndex(({ event }) => event === message.type);
  if (at < 0) return message;
  const distortion = state.distortions[at];
  if (--distortion.left === 0) state.distortions.splice(at, 1);
  if (distortion.omit === '') return undefined;
  const { [distortion.omit]: _omitted, ...rest } = message;
  return rest as Message;
}

/** To every client that registered the DN. */
export function distribute(
  context: TServerContext,
  type: string,
  dn: string,
  attributes: Attributes,
): void {
  const message = distort(context, stamp(context, type, { ...attributes, ThisDN: dn }));
  if (!message) return;
  for (const [session, client] of context.state.clients) {
    if (client.registered.has(dn)) context.send(session, message);
  }
}

/** A call-based event, to every client that monitors calls. */
export function distributeCall(
  context: TServerContext,
  type: string,
  attributes: Attributes,
): void {
  const message = distort(context, stamp(context, type, attributes));
  if (!message) return;
  for (const [session, client] of context.state.clients) {
    if (client.monitoring) context.send(session, message);
  }
}

/** About the server or its link, to every client. */
export function broadcast(context: TServerContext, type: string): void {
  const message = stamp(context, type, {});
  for (const session of context.state.clients.keys()) context.send(session, message);
}

export function nextUuid(context: TServerContext): string {
  return formatUuid(context.state.uuidPrefix, context.state.nextUuid++);
}
