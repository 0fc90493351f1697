import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { MAX_REQUEST_BYTES, rpcRequestSchema } from '../contract/rpc.ts';
import { CONTENT_SECURITY_POLICY, findAsset } from '../runtime/assets.ts';
import type { LabClient } from '../runtime/worker/lab-client.ts';

const COOKIE = 'duplexlab-key';
/** Status frames are skipped while this much is unsent to a slow screen. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

export interface BrowserHost {
  /** Address with the one-time key: it opens the lab once, for the browser that asks first. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** The lab over loopback HTTP and WebSocket, for machines without Electron's runtime. */
export async function startBrowserHost(lab: LabClient, port: number): Promise<BrowserHost> {
  const gate = new Gate();
  const server = createServer((request, response) => gate.serve(request, response));
  const connections = new Set<Socket>();
  server.on('connection', (connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_REQUEST_BYTES });
  server.on('upgrade', (request, socket, head) => {
    const refusal = gate.refuseSocket(request);
    // A client that goes away in the middle must not take the lab with it.
    socket.on('error', () => socket.destroy());
    if (refusal) {
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`, () => socket.destroy());
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => connect(lab, webSocket));
  });
  await listen(server, port);
  const { port: bound } = server.address() as AddressInfo;
  gate.port = bound;
  return {
    address: `http://127.0.0.1:${bound}/?key=${gate.firstKey}`,
    port: bound,
    async close() {
      for (const client of sockets.clients) client.terminate();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.destroy();
      });
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      reject(inUse ? new Error(`Port ${port} is in use; choose another with --port.`) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

/** Who may come in: loopback host names, our own origin, and the key. */
class Gate {
  readonly firstKey = randomBytes(24).toString('base64url');
  private readonly sessionKey = randomBytes(24).toString('base64url');
  private firstKeyUsed = false;
  port = 0;

  serve(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    if (!this.isOurHost(request))
      return refuse(response, 421, 'This is not the address of the lab.');
    if (request.method !== 'GET') return refuse(response, 405, 'Only GET is answered.');
    const url = new URL(request.url ?? '/', `http://127.0.0.1:${this.port}`);
    const key = url.searchParams.get('key');
    if (url.pathname === '/' && key !== null) {
      if (!this.hasSession(request)) return this.admit(key, response);
      response.writeHead(303, { Location: '/' });
      response.end();
      return;
    }
    if (!this.hasSession(request)) {
      return refuse(response, 403, 'Open the lab with the address that was printed at its start.');
    }
    const asset = findAsset(url.pathname);
    if (!asset) return refuse(response, 404, 'There is no such file.');
    response.writeHead(200, { 'Content-Type': asset.contentType });
    createReadStream(asset.path).pipe(response);
  }

  refuseSocket(request: IncomingMessage): string | undefined {
    if (!this.isOurHost(request)) return '421 Misdirected Request';
    const { origin } = request.headers;
    if (!this.origins().includes(origin ?? '')) return '403 Forbidden';
    if (request.url !== '/lab') return '404 Not Found';
    return this.hasSession(request) ? undefined : '403 Forbidden';
  }

  /** The one-time key is traded for a cookie; from then on it opens nothing. */
  private admit(key: string, response: ServerResponse): void {
    if (this.firstKeyUsed || !sameText(key, this.firstKey)) {
      return refuse(response, 403, 'This key has been used or is wrong. Start the lab again.');
    }
    this.firstKeyUsed = true;
    const cookie = `${this.cookieName()}=${this.sessionKey}; HttpOnly; SameSite=Strict; Path=/`;
    response.writeHead(303, { Location: '/', 'Set-Cookie': cookie });
    response.end();
  }

  private hasSession(request: IncomingMessage): boolean {
    const cookies = (request.headers.cookie ?? '').split(';').map((part) => part.trim());
    const prefix = `${this.cookieName()}=`;
    const value = cookies.find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length);
    return value !== undefined && sameText(value, this.sessionKey);
  }

  /** Cookies do not know ports, and a second lab on this machine must not take the first one's. */
  private cookieName(): string {
    return `${COOKIE}-${this.port}`;
  }

  private isOurHost(request: IncomingMessage): boolean {
    const hosts = [`127.0.0.1:${this.port}`, `localhost:${this.port}`];
    return hosts.includes(request.headers.host ?? '');
  }

  private origins(): string[] {
    return [`http://127.0.0.1:${this.port}`, `http://localhost:${this.port}`];
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${sentence}\n`);
}

/** One screen: requests in order of arrival, status as it comes. */
function connect(lab: LabClient, socket: WebSocket): void {
  const stop = lab.onStatus((data) => {
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return;
    socket.send(JSON.stringify({ event: 'status', data }));
  });
  socket.on('close', stop);
  socket.on('error', () => socket.terminate());
  socket.on('message', (bytes) => {
    const request = rpcRequestSchema.safeParse(parseJson(String(bytes)));
    if (!request.success) return socket.close(1008, 'not a request of the contract');
    const { id, method, parameters } = request.data;
    void lab.call(method, parameters).then((reply) => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ ...reply, id }));
    });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
