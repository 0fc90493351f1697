import { connect, createServer, type Socket, type TcpNetConnectOpts } from 'node:net';

/** Bytes of one write and at most of one read: TCP alone is fastest with such pieces. */
const CHUNK_BYTES = 512 * 1024;
const SIZE_BYTES = 4;

export interface Arrived {
  readonly head: Uint8Array;
  /** Valid until the next shipment, unless it went into new memory. */
  readonly body: Uint8Array;
  readonly end: Uint8Array;
}

export interface Shipment {
  readonly head: Uint8Array;
  readonly parts: readonly Uint8Array[];
  /** Sees each piece just before it is written. */
  leaving?(piece: Uint8Array): void;
  /** What follows the parts, known when they have left. */
  end(): Uint8Array;
}

export interface Arrival {
  /** From the head: how many bytes of body and end follow. */
  sizes(head: Uint8Array): { bodyBytes: number; endBytes: number };
  /** Sees each run just after it has been read into its place. */
  arriving?(run: Uint8Array): void;
  readonly newMemory?: boolean;
}

/** Two sockets of one TCP connection over 127.0.0.1; what arrives is read into its final place. */
export interface Loopback {
  ship(shipment: Shipment, arrival: Arrival): Promise<Arrived>;
  close(): void;
}

export async function openLoopback(): Promise<Loopback> {
  const inbox = new Inbox();
  const { server, sender, receiver } = await openSockets({
    onread: { buffer: () => inbox.next(), callback: (length) => inbox.take(length) },
  });
  sender.setNoDelay(true);
  return {
    async ship(shipment, arrival) {
      const arrived = inbox.expect(arrival);
      await send(sender, shipment);
      return arrived;
    },
    close() {
      sender.destroy();
      receiver.destroy();
      server.close();
    },
  };
}

async function openSockets(options: Pick<TcpNetConnectOpts, 'onread'>) {
  const server = createServer();
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('no port');
  const receiver = connect({ ...options, port: address.port, host: '127.0.0.1' });
  return { server, receiver, sender: await accepted };
}

/** What an ordinary Node program reaches: everything written, 'data' events counted. */
export async function openPlainLoopback() {
  const { server, sender, receiver } = await openSockets({});
  return {
    ship(parts: readonly Uint8Array[]): Promise<void> {
      let left = parts.reduce((all, { length }) => all + length, 0);
      return new Promise((resolve) => {
        const take = (chunk: Buffer) => {
          left -= chunk.length;
          if (left > 0) return;
          receiver.off('data', take);
          resolve();
        };
        receiver.on('data', take);
        for (const part of parts) sender.write(part);
      });
    },
    close() {
      sender.destroy();
      receiver.destroy();
      server.close();
    },
  };
}

async function send(socket: Socket, { head, parts, leaving, end }: Shipment): Promise<void> {
  const size = new Uint8Array(new Uint32Array([head.length]).buffer);
  socket.write(size);
  socket.write(head);
  for (const part of parts) {
    for (let at = 0; at < part.length; at += CHUNK_BYTES) {
      const piece = part.subarray(at, at + CHUNK_BYTES);
      leaving?.(piece);
      await new Promise<void>((resolve) => socket.write(piece, () => resolve()));
    }
  }
  socket.write(end());
}

/** Reads size, head, body and end, each straight into its own memory. */
class Inbox {
  private readonly size = new Uint8Array(SIZE_BYTES);
  private memory: Uint8Array = new Uint8Array(0);
  private target: Uint8Array = this.size;
  private filled = 0;
  private head: Uint8Array = new Uint8Array(0);
  private body: Uint8Array = new Uint8Array(0);
  private end: Uint8Array = new Uint8Array(0);
  private arrival: Arrival | undefined;
  private done: (arrived: Arrived) => void = () => {};

  expect(arrival: Arrival): Promise<Arrived> {
    this.arrival = arrival;
    return new Promise((resolve) => {
      this.done = resolve;
    });
  }

  next(): Uint8Array {
    return this.target.subarray(this.filled, this.filled + CHUNK_BYTES);
  }

  take(length: number): boolean {
    const { target, filled } = this;
    this.filled += length;
    if (target === this.body) this.arrival?.arriving?.(target.subarray(filled, this.filled));
    if (this.filled === target.length) this.follow();
    return true;
  }

  private follow(): void {
    const { target, arrival } = this;
    if (!arrival) throw new Error('nothing was expected');
    this.filled = 0;
    if (target === this.size) {
      this.head = new Uint8Array(new Uint32Array(target.slice().buffer)[0]);
      this.target = this.head;
    } else if (target === this.head) {
      const { bodyBytes, endBytes } = arrival.sizes(target);
      this.body = this.room(bodyBytes, arrival.newMemory === true);
      this.end = new Uint8Array(endBytes);
      this.target = this.body;
    } else if (target === this.body) this.target = this.end;
    else {
      this.target = this.size;
      this.done({ head: this.head, body: this.body, end: this.end });
    }
  }

  /** A process that has held such a state has the memory for it already. */
  private room(bytes: number, newMemory: boolean): Uint8Array {
    if (newMemory) return new Uint8Array(bytes);
    if (this.memory.length < bytes) this.memory = new Uint8Array(bytes);
    return this.memory.subarray(0, bytes);
  }
}
