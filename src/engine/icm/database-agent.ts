import type { Behaviour, Context } from '../kernel/process.ts';
import {
  connectLocalMds,
  type LocalMdsState,
  registerWithMds,
  retryLocalMds,
} from './local-mds.ts';
import type { MdsClientMessage, Side } from './messages.ts';
import { DBA_PORT } from './ports.ts';

type DatabaseAgentState = LocalMdsState & { writer: number };

/** The database agent (dba): takes configuration updates and puts them into the ordered input. */
export const databaseAgent: Behaviour<DatabaseAgentState> = {
  kind: 'dba',
  create(config) {
    const { side } = config as { side: Side };
    return { side, mdsSession: 0, mdsOpen: false, writer: 0 };
  },
  onStart(context: Context<DatabaseAgentState>) {
    context.listen(DBA_PORT[context.state.side]);
    connectLocalMds(context);
  },
  onTimer(context, name) {
    if (name === 'connect mds') connectLocalMds(context);
  },
  onAccepted(context, { session }) {
    context.state.writer = session;
  },
  onOpened: (context) => registerWithMds(context, 'dba'),
  onClosed(context, session) {
    if (session === context.state.mdsSession) retryLocalMds(context);
    else if (session === context.state.writer) context.state.writer = 0;
  },
  onMessage(context, { session, message }) {
    const { state } = context;
    if (session === state.mdsSession) {
      const typed = message as unknown as MdsClientMessage;
      if (typed.type === 'output' && state.writer) context.send(state.writer, typed.message);
    } else if (message.type === 'configuration update') {
      const input = { to: 'all', from: context.self, message };
      context.send(state.mdsSession, { type: 'input', input });
    }
  },
};
