/**
 * The whole policy, so that nothing is let in unseen. What is not named (`object-src`, `frame-src`,
 * `worker-src`) is `default-src`; the last three have no such default and must be named.
 */
export const POLICY: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'font-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** As it is sent. */
export const POLICY_HEADER = Object.entries(POLICY)
  .map((directive) => directive.flat().join(' '))
  .join('; ');
