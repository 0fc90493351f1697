import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { programRoot } from './program-root.ts';

/** The renderer's files, for Electron's protocol and the browser host alike. */

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.svg': 'image/svg+xml',
};

export interface Asset {
  readonly path: string;
  readonly contentType: string;
}

let allowed: Map<string, Asset> | undefined;

/** The file behind a URL path, if it is one of the built renderer's own. */
export function findAsset(urlPath: string): Asset | undefined {
  allowed ??= listAssets(join(programRoot(), 'out', 'renderer'));
  return allowed.get(urlPath === '/' ? '/index.html' : urlPath);
}

/** An allow-list, so that no URL, however it is spelled, can name anything else. */
export function listAssets(folder: string): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  if (!existsSync(folder)) return assets;
  const root = realpathSync(folder) + sep;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const contentType = CONTENT_TYPES[extname(entry.name)];
    if (!entry.isFile() || !contentType || !realpathSync(path).startsWith(root)) continue;
    const urlPath = `/${path
      .slice(folder.length + 1)
      .split(sep)
      .join('/')}`;
    assets.set(urlPath, { path, contentType });
  }
  return assets;
}
