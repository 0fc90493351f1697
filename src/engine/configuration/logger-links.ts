import type { Side } from '../icm/messages.ts';
import { DBA_PORT } from '../icm/ports.ts';
import type { Message } from '../kernel/events.ts';
import type { ServerContext } from './configuration-server.ts';
import type { ConfigurationChange } from './object-types.ts';

/** The way of changes to the Loggers, through the database agents of the Central Controller. */

type DatabaseAgentLink = {
  readonly side: Side;
  readonly host: string;
  session: number;
  open: boolean;
  /** It said that no Logger is in operation, and has not taken it back. */
  refuses: boolean;
};

export type LoggerLinks = {
  /** The first open one takes the changes. */
  readonly agents: DatabaseAgentLink[];
  /** Every change of what the router knows; the revision is the place in this list, from one. */
  readonly changes: ConfigurationChange[];
  /** Last revision that is on the server's own disk: nothing beyond it is sent. */
  durable: number;
  /** Last revision that a Logger has confirmed. */
  confirmed: number;
  /** What a Logger said last: of a pair the one is always a little behind the other. */
  said: number;
  /** Last revision that is on its way. */
  sent: number;
};

const RETRY_US = 5_000_000;
/** Emulator choice: a change that no Logger has confirmed for so long is sent again. */
const CONFIRM_US = 5_000_000;
/** Emulator choice: so many changes may be on their way at a time. */
const WINDOW = 200;

export function createLoggerLinks(hosts: Readonly<Record<Side, string>>): LoggerLinks {
  const link = (side: Side) => ({
    side,
    host: hosts[side],
    session: 0,
    open: false,
    refuses: false,
  });
  const agents = [link('A'), link('B')];
  return { agents, changes: [], durable: 0, confirmed: 0, said: 0, sent: 0 };
}

export function connectLoggers(context: ServerContext): void {
  for (const agent of context.state.loggers.agents) {
    if (agent.session !== 0) continue;
    const port = DBA_PORT[agent.side];
    agent.session = context.connect({ host: agent.host, port, network: 'public' });
  }
}

export function onLoggerOpened(context: ServerContext, session: number): void {
  const agent = agentOf(context, session);
  if (!agent) return;
  agent.open = true;
  agent.refuses = false;
  sendAgain(context);
}

export function onLoggerClosed(context: ServerContext, session: number): void {
  const agent = agentOf(context, session);
  if (!agent) return;
  agent.session = 0;
  agent.open = false;
  context.setTimer('connect agents', RETRY_US);
}

/** True if the message came from a database agent. */
export function onLoggerMessage(
  context: ServerContext,
  session: number,
  message: Message,
): boolean {
  const agent = agentOf(context, session);
  if (!agent) return false;
  if (message.type === 'update rejected') refused(context, agent, message);
  else if (message.type === 'loggers in operation') {
    agent.refuses = false;
    sendAgain(context);
  } else if (message.type === 'update applied') confirmed(context, Number(message['revision']));
  return true;
}

function confirmed(context: ServerContext, revision: number): void {
  const { loggers } = context.state;
  loggers.said = revision;
  loggers.confirmed = Math.max(loggers.confirmed, revision);
  if (revision >= loggers.durable) return context.cancelTimer('confirm');
  context.setTimer('confirm', CONFIRM_US);
  sendMore(context);
}

/** A Logger that still has less than was confirmed came back with an older database. */
export function onConfirmTimeout(context: ServerContext): void {
  const { loggers } = context.state;
  loggers.confirmed = loggers.said;
  sendAgain(context);
}

/** The other side may have a Logger; else the change waits until one is in operation. */
function refused(context: ServerContext, agent: DatabaseAgentLink, message: Message): void {
  const { revision, reason } = message as Message & { revision: number; reason: string };
  const isNews = !agent.refuses;
  agent.refuses = true;
  if (isNews && writableAgent(context)) return sendAgain(context);
  if (isNews || revision === context.state.loggers.sent) {
    context.log('warn', `The Central Controller refused change ${revision}: ${reason}.`);
  }
  context.cancelTimer('confirm');
}

function agentOf({ state }: ServerContext, session: number): DatabaseAgentLink | undefined {
  return state.loggers.agents.find((candidate) => candidate.session === session);
}

function writableAgent({ state }: ServerContext): DatabaseAgentLink | undefined {
  return state.loggers.agents.find(({ open, refuses }) => open && !refuses);
}

/** Loggers ignore a revision they have; so everything unconfirmed may be sent again. */
export function sendAgain(context: ServerContext): void {
  const { loggers } = context.state;
  loggers.sent = loggers.confirmed;
  sendMore(context);
}

/** Sends what the window allows. */
export function sendMore(context: ServerContext): void {
  const { loggers } = context.state;
  // Without a Logger each change is refused by name; it waits here all the same.
  const agent = writableAgent(context) ?? loggers.agents.find(({ open }) => open);
  if (!agent) return;
  const until = Math.min(loggers.durable, loggers.confirmed + WINDOW);
  loggers.sent = Math.max(loggers.sent, loggers.confirmed);
  while (loggers.sent < until) {
    const change = loggers.changes[loggers.sent++];
    context.send(agent.session, { type: 'configuration update', change });
    context.setTimer('confirm', CONFIRM_US);
  }
}
