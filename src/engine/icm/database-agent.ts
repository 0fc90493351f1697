import type { Message } from '../kernel/events.ts';
import type { Behaviour, Context } from '../kernel/process.ts';
import { raise } from './ems/raise.ts';
import {
  type AgentConfig,
  connectLocalMds,
  type LocalMdsState,
  registerWithMds,
  retryLocalMds,
} from './local-mds.ts';
import type { MdsClientMessage } from './messages.ts';
import { DBA_PORT } from './ports.ts';

type DatabaseAgentState = LocalMdsState & { writer: number; loggerInService: boolean };
type DatabaseAgentContext = Context<DatabaseAgentState>;

/** The database agent (dba): takes configuration updates and puts them into the ordered input. */
export const databaseAgent: Behaviour<DatabaseAgentState> = {
  kind: 'dba',
  create: (config) => ({
    config: config as AgentConfig,
    mdsSession: 0,
    mdsOpen: false,
    writer: 0,
    loggerInService: false,
  }),
  onStart(context) {
    context.listen(DBA_PORT[context.state.config.side]);
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
    const { state } = context;
    if (session === state.mdsSession) {
      state.loggerInService = false;
      retryLocalMds(context);
    } else if (session === state.writer) state.writer = 0;
  },
  onMessage(context, { session, message, from }) {
    if (session === context.state.mdsSession) fromMds(context, message);
    else if (message.type === 'configuration update') update(context, message, from);
  },
};

function fromMds(context: DatabaseAgentContext, message: Message): void {
  const { state } = context;
  const typed = message as unknown as MdsClientMessage;
  if (typed.type === 'side status') state.loggerInService = typed.loggerInService;
  else if (typed.type === 'output' && state.writer) context.send(state.writer, typed.message);
}

/** Without a Logger nobody would keep the change, so it is refused (ICM-COMP-04, ICM-MSG-17). */
function update(context: DatabaseAgentContext, message: Message, from: string): void {
  const { state } = context;
  if (!state.loggerInService) {
    raise(context, 'updateRejected', from, context.host);
    const change = message['change'] as { revision: number };
    const refusal = { type: 'update rejected', revision: change.revision };
    if (state.writer) context.send(state.writer, refusal);
    return;
  }
  const input = { to: 'all', from: context.self, message };
  context.send(state.mdsSession, { type: 'input', input });
}
