import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import { MAX_REQUEST_BYTES, rpcRequestSchema } from '../contract/rpc.ts';
import { CONTENT_SECURITY_POLICY, findAsset } from '../runtime/assets.ts';
import type { FetchedFile } from '../runtime/desk/file-grants.ts';
import type { LabDesk } from '../runtime/desk/lab-desk.ts';

const COOKIE = 'duplexlab-key';
const DOWNLOAD = /^\/download\/([\w-]{20,64})$/;
const KEPT = 'private, max-age=31536000, immutable';
/** Status frames are skipped while this much is unsent to a slow screen. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

export interface BrowserHost {
  /** Address with the one-time key: it opens the lab once, for the browser that asks first. */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Ports that are tried in turn; a browser keeps settings and layouts by the port. */
const USUAL_PORTS = [4780, 4781, 4782, 4783, 4784, 4785, 4786, 4787, 4788, 4789, 0] as const;

/**
 * The lab over loopback HTTP and WebSocket, for machines without Electron's runtime; at one of the
 * usual ports if none is named.
 */
export async function startBrowserHost(desk: LabDesk, port?: number): Promise<BrowserHost> {
  const gate = new Gate(desk);
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
    sockets.handleUpgrade(request, socket, head, (webSocket) => connect(desk, webSocket));
  });
  await listenAt(server, port === undefined ? USUAL_PORTS : [port]);
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

async function listenAt(server: Server, [port, ...others]: readonly number[]): Promise<void> {
  try {
    await listen(server, port);
  } catch (error) {
    // A port that is in use, or that the system keeps for itself.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && (code !== 'EACCES' || others.length === 0)) throw error;
    if (others.length > 0) return listenAt(server, others);
    throw new Error(`Port ${port} is in use; choose another with --port.`);
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/** Who may come in: loopback host names, our own origin, and the key. */
class Gate {
  readonly firstKey = randomBytes(24).toString('base64url');
  private readonly sessionKey = randomBytes(24).toString('base64url');
  private firstKeyUsed = false;
  port = 0;

  constructor(private readonly desk: LabDesk) {}

  /** Whatever somebody sends: it is answered, and the lab goes on. */
  serve(request: IncomingMessage, response: ServerResponse): void {
    try {
      this.answer(request, response);
    } catch {
      if (response.headersSent) response.destroy();
      else refuse(response, 400, 'This request cannot be understood.');
    }
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
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
    const token = DOWNLOAD.exec(url.pathname)?.[1];
    if (token !== undefined) return void this.download(token, response);
    const asset = findAsset(url.pathname);
    if (!asset) return refuse(response, 404, 'There is no such file.');
    // Their names change with their content: they may be kept.
    const cache = url.pathname.startsWith('/assets/') ? KEPT : 'no-store';
    response.writeHead(200, { 'Content-Type': asset.contentType, 'Cache-Control': cache });
    void pipeline(createReadStream(asset.path), response).catch(() => response.destroy());
  }

  /** A file that the user asked for, once; then it is gone from here. */
  private async download(token: string, response: ServerResponse): Promise<void> {
    const file = this.desk.fetch(token);
    if (!file) return refuse(response, 404, 'This file has been fetched, or never was.');
    try {
      await this.send(file, response);
    } catch {
      if (response.headersSent) response.destroy();
      else refuse(response, 404, 'This file is no longer there.');
    } finally {
      await file.remove();
    }
  }

  private async send({ name, path }: FetchedFile, response: ServerResponse): Promise<void> {
    const { size } = await stat(path);
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': size,
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    });
    await pipeline(createReadStream(path), response);
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
function connect(desk: LabDesk, socket: WebSocket): void {
  const stop = desk.onEvent((event) => {
    if (event.event === 'status' && socket.bufferedAmount > MAX_BUFFERED_BYTES) return;
    socket.send(JSON.stringify(event));
  });
  socket.on('close', stop);
  socket.on('error', () => socket.terminate());
  socket.on('message', (bytes) => {
    const request = rpcRequestSchema.safeParse(parseJson(String(bytes)));
    if (!request.success) return socket.close(1008, 'not a request of the contract');
    const { id, method, parameters } = request.data;
    void desk.call(method, parameters).then((reply) => {
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
