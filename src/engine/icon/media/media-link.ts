import { SECOND_US } from '../../kernel/lab-time.ts';
import { INTERACTION_PORT } from '../../telephony/interaction-server/interaction-messages.ts';
import type { IconContext } from '../icon-state.ts';
import { loseCalls } from '../interactions/reconnection.ts';
import type { IconRole } from '../options.ts';
import { isConnected } from '../t-server-links.ts';

/** The session with the Interaction Server. */

const RETRY_US = 2 * SECOND_US;
const WANTED: readonly IconRole[] = ['gcc', 'gls', 'gud', 'lrm'];

export function connectInteractions(context: IconContext): void {
  const { config, options, media } = context.state;
  if (!config.interactionServer || media.session !== 0) return;
  if (!isConnected(context, config.interactionServer.dbid)) return;
  if (!WANTED.some((role) => options.roles.includes(role))) return;
  const { host } = config.interactionServer;
  media.session = context.connect({ host, port: INTERACTION_PORT, network: 'public' });
}

export function onInteractionsOpened(context: IconContext): void {
  const { media } = context.state;
  media.open = true;
  media.named.clear();
  context.send(media.session, { type: 'request_register_client', client: 'reporting' });
}

/** What becomes of the interactions meanwhile is not seen. */
export function onInteractionsClosed(context: IconContext): void {
  const { config, media } = context.state;
  media.session = 0;
  media.open = false;
  loseCalls(context, config.interactionServer!);
  context.setTimer('connect interactions', RETRY_US);
}
