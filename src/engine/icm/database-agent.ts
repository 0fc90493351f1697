import type { Message } from '../kernel/events.ts';
import type { Behaviour, Context } from '../kernel/process.ts';
import { raise } from './ems/raise.ts';
import { TRACE } from './ems/trace-groups.ts';
import {
  type AgentConfig,
  connectLocalMds,
  type LocalMdsState,
  listenOrExit,
  registerWithMds,
  retryLocalMds,
} from './local-mds.ts';
import type { MdsClientMessage } from './messages.ts';
import { DBA_PORT } from './ports.ts';
import { databaseMaintenancePath, registryNumber } from './registry/keys.ts';

type DatabaseAgentState = LocalMdsState & {
  writer: number;
  loggerInService: boolean;
  /** What this side's Logger said last: a writer that comes later must know it too. */
  applied: Message | null;
};
const MAINTENANCE_US = 5_000_000;

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
    applied: null,
  }),
  onStart(context) {
    if (!listenOrExit(context, DBA_PORT[context.state.config.side])) return;
    connectLocalMds(context);
  },
  onTimer(context, name) {
    if (name === 'connect mds') connectLocalMds(context);
    else if (name === 'maintenance') watchMaintenance(context);
  },
  onAccepted(context, { session }) {
    context.state.writer = session;
    if (context.state.applied) context.send(session, context.state.applied);
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
  if (typed.type === 'side status') {
    const cameUp = typed.loggerInService && !state.loggerInService;
    state.loggerInService = typed.loggerInService;
    if (cameUp && state.writer) context.send(state.writer, { type: 'loggers in operation' });
  } else if (typed.type === 'output') {
    state.applied = typed.message;
    if (state.writer) context.send(state.writer, typed.message);
  }
}

function isInMaintenance(context: DatabaseAgentContext): boolean {
  const path = databaseMaintenancePath(context.state.config.registryKey);
  return registryNumber(context, path, 0) !== 0;
}

/** Tells the writer when changes are welcome again. */
function watchMaintenance(context: DatabaseAgentContext): void {
  const { writer } = context.state;
  if (isInMaintenance(context)) return context.setTimer('maintenance', MAINTENANCE_US);
  if (writer) context.send(writer, { type: 'loggers in operation' });
}

/** Without a Logger nobody would keep the change, so it is refused (ICM-COMP-04, ICM-MSG-17). */
function update(context: DatabaseAgentContext, message: Message, from: string): void {
  const { state } = context;
  const isClosed = isInMaintenance(context);
  if (context.traces(TRACE.dba.updates)) context.log('trace', `UpdateCC from: ${from}`);
  const reason = isClosed ? 'DBMaintenance is set' : 'no Logger is up';
  if (isClosed) {
    context.log('warn', `UpdateCC from: ${from} on: ${context.host}, rejected: ${reason}.`);
    context.setTimer('maintenance', MAINTENANCE_US);
  }
  if (!isClosed && !state.loggerInService) raise(context, 'updateRejected', from, context.host);
  if (isClosed || !state.loggerInService) {
    const change = message['change'] as { revision: number };
    const refusal = { type: 'update rejected', revision: change.revision, reason };
    if (state.writer) context.send(state.writer, refusal);
    return;
  }
  const input = { to: 'all', from: context.self, message };
  context.send(state.mdsSession, { type: 'input', input });
}
