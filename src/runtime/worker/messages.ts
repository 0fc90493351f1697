import type { LabStatus, RpcReply, RpcRequest } from '../../contract/rpc.ts';

/** Which lab a worker opens: the folder goes on if it holds one, else the file starts a new one. */
export interface LabToOpen {
  readonly labFile: string;
  /** What the lab file says, where it is not read from the disk. */
  readonly text?: string;
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
  /** Hands out an IDB as it is now. */
  | { readonly kind: 'image'; readonly id: number; readonly database: string }
  | { readonly kind: 'close' };

export type FromWorker =
  /** How much of what was recorded is replayed, from 0 to 1. */
  | { readonly kind: 'opening'; readonly fraction: number }
  | { readonly kind: 'ready'; readonly notices: readonly string[] }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'reply'; readonly reply: RpcReply }
  | { readonly kind: 'image'; readonly id: number; readonly image: Uint8Array | string }
  | { readonly kind: 'event'; readonly event: 'status'; readonly data: LabStatus }
  /** `problem`: why something is not saved. */
  | { readonly kind: 'closed'; readonly problem: string | null };
