import type { Message } from '../../kernel/events.ts';
import { decodePlainData, encodePlainData } from '../../kernel/plain-data.ts';
import type { Behaviour, Context } from '../../kernel/process.ts';
import type { OrderedInput, RouteLabel, SideStatus } from '../messages.ts';
import { CIC_PUBLIC_PORT } from '../ports.ts';
import {
  type ClientConfig,
  type ClientState,
  createClientState,
  SynchronizedClient,
} from '../synchronized-client.ts';

type Dialog = { readonly second: number; readonly request: Message };

export type CustomerInterfaceState = {
  readonly client: ClientState;
  /** Requests of the network ICM that have no answer yet, by dialog; alike on both sides. */
  dialogs: Map<number, Dialog>;
  /** Sessions of network ICMs with this side. */
  readonly networks: Set<number>;
  status: SideStatus | null;
};

type CicContext = Context<CustomerInterfaceState>;

const STATE_VERSION = 1;
/** Emulator choice: a dialog is forgotten after so long; its caller has gone elsewhere. */
const FORGET_SECONDS = 60;

const synchronized = new SynchronizedClient<CustomerInterfaceState>({
  name: 'cic',
  version: () => STATE_VERSION,
  objectCount: ({ dialogs }) => dialogs.size,
  snapshot({ state }) {
    return [{ name: 'dialogs', numbers: [], bytes: encodePlainData(state.dialogs) }];
  },
  recreate({ state }, [{ bytes }]) {
    state.dialogs = decodePlainData(bytes) as unknown as Map<number, Dialog>;
  },
  startAlone(context) {
    context.state.dialogs.clear();
    synchronized.activate(context);
  },
  onOrdered,
  onOther(context, message) {
    if (message.type !== 'side status') return;
    context.state.status = message as unknown as SideStatus;
    announce(context);
  },
});

/**
 * The Customer Interface Controller (cic): answers the route requests of a network ICM. Both sides
 * keep the open dialogs; the side that holds the session answers.
 */
export const customerInterfaceController: Behaviour<CustomerInterfaceState> = {
  kind: 'cic',
  create: (config) => ({
    client: createClientState(config as ClientConfig),
    dialogs: new Map(),
    networks: new Set(),
    status: null,
  }),
  onStart(context) {
    context.listen(CIC_PUBLIC_PORT[context.state.client.config.side]);
    synchronized.connect(context);
  },
  onTimer: (context, name) => void synchronized.onTimer(context, name),
  onAccepted(context, { session }) {
    context.state.networks.add(session);
    announce(context);
  },
  onOpened: (context, peer) => synchronized.onOpened(context, peer),
  onClosed(context, session, reason) {
    if (context.state.networks.delete(session)) return;
    synchronized.onClosed(context, session, reason);
  },
  onMessage(context, delivery) {
    if (!context.state.networks.has(delivery.session)) {
      return synchronized.onMessage(context, delivery);
    }
    const input = { to: 'cic', from: context.self, message: delivery.message };
    context.send(context.state.client.mdsSession, { type: 'input', input });
  },
};

function announce(context: CicContext): void {
  const { state } = context;
  if (!state.status) return;
  for (const network of state.networks) context.send(network, state.status);
}

function onOrdered(context: CicContext, { message, second }: OrderedInput): void {
  const { dialogs, networks, client } = context.state;
  for (const [dialog, { second: since }] of dialogs) {
    if (second - since > FORGET_SECONDS) dialogs.delete(dialog);
  }
  if (message.type === 'route request') {
    dialogs.set(Number(message['dialog']), { second, request: message });
    context.send(client.mdsSession, { type: 'output', to: 'rtr', message });
  } else if (message.type === 'route label') {
    const label = message as unknown as RouteLabel;
    if (!dialogs.delete(label.dialog)) return;
    for (const network of networks) context.send(network, message);
  }
}
