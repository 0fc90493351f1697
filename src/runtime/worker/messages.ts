import type { RpcEvent, RpcReply, RpcRequest } from '../../contract/rpc.ts';

/** Which lab a worker opens: the folder goes on if it holds one, else the file starts a new one. */
export interface LabToOpen {
  readonly labFile: string;
  /** Null: a new lab that is kept nowhere. */
  readonly folder: string | null;
  /** Refuse to go on with an existing lab. */
  readonly fresh: boolean;
  /** A new lab waits, too, until it is told to run. */
  readonly waits?: boolean;
  /** What the user is to be told when it is open. */
  readonly notice?: string;
}

export type ToWorker =
  | { readonly kind: 'request'; readonly request: RpcRequest }
  | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'ready'; readonly notices: readonly string[] }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'reply'; readonly reply: RpcReply }
  | ({ readonly kind: 'event' } & RpcEvent)
  | { readonly kind: 'closed' };
