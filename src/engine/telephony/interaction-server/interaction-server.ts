import { createKeptFile } from '../../kernel/kept-map.ts';
import type { Behaviour } from '../../kernel/process.ts';
import { createUuidPrefix } from '../identifiers.ts';
import { INTERACTION_PORT, type MediaRequest, type SubmitRequest } from './interaction-messages.ts';
import type {
  InteractionServerConfig,
  InteractionServerState,
} from './interaction-server-state.ts';
import { readInteractions, submit } from './interactions.ts';
import { onMediaRequest } from './media-agents.ts';
import { tellAll } from './reports.ts';
import { onNoAnswer } from './routing.ts';

/** The Interaction Server: e-mails, chats and work items in queues, workbins and with agents. */
export const interactionServer: Behaviour<InteractionServerState> = {
  kind: 'interaction-server',
  create(given) {
    const config = given as InteractionServerConfig;
    return {
      config,
      interactions: new Map(),
      queues: new Map(config.queues.map(({ name }) => [name, []])),
      agents: new Map(),
      clients: new Set(),
      desktops: new Set(),
      file: createKeptFile(),
      idPrefix: '',
      nextId: 1,
    };
  },
  onStart(context) {
    context.state.idPrefix = createUuidPrefix(() => context.uniform('uuid'));
    readInteractions(context);
    context.listen(INTERACTION_PORT);
  },
  onTimer(context, _name, data) {
    onNoAnswer(context, data as { id: string; place: string });
  },
  onClosed(context, session) {
    context.state.clients.delete(session);
    context.state.desktops.delete(session);
  },
  onMessage(context, { session, message }) {
    const { clients, desktops } = context.state;
    switch (message.type) {
      case 'request_register_client':
        if (message['client'] === 'desktop') return void desktops.add(session);
        clients.add(session);
        return tellAll(context, session);
      case 'media':
        return onMediaRequest(context, message as unknown as MediaRequest);
      case 'submit':
        return submit(context, message as unknown as SubmitRequest);
    }
  },
};
