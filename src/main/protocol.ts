import { readFile } from 'node:fs/promises';
import { CONTENT_SECURITY_POLICY, findAsset } from '../runtime/assets.ts';

export const APP_SCHEME = 'app';
export const APP_ORIGIN = `${APP_SCHEME}://duplexlab`;

/** Answers the window's requests from the built renderer and nothing else. */
export async function serveApp(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const headers = {
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'X-Content-Type-Options': 'nosniff',
  };
  if (request.method !== 'GET') return new Response(null, { status: 405, headers });
  const asset = url.host === 'duplexlab' ? findAsset(url.pathname) : undefined;
  if (!asset) return new Response('There is no such file.', { status: 404, headers });
  const body = await readFile(asset.path);
  return new Response(body, { headers: { ...headers, 'Content-Type': asset.contentType } });
}
