import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serveApp } from '../../src/main/protocol.ts';
import { CONTENT_SECURITY_POLICY } from '../../src/runtime/assets.ts';
import { programRoot } from '../../src/runtime/program-root.ts';
import { POLICY, POLICY_HEADER } from '../support/policy.ts';

describe('the content security policy', () => {
  it('is this, directive by directive', () => {
    const directives = CONTENT_SECURITY_POLICY.split('; ').map((text) => text.split(' '));
    expect(directives.map(([name, ...sources]) => [name, sources])).toEqual(Object.entries(POLICY));
  });

  it('is declared in one place', () => {
    const files = readdirSync(join(programRoot(), 'src'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const declaring = files.filter((file) =>
      /(script|default|connect)-src|http-equiv/.test(readFileSync(file, 'utf8')),
    );
    expect(declaring).toEqual([join(programRoot(), 'src', 'runtime', 'assets.ts')]);
  });

  it.each([
    ['the page', 'GET', 'app://duplexlab/index.html', 200],
    ['what is not there', 'GET', 'app://duplexlab/none.html', 404],
    ['another host', 'GET', 'app://elsewhere/index.html', 404],
    ['another method', 'POST', 'app://duplexlab/index.html', 405],
  ])('goes with every answer in the window: %s', async (_what, method, url, status) => {
    const answer = await serveApp(new Request(url, { method }));
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-security-policy')).toBe(POLICY_HEADER);
  });
});
