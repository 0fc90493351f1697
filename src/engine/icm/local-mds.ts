import type { Context } from '../kernel/process.ts';
import type { Side } from './messages.ts';
import { MDS_CLIENT_PORT } from './ports.ts';

const RETRY_US = 500_000;

/** The link of an unsynchronized agent process to the MDS of its side. */
export interface LocalMdsState {
  readonly side: Side;
  mdsSession: number;
  mdsOpen: boolean;
}

export function connectLocalMds<S extends LocalMdsState>(context: Context<S>): void {
  const { state } = context;
  const port = MDS_CLIENT_PORT[state.side];
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
