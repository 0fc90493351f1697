import type { Message } from '../kernel/events.ts';
import { AccountView, accountOfApplication, SYSTEM_ACCOUNT } from './access.ts';
import type { ServerContext } from './configuration-server.ts';
import { concerns, keepClient, readHistory } from './history-log.ts';
import type { ConfigurationMessage, HistoryRecord } from './messages.ts';
import { type ObjectTypeName, objectKey } from './object-types.ts';
import { seesObject } from './visibility.ts';

/** The applications that read the configuration and are told of each change. */

export type ConfigurationClient = {
  /** DBID of its Application object; 0 until it has said who it is. */
  application: number;
  /** It has read all that was there and is told of each change from now on. */
  notified: boolean;
};

export function createClients(): Map<number, ConfigurationClient> {
  return new Map();
}

export function openClient({ state }: ServerContext, session: number): void {
  state.clients.set(session, { application: 0, notified: false });
}

export function closeClient(context: ServerContext, session: number): void {
  const client = context.state.clients.get(session);
  if (!client) return;
  context.state.clients.delete(session);
  const { application } = client;
  if (application !== 0) keepClient(context, application, false);
}

export function onClientMessage(context: ServerContext, session: number, message: Message): void {
  const { state } = context;
  const client = state.clients.get(session);
  if (!client) return;
  const request = message as unknown as ConfigurationMessage;
  switch (request.type) {
    case 'register client': {
      client.application = request.application;
      // A client that was never here has no session to restore.
      const isNew = !state.log.clients.has(request.application);
      if (isNew) keepClient(context, request.application, true);
      const application = state.objects.get(objectKey('application', request.application)) ?? null;
      return void context.send(session, { type: 'client registered', application });
    }
    case 'stop notifications':
      client.notified = false;
      return;
    case 'read objects':
      return sendObjects(context, session, client, request.objectType);
    case 'read changes':
      return sendChanges(context, session, client, request.since);
  }
}

/** Objects of one type that the client's account may see. */
function sendObjects(
  context: ServerContext,
  session: number,
  { application }: ConfigurationClient,
  objectType: ObjectTypeName,
): void {
  const { state } = context;
  // Who reads everything is there, and has no session to restore.
  const isSeen = state.log.clients.get(application)?.lastSeen === Math.floor(context.utcSeconds);
  if (application !== 0 && !isSeen) keepClient(context, application, true);
  const own = state.objects.get(objectKey('application', application));
  const view = new AccountView(state.objects, own ? accountOfApplication(own) : SYSTEM_ACCOUNT);
  const objects = [...state.objects.values()].filter(
    (object) => object.type === objectType && seesObject(view, application, object),
  );
  const record = state.nextRecord - 1;
  context.send(session, { type: 'objects', objectType, record, objects });
}

function sendChanges(
  context: ServerContext,
  session: number,
  client: ConfigurationClient,
  since: number,
): void {
  const answer = readHistory(context, client.application, since);
  client.notified = !answer.more;
  if (client.notified) keepClient(context, client.application, true);
  context.send(session, answer);
}

export function tellClients(context: ServerContext, records: readonly HistoryRecord[]): void {
  for (const [session, client] of context.state.clients) {
    if (!client.notified) continue;
    for (const record of records) {
      if (!concerns(record, client.application)) continue;
      context.send(session, { type: 'object changed', record });
    }
  }
}
