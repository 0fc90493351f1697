import { SECOND_US } from '../../kernel/lab-time.ts';
import { OUTBOUND_PORT } from '../../telephony/outbound/outbound-messages.ts';
import type { IconContext } from '../icon-state.ts';
import { isConnected } from '../t-server-links.ts';

/** The session with the Outbound Contact Server, for role gos. */

const RETRY_US = 2 * SECOND_US;

export function connectOutbound(context: IconContext): void {
  const { config, options, outbound } = context.state;
  const { outboundServer } = config;
  if (!outboundServer || !isConnected(context, outboundServer.dbid)) return;
  if (!options.roles.includes('gos') || outbound.session !== 0) return;
  const { host } = outboundServer;
  outbound.session = context.connect({ host, port: OUTBOUND_PORT, network: 'public' });
}

/** What OCS names from now on is there; what it does not name has ended meanwhile. */
export function onOutboundOpened({ state }: IconContext): void {
  state.outbound.open = true;
  for (const record of state.outbound.records.values()) record.isNamed = false;
}

export function onOutboundClosed(context: IconContext): void {
  const { outbound } = context.state;
  outbound.session = 0;
  outbound.open = false;
  context.setTimer('connect outbound', RETRY_US);
}
