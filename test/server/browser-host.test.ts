import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileGrants } from '../../src/runtime/desk/file-grants.ts';
import { type BrowserHost, startBrowserHost } from '../../src/server/browser-host.ts';
import { POLICY_HEADER } from '../support/policy.ts';

type Answer = { status?: number; headers: IncomingHttpHeaders; body: string };

/** What it sends, with a desk that has no lab. */
describe('the browser host', () => {
  const grants = new FileGrants();
  let home: string;
  let host: BrowserHost;
  let entered: Answer;
  let session: Record<string, string>;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'duplexlab-'));
    const desk = { onEvent: () => () => {}, fetch: (token: string) => grants.fetch(token) };
    host = await startBrowserHost(desk as never, 0);
    entered = await ask(`/${new URL(host.address).search}`);
    session = { Cookie: entered.headers['set-cookie']?.[0].split(';')[0] ?? '' };
  });
  afterAll(async () => {
    await host.close();
    rmSync(home, { recursive: true });
  });

  function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
    return new Promise<Answer>((resolve, reject) => {
      const options = { host: '127.0.0.1', port: host.port, path, headers, method };
      const asked = request(options, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        const { headers, statusCode: status } = response;
        response.on('end', () => resolve({ status, headers, body }));
      });
      asked.on('error', reject).end();
    });
  }

  it('sends the content security policy with every answer', async () => {
    const answers: readonly (readonly [number, Answer])[] = [
      [303, entered],
      [200, await ask('/', session)],
      [404, await ask('/none.html', session)],
      [404, await ask(`/download/${'x'.repeat(32)}`, session)],
      [400, await ask('//', session)],
      [403, await ask('/')],
      [405, await ask('/', session, 'POST')],
      [421, await ask('/', { ...session, Host: 'example.org' })],
    ];
    for (const [status, answer] of answers) {
      expect(answer.status).toBe(status);
      expect(answer.headers['content-security-policy'], String(status)).toBe(POLICY_HEADER);
      expect(answer.headers['x-content-type-options'], String(status)).toBe('nosniff');
    }
  });

  it('hands a file out once, to the browser that it let in, and removes it', async () => {
    const ownFolder = mkdtempSync(join(home, 'download-'));
    const token = grants.add({ path: join(ownFolder, 'idb.sqlite'), ownFolder });
    grants.take(token);
    writeFileSync(join(ownFolder, 'idb.sqlite'), 'content');
    expect((await ask(`/download/${token}`, session)).status).toBe(404);
    grants.finish(token);
    expect((await ask(`/download/${token}`)).status).toBe(403);
    const answers = [ask(`/download/${token}`, session), ask(`/download/${token}`, session)];
    const [first, second] = (await Promise.all(answers)).sort(
      (a, b) => (a.status ?? 0) - (b.status ?? 0),
    );
    expect(first).toMatchObject({ status: 200, body: 'content' });
    expect(second.status).toBe(404);
    await expect.poll(() => existsSync(ownFolder)).toBe(false);
  });
});
