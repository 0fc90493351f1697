import { encodePlainData } from '../../kernel/plain-data.ts';
import { decodePlainData } from '../../kernel/plain-data-reader.ts';
import type { Behaviour, Context } from '../../kernel/process.ts';
import { listenOrExit } from '../local-mds.ts';
import { LABEL_TYPE, type OrderedInput, type RouteLabel, type SideStatus } from '../messages.ts';
import { CIC_PUBLIC_PORT } from '../ports.ts';
import { cicPortPath, registryPort } from '../registry/keys.ts';
import {
  type ClientConfig,
  type ClientState,
  createClientState,
  SynchronizedClient,
} from '../synchronized-client.ts';

type Dialog = {
  /** When it was asked last. */
  second: number;
  /** CIC through which it was asked last: that one answers. */
  from: string;
  /** The answer, kept for a request that comes again. */
  label: RouteLabel | null;
};

export type CustomerInterfaceState = {
  readonly client: ClientState;
  /** Requests of the network ICM, by dialog; alike on both sides. */
  dialogs: Map<number, Dialog>;
  /** Sessions of network ICMs with this side. */
  readonly networks: Set<number>;
  status: SideStatus | null;
};

type CicContext = Context<CustomerInterfaceState>;

const STATE_VERSION = 1;
/** Emulator choice: how long an answer is kept, and a request that may wait in the router. */
const ANSWERED_SECONDS = 60;
const OPEN_SECONDS = 3600;

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
    const { side, registryKey } = context.state.client.config;
    const port = registryPort(context, cicPortPath(registryKey), CIC_PUBLIC_PORT[side]);
    if (!listenOrExit(context, port)) return;
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

function onOrdered(context: CicContext, { message, second, from }: OrderedInput): void {
  const { dialogs, client } = context.state;
  if (message.type === 'route request') {
    forgetOld(dialogs, second);
    const known = dialogs.get(Number(message['dialog']));
    if (known?.label) {
      Object.assign(known, { second, from });
      return answer(context, known.label, from);
    }
    dialogs.set(Number(message['dialog']), { second, from, label: null });
    context.send(client.mdsSession, { type: 'output', to: 'rtr', message });
  } else if (message.type === 'route label') {
    const label = message as unknown as RouteLabel;
    const dialog = dialogs.get(label.dialog);
    if (!dialog || dialog.label) return;
    dialog.second = second;
    // A call that waits in the router gets its label later.
    if (label.labelType !== LABEL_TYPE.normal) return;
    dialog.label = label;
    answer(context, label, dialog.from);
  }
}

function answer(context: CicContext, label: RouteLabel, from: string): void {
  if (from !== context.self) return;
  for (const network of context.state.networks) context.send(network, label);
}

function forgetOld(dialogs: Map<number, Dialog>, second: number): void {
  for (const [dialog, { second: since, label }] of dialogs) {
    const limit = label ? ANSWERED_SECONDS : OPEN_SECONDS;
    if (second - since > limit) dialogs.delete(dialog);
  }
}
