import type { Context } from '../kernel/process.ts';
import type { Side } from './messages.ts';
import type { MdsPorts } from './ports.ts';
import type { IcmSettings } from './settings.ts';

const RETRY_US = 500_000;

export type AgentConfig = {
  readonly side: Side;
  readonly ports: MdsPorts;
  readonly settings: IcmSettings;
};

/** The link of an unsynchronized agent process to the MDS of its node. */
export interface LocalMdsState {
  readonly config: AgentConfig;
  mdsSession: number;
  mdsOpen: boolean;
}

export function connectLocalMds<S extends LocalMdsState>(context: Context<S>): void {
  const { state } = context;
  const { client: port } = state.config.ports;
  state.mdsOpen = false;
  state.mdsSession = context.connect({ host: context.host, port, network: 'loopback' });
}

export function registerWithMds<S extends LocalMdsState>(context: Context<S>, name: string): void {
  context.state.mdsOpen = true;
  context.send(context.state.mdsSession, { type: 'register', client: name });
}

export function retryLocalMds<S extends LocalMdsState>(context: Context<S>): void {
  context.state.mdsOpen = false;
  context.setTimer('connect mds', RETRY_US);
}
