import { createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Bytes of one write and at most of one read: TCP alone is fastest with such pieces. */
export const CHUNK_BYTES = 512 * 1024;
export const SIZE_BYTES = 4;
/** Hexadecimal digits of a section's hash. */
export const HASH_BYTES = 32;

export interface SectionHead {
  readonly name: string;
  readonly numbers: readonly number[];
  readonly sizeBytes: number;
}

/** Goes before the bytes. Without `verify` they are read and nothing is done with them. */
export interface ShipmentHead {
  readonly sections: readonly SectionHead[];
  readonly verify: boolean;
  readonly newMemory: boolean;
}

export interface Shipment {
  readonly head: ShipmentHead;
  /** Bytes of each section. */
  readonly parts: readonly Uint8Array[];
  /** Sees each piece just before it is written. */
  leaving?(piece: Uint8Array, section: number): void;
  /** What follows the parts: a hash for each section, known when they have left. */
  end(): Uint8Array;
}

/** A TCP connection over 127.0.0.1 to a receiver in a thread of its own. */
export interface Loopback {
  /** Resolves when the receiver has taken all and, if asked to, found it whole. */
  ship(shipment: Shipment): Promise<void>;
  close(): Promise<void>;
}

export async function openLoopback(): Promise<Loopback> {
  const server = createServer();
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  const program = join(dirname(process.argv[1]), 'bench-receiver.js');
  const receiver = new Worker(program, { workerData: { port: address.port } });
  const sender = await accepted;
  sender.setNoDelay(true);
  return {
    async ship(shipment) {
      const taken = new Promise<void>((resolve, reject) => {
        receiver.once('message', () => resolve());
        receiver.once('error', reject);
      });
      await send(sender, shipment);
      await taken;
      receiver.removeAllListeners('error');
    },
    async close() {
      sender.destroy();
      server.close();
      await receiver.terminate();
    },
  };
}

async function send(socket: Socket, { head, parts, leaving, end }: Shipment): Promise<void> {
  const headBytes = new TextEncoder().encode(JSON.stringify(head));
  socket.write(new Uint8Array(new Uint32Array([headBytes.length]).buffer));
  socket.write(headBytes);
  for (const [section, part] of parts.entries()) {
    for (let at = 0; at < part.length; at += CHUNK_BYTES) {
      const piece = part.subarray(at, at + CHUNK_BYTES);
      leaving?.(piece, section);
      const roomLeft = socket.write(piece);
      if (!roomLeft) await new Promise<void>((resolve) => socket.once('drain', () => resolve()));
    }
  }
  socket.write(end());
}
