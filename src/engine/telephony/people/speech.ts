import type { Message } from '../../kernel/events.ts';
import { SECOND_US } from '../../kernel/lab-time.ts';
import type { PeopleMessage, PhoneAction } from '../messages.ts';
import type { PeopleContext } from './people-state.ts';

/** How people reach their switch and their desktop's T-Server. */

export function say(context: PeopleContext, at: string, message: PeopleMessage): void {
  const link = context.state.sessions.get(at);
  if (link?.open) context.send(link.session, message as unknown as Message);
}

export function phone(
  context: PeopleContext,
  at: string,
  extension: string,
  act: PhoneAction,
): void {
  say(context, at, { type: 'phone', extension, ...act });
}

export function desktop(context: PeopleContext, at: string, request: Message): void {
  const link = context.state.sessions.get(`desktop ${at}`);
  if (link?.open) context.send(link.session, request);
}

/** Something that somebody will do; one thing of a kind at a time for each seat or call. */
export function later(
  context: PeopleContext,
  what: string,
  key: string,
  seconds: number,
  data: Parameters<PeopleContext['setTimer']>[2],
): void {
  context.setTimer(`${what} ${key}`, seconds * SECOND_US, data);
}
