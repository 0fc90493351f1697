import type { IconState } from '../icon-state.ts';
import { linkOfSession } from '../t-server-links.ts';
import { type DataSource, SOURCE_TYPE } from './source-sessions.ts';

const OUTBOUND = 'outbound contact server';
const CONFIGURATION = 'configuration server';

/** The Configuration Server as a source. */
export function configurationSource({ config }: IconState): DataSource {
  const { configurationDbid: dbid } = config;
  return { name: CONFIGURATION, dbid, type: SOURCE_TYPE.configurationServer, switchDbid: 0 };
}

/** The data source at the other end of a session; undefined for all others. */
export function sourceOf(state: IconState, session: number): DataSource | undefined {
  const { config, media, outbound } = state;
  const { interactionServer, outboundServer } = config;
  if (session === outbound.session && outboundServer) {
    const { dbid } = outboundServer;
    return { name: OUTBOUND, dbid, type: SOURCE_TYPE.outboundServer, switchDbid: 0 };
  }
  if (session === media.session && interactionServer) {
    const { name, dbid } = interactionServer;
    return { name, dbid, type: SOURCE_TYPE.interactionServer, switchDbid: 0 };
  }
  const link = linkOfSession(state, session);
  const tServer = link && config.tServers.find(({ name }) => name === link.name);
  if (!tServer) return undefined;
  const { backupDbid, dbid: primaryDbid, hosts, name, switchDbid } = tServer;
  const isBackup = backupDbid !== undefined && link.host !== hosts[0];
  const dbid = isBackup ? backupDbid : primaryDbid;
  return { name, dbid, primaryDbid, type: SOURCE_TYPE.tServer, switchDbid };
}
