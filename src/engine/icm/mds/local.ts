import type { Message, SessionDelivery } from '../../kernel/events.ts';
import type { PlainData } from '../../kernel/plain-data.ts';
import { raise } from '../ems/raise.ts';
import { TRACE } from '../ems/trace-groups.ts';
import type { ClientName, MdsClientMessage, TransferMessage } from '../messages.ts';
import {
  activateClient,
  dropRelay,
  initializeClients,
  setClientStatus,
  startFlow,
} from './initialization.ts';
import { isEnabled, isPaired, type MdsContext, mainClient } from './mds-state.ts';
import { acceptInput, announceSide } from './ordering.ts';
import { stepBack } from './peer.ts';
import { beginTest, hasMajority, takeReport } from './testing.ts';

/** Messages of the processes of this node. */
export function onLocalMessage(context: MdsContext, delivery: SessionDelivery): void {
  const { state } = context;
  const { session, message, from } = delivery;
  const local = message as unknown as MdsClientMessage | TransferMessage;
  switch (local.type) {
    case 'register':
      return register(context, local.client, session, from);
    case 'attach':
      return attachPipe(context, local.client, session);
    case 'input':
      return acceptInput(context, local.input);
    case 'output':
      return routeOutput(context, from, local.to, message['message'] as PlainData);
    case 'client active':
      return activateClient(context, local.client, local.order);
    case 'transfer refused':
      return void context.send(state.peerSession, message);
    case 'state check':
      if (isPaired(state)) context.send(state.peerSession, message);
      return;
    case 'heartbeat received': {
      const client = [...state.clients.values()].find((one) => one.session === session);
      if (client) client.unanswered = 0;
      return;
    }
    case 'paths':
      return hearPaths(context, local.devices);
    case 'other side':
      return takeReport(context, local);
  }
}

function register(context: MdsContext, name: string, session: number, process: string): void {
  const { state } = context;
  if (context.traces(TRACE.mds.clients)) {
    context.log('trace', `Client ${process} registers as ${name}.`);
  }
  const client = state.config.clients.find((candidate) => candidate === name);
  if (!client) {
    state.agents.set(name, session);
    tellProcess(context, 'processOk', name);
    return announceSide(context);
  }
  dropRelay(context, client);
  const counts = { holdsOrder: 0, unanswered: 0 };
  state.clients.set(client, { process, session, status: 'registered', queue: [], ...counts });
  setClientStatus(context, client, 'registered');
  initializeClients(context);
}

function attachPipe(context: MdsContext, client: ClientName, session: number): void {
  const relay = context.state.transfers.get(client);
  if (!relay) return context.close(session);
  relay.pipeSession = session;
  startFlow(context, client);
}

/** Output for a client is input of the order; other output goes to the local agent. */
function routeOutput(context: MdsContext, from: string, to: string, message: PlainData): void {
  const { state } = context;
  // Each router feeds its own Logger; what a Logger that is down misses, recovery brings.
  if (to === 'hlgr') return toOwnHistoricalLogger(context, message as Message);
  const client = state.config.clients.find((candidate) => candidate === to);
  if (client) {
    const input = { to: client, from, message: message as { type: string } };
    if (isEnabled(state) || isOnlyProducer(context, from)) acceptInput(context, input);
    return;
  }
  const agent = state.agents.get(to) ?? state.agents.get(state.config.agent);
  if (agent) context.send(agent, { type: 'output', to, message });
}

/** Both sides' clients put out the same; the enabled side's counts, where it has such a client. */
function isOnlyProducer({ state }: MdsContext, from: string): boolean {
  const [name] = [...state.clients].find(([, { process }]) => process === from) ?? [];
  return isPaired(state) && name !== undefined && state.peerClients.get(name) !== 'active';
}

function toOwnHistoricalLogger(context: MdsContext, message: Message): void {
  const logger = context.state.clients.get('hlgr');
  if (logger?.status === 'active') context.send(logger.session, message);
}

function hearPaths(context: MdsContext, devices: readonly string[]): void {
  const { state } = context;
  state.devicesConnected = devices;
  if (devices.length === 0) state.connectedSinceUs = -1;
  else if (state.connectedSinceUs < 0) state.connectedSinceUs = context.nowUs;
  // Emulator choice (ICM-FSM-08 is unknown): majority regained is tested again.
  if (state.state === 'Isolated-Disabled' && hasMajority(context)) beginTest(context);
}

/** Heartbeats to the clients; one that does not answer is ended, and its Node Manager acts. */
export function heartbeatClients(context: MdsContext): void {
  const { state } = context;
  const { clientHeartbeat, clientHeartbeatsMissed } = state.config.settings;
  context.setTimer('client heartbeat', clientHeartbeat);
  for (const { process, session, unanswered } of [...state.clients.values()]) {
    if (unanswered < clientHeartbeatsMissed) continue;
    context.log('error', `${process} does not answer: its session ${session} is given up.`);
    context.stopProcess(process, 'failure');
  }
  for (const client of state.clients.values()) {
    client.unanswered++;
    context.send(client.session, { type: 'heartbeat' });
  }
}

/** An unsynchronized process of this node has gone. */
export function loseAgent(context: MdsContext, name: string): void {
  context.state.agents.delete(name);
  tellProcess(context, 'processDown', name);
}

/** The catalogue knows these events for the central site only. */
function tellProcess(context: MdsContext, event: 'processOk' | 'processDown', name: string): void {
  const { role, side } = context.state.config;
  if (role === 'central controller') raise(context, event, side, name);
  else if (event === 'processDown') context.log('error', `Process ${name} is down.`);
}

export function loseClient(context: MdsContext, name: ClientName): void {
  const { state } = context;
  tellProcess(context, 'processDown', name);
  dropRelay(context, name);
  setClientStatus(context, name, 'absent');
  state.clients.delete(name);
  if (mayStepBack(context, name)) return stepBack(context);
  announceSide(context);
  initializeClients(context);
}

/** A gateway pair is a hot standby (ICM-SYNC-11): who has lost its OPC lets the other serve. */
function mayStepBack({ state }: MdsContext, lost: ClientName): boolean {
  const isMain = state.config.role === 'peripheral gateway' && lost === mainClient(state);
  return isMain && state.state === 'Paired-Enabled' && state.peerClients.get(lost) === 'active';
}
