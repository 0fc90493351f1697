import type { Context } from '../kernel/process.ts';
import type { Side } from './messages.ts';
import type { MdsPorts } from './ports.ts';
import { mdsKey, registryPort } from './registry/keys.ts';
import type { IcmSettings } from './settings.ts';

const RETRY_US = 500_000;

export type AgentConfig = {
  readonly side: Side;
  readonly ports: MdsPorts;
  /** Registry key of the node whose MDS this is. */
  readonly registryKey: string;
  readonly settings: IcmSettings;
};

type PortConfig = Pick<AgentConfig, 'ports' | 'registryKey'>;

/** The link of an unsynchronized agent process to the MDS of its node. */
export interface LocalMdsState {
  readonly config: AgentConfig;
  mdsSession: number;
  mdsOpen: boolean;
}

export function connectLocalMds<S extends LocalMdsState>(context: Context<S>): void {
  const { state } = context;
  const port = mdsClientPort(context, state.config);
  state.mdsOpen = false;
  state.mdsSession = context.connect({ host: context.host, port, network: 'loopback' });
}

/** TCP port at which the MDS of the node serves its clients (ICM-REG-11). */
export function mdsClientPort<S>(context: Context<S>, config: PortConfig): number {
  return registryPort(context, `${mdsKey(config.registryKey)}\\MDSPort`, config.ports.client);
}

/** And the one for the pipes of state transfers. */
export function mdsTransferPort<S>(context: Context<S>, config: PortConfig): number {
  const path = `${mdsKey(config.registryKey)}\\StateXferPort`;
  return registryPort(context, path, config.ports.transfer);
}

/** Listens, or ends the process: two programs cannot have one port. */
export function listenOrExit<S>(context: Context<S>, ...ports: readonly number[]): boolean {
  const taken = ports.find((port, at) => ports.indexOf(port) < at || !context.listen(port));
  if (taken === undefined) return true;
  context.log('error', `TCP port ${taken} is in use by another process.`);
  context.exit('failure');
  return false;
}

export function registerWithMds<S extends LocalMdsState>(context: Context<S>, name: string): void {
  context.state.mdsOpen = true;
  context.send(context.state.mdsSession, { type: 'register', client: name });
}

export function retryLocalMds<S extends LocalMdsState>(context: Context<S>): void {
  context.state.mdsOpen = false;
  context.setTimer('connect mds', RETRY_US);
}
