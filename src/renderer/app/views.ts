/** What the activity bar leads to, in its order. */
export const VIEWS = [
  'overview',
  'topology',
  'nodes',
  'configuration',
  'consoles',
  'registry',
  'state',
  'calls',
  'sessions',
  'charts',
  'tables',
] as const;
export type View = (typeof VIEWS)[number];
