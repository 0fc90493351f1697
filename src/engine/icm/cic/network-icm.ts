import type { Behaviour, Context } from '../../kernel/process.ts';
import type { RouteLabel, Side, SideStatus } from '../messages.ts';
import { CIC_PUBLIC_PORT } from '../ports.ts';

type NetworkConfig = {
  readonly name: string;
  readonly hosts: Readonly<Record<Side, string>>;
  readonly dialedNumbers: readonly string[];
  readonly requestsPerHour: number;
};

type Link = { session: number; open: boolean; inService: boolean };

export type NetworkIcmState = {
  readonly config: NetworkConfig;
  readonly links: Record<Side, Link>;
  nextDialog: number;
  readonly unanswered: Map<number, { readonly dialedNumber: string; readonly ani: string }>;
  asked: number;
  answered: number;
};

type NetworkContext = Context<NetworkIcmState>;

const RETRY_US = 2_000_000;
const ASK_AGAIN_US = 5_000_000;
const SIDES: readonly Side[] = ['A', 'B'];
const SECOND = 1_000_000;

/** A network ICM (nam) that asks this one where calls should go, through the CIC. */
export const networkIcm: Behaviour<NetworkIcmState> = {
  kind: 'nam',
  create(config) {
    const link = (): Link => ({ session: 0, open: false, inService: false });
    return {
      config: config as NetworkConfig,
      links: { A: link(), B: link() },
      nextDialog: 1,
      unanswered: new Map(),
      asked: 0,
      answered: 0,
    };
  },
  onStart(context) {
    const { state } = context;
    // Dialogs of a run before this one must not come again.
    state.nextDialog = Math.floor(context.nowUs / SECOND) * 1000 + 1;
    for (const side of SIDES) connect(context, side);
    context.setTimer('ask', nextUs(context));
    context.setTimer('again', ASK_AGAIN_US);
  },
  onTimer(context, name) {
    if (name === 'ask') {
      context.setTimer('ask', nextUs(context));
      return ask(context);
    }
    if (name === 'again') {
      context.setTimer('again', ASK_AGAIN_US);
      for (const dialog of context.state.unanswered.keys()) send(context, dialog);
      return;
    }
    for (const side of SIDES) if (name === `connect ${side}`) connect(context, side);
  },
  onOpened(context, { session }) {
    const link = linkOf(context, session);
    if (link) link.open = true;
  },
  onClosed(context, session) {
    for (const side of SIDES) {
      if (context.state.links[side].session !== session) continue;
      context.state.links[side] = { session: 0, open: false, inService: false };
      context.setTimer(`connect ${side}`, RETRY_US);
    }
  },
  onMessage(context, { session, message }) {
    const { state } = context;
    const link = linkOf(context, session);
    if (message.type === 'side status' && link) {
      link.inService = (message as unknown as SideStatus).inService;
    } else if (message.type === 'route label') {
      const { dialog } = message as unknown as RouteLabel;
      if (state.unanswered.delete(dialog)) state.answered++;
    }
  },
};

function nextUs(context: NetworkContext): number {
  const { requestsPerHour } = context.state.config;
  return context.exponential('request', 3600 / requestsPerHour) * SECOND;
}

function connect(context: NetworkContext, side: Side): void {
  const { config, links } = context.state;
  const port = CIC_PUBLIC_PORT[side];
  links[side].session = context.connect({ host: config.hosts[side], port, network: 'public' });
}

function linkOf(context: NetworkContext, session: number): Link | undefined {
  return SIDES.map((side) => context.state.links[side]).find((link) => link.session === session);
}

function ask(context: NetworkContext): void {
  const { state } = context;
  const { dialedNumbers } = state.config;
  const pick = Math.floor(context.uniform('dialed number') * dialedNumbers.length);
  const subscriber = String(Math.floor(context.uniform('ani') * 1e7)).padStart(7, '0');
  const dialog = state.nextDialog++;
  state.unanswered.set(dialog, { dialedNumber: dialedNumbers[pick], ani: `777${subscriber}` });
  state.asked++;
  send(context, dialog);
}

function send(context: NetworkContext, dialog: number): void {
  const { links, unanswered, config } = context.state;
  const side = SIDES.find((which) => links[which].open && links[which].inService);
  const call = unanswered.get(dialog);
  if (!side || !call) return;
  context.send(links[side].session, {
    type: 'route request',
    dialog,
    peripheral: config.name,
    device: 'cic',
    ...call,
  });
}
