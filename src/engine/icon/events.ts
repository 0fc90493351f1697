import type { LogSeverity } from '../kernel/process.ts';

/**
 * Log events of ICON with their Genesys numbers (docs/fidelity/tserver.md §2.3, confirmed). The
 * wording is the emulator's own.
 */
export const ICON_EVENTS = {
  configurationReloaded: {
    id: '09-25017',
    severity: 'info',
    type: 'clear',
    text: 'Configuration data in IDB is synchronized with the Configuration Server.',
    clears: ['09-25131'],
  },
  resynchronizationNeeded: {
    id: '09-25131',
    severity: 'warn',
    type: 'raise',
    text: 'Configuration data in IDB is not reliable; resynchronize it. Reason: %1.',
  },
} as const satisfies Record<
  string,
  {
    readonly id: string;
    readonly severity: Exclude<LogSeverity, 'trace'>;
    readonly type: 'raise' | 'clear';
    readonly text: string;
    readonly clears?: readonly string[];
  }
>;
