import type { Message } from '../../kernel/events.ts';
import type { Behaviour, Context } from '../../kernel/process.ts';
import { otherSide, type PublicMessage, type RouterInput, type Side } from '../messages.ts';
import { CCAG_DEVICE_PORT, PGAGENT_PORT } from '../ports.ts';

type SidePath = { session: number; open: boolean; inService: boolean };

type PgAgentState = {
  readonly device: string;
  readonly hosts: Readonly<Record<Side, string>>;
  readonly paths: Record<Side, SidePath>;
  active: Side | null;
  opcSession: number;
  /** Inputs the router has not answered: sent again when the active path changes (ICM-PATH-02). */
  readonly unanswered: Map<number, Message>;
};

type PgAgentContext = Context<PgAgentState>;

const RETRY_US = 1_000_000;
const SIDES: readonly Side[] = ['A', 'B'];

/** The PG agent (pgag): one path to each side of the Central Controller, one of them active. */
export const pgAgent: Behaviour<PgAgentState> = {
  kind: 'pgag',
  create(config) {
    const { device, hosts } = config as { device: string; hosts: Record<Side, string> };
    const path = () => ({ session: 0, open: false, inService: false });
    return {
      device,
      hosts,
      paths: { A: path(), B: path() },
      active: null,
      opcSession: 0,
      unanswered: new Map(),
    };
  },
  onStart(context) {
    context.listen(PGAGENT_PORT);
    for (const side of SIDES) connectSide(context, side);
  },
  onTimer(context, name) {
    for (const side of SIDES) if (name === `connect ${side}`) connectSide(context, side);
  },
  onAccepted(context, { session }) {
    context.state.opcSession = session;
  },
  onOpened(context, { session }) {
    const side = sideOf(context, session);
    if (!side) return;
    context.state.paths[side].open = true;
    context.send(session, { type: 'device hello', device: context.state.device });
  },
  onClosed(context, session) {
    const side = sideOf(context, session);
    if (!side) return;
    context.state.paths[side] = { session: 0, open: false, inService: false };
    context.setTimer(`connect ${side}`, RETRY_US);
    chooseActivePath(context);
  },
  onMessage(context, { session, message }) {
    const side = sideOf(context, session);
    if (!side) return fromOpc(context, message);
    fromCentralController(context, side, message);
  },
};

function connectSide(context: PgAgentContext, side: Side): void {
  const { hosts, paths } = context.state;
  const port = CCAG_DEVICE_PORT[side];
  paths[side].session = context.connect({ host: hosts[side], port, network: 'public' });
}

function sideOf(context: PgAgentContext, session: number): Side | undefined {
  return SIDES.find((side) => context.state.paths[side].session === session);
}

function chooseActivePath(context: PgAgentContext): void {
  const { state } = context;
  const usable = (side: Side) => state.paths[side].open && state.paths[side].inService;
  if (state.active && usable(state.active)) return;
  const next = SIDES.find(usable) ?? null;
  if (next === state.active) return;
  for (const side of SIDES) {
    if (!state.paths[side].open || (side !== next && side !== state.active)) continue;
    const { device } = state;
    context.send(state.paths[side].session, { type: 'path state', device, active: side === next });
  }
  context.log('info', next ? `Path to side ${next} is active.` : 'No side is in service.');
  state.active = next;
  if (!next) return;
  if (state.opcSession) context.send(state.opcSession, { type: 'path active' });
  for (const message of state.unanswered.values()) sendInput(context, message);
}

function sendInput(context: PgAgentContext, message: Message): void {
  const { active, paths } = context.state;
  if (active) context.send(paths[active].session, { type: 'device input', message });
}

function fromOpc(context: PgAgentContext, message: Message): void {
  const typed = message as unknown as RouterInput;
  if (typed.type === 'route request') context.state.unanswered.set(typed.dialog, message);
  sendInput(context, message);
}

function fromCentralController(context: PgAgentContext, side: Side, message: Message): void {
  const { state } = context;
  const typed = message as unknown as PublicMessage;
  switch (typed.type) {
    case 'side status':
      state.paths[side].inService = typed.inService;
      return chooseActivePath(context);
    case 'device output':
      // An answer that was already given by the other path is dropped here.
      if (!state.unanswered.delete(Number(typed.message['dialog']))) return;
      return void context.send(state.opcSession, typed.message);
    case 'test other side': {
      const other = state.paths[otherSide(side)];
      if (other.open) context.send(other.session, { type: 'who are you', round: typed.round });
      return;
    }
    case 'i am': {
      const asking = state.paths[otherSide(side)];
      const { round, state: found } = typed;
      const report = { type: 'other side', round, device: state.device, state: found };
      if (asking.open) context.send(asking.session, report);
    }
  }
}
