import type { Message } from '../../kernel/events.ts';
import type { Behaviour, Context } from '../../kernel/process.ts';
import type { RouterInput } from '../messages.ts';
import { OPC_PORT, PGAGENT_PORT } from '../ports.ts';

type OpcState = {
  agentSession: number;
  agentOpen: boolean;
  /** Peripheral name to the session of its PIM. */
  readonly pims: Map<string, number>;
  /** Last known state of each agent's extension, told anew when a path becomes active. */
  readonly agents: Map<string, Message>;
};

type OpcContext = Context<OpcState>;

const RETRY_US = 500_000;

/** The Open Peripheral Controller (opc): the centre of a PG, between its PIMs and its agent. */
export const openPeripheralController: Behaviour<OpcState> = {
  kind: 'opc',
  create: () => ({ agentSession: 0, agentOpen: false, pims: new Map(), agents: new Map() }),
  onStart(context) {
    context.listen(OPC_PORT);
    connectAgent(context);
  },
  onTimer: (context) => connectAgent(context),
  onOpened(context) {
    context.state.agentOpen = true;
    tellEverything(context);
  },
  onClosed(context, session) {
    const { state } = context;
    if (session === state.agentSession) {
      state.agentOpen = false;
      return context.setTimer('connect pgag', RETRY_US);
    }
    for (const [peripheral, pim] of state.pims) {
      if (pim !== session) continue;
      state.pims.delete(peripheral);
      toRouter(context, { type: 'peripheral online', peripheral, online: false });
    }
  },
  onMessage(context, { session, message }) {
    const { state } = context;
    if (session === state.agentSession) {
      if (message.type === 'path active') return tellEverything(context);
      const pim = state.pims.get(String(message['peripheral']));
      if (pim) context.send(pim, message);
      return;
    }
    const typed = message as unknown as RouterInput;
    if (typed.type === 'peripheral online') state.pims.set(typed.peripheral, session);
    if (typed.type === 'agent state') state.agents.set(typed.extension, message);
    toRouter(context, message);
  },
};

function connectAgent(context: OpcContext): void {
  const port = PGAGENT_PORT;
  context.state.agentSession = context.connect({ host: context.host, port, network: 'loopback' });
}

/** A router that has just come into service knows nothing of the peripherals. */
function tellEverything(context: OpcContext): void {
  const { state } = context;
  for (const peripheral of state.pims.keys()) {
    toRouter(context, { type: 'peripheral online', peripheral, online: true });
  }
  for (const message of state.agents.values()) toRouter(context, message);
}

function toRouter(context: OpcContext, message: Message): void {
  if (context.state.agentOpen) context.send(context.state.agentSession, message);
}
