import type { LogSeverity } from '../kernel/process.ts';

/**
 * Log events of ICON with their Genesys numbers (docs/fidelity/tserver.md §2.3, confirmed). The
 * wording is the emulator's own.
 */
export const ICON_EVENTS = {
  callFailure: {
    id: '09-20039',
    severity: 'error',
    type: 'single',
    text: 'A call could not be processed: %1 (%2).',
  },
  queueDamaged: {
    id: '09-25012',
    severity: 'error',
    type: 'single',
    text: 'The persistent queue %1 is damaged: it was renamed to %2, and a new one made.',
  },
  configurationReloaded: {
    id: '09-25017',
    severity: 'info',
    type: 'clear',
    text: 'Configuration data in IDB is synchronized with the Configuration Server.',
    clears: ['09-25131'],
  },
  cannotPreserve: {
    id: '09-25024',
    severity: 'error',
    type: 'single',
    text: "ICON cannot preserve or store the data: '[SQLITE] Error [%1], text [%2]'.",
  },
  backlog: {
    id: '09-25025',
    severity: 'warn',
    type: 'raise',
    text: 'The persistent queue holds %1 transactions: more than pq-backlog-alarm-threshold.',
  },
  backlogGone: {
    id: '09-25026',
    severity: 'info',
    type: 'clear',
    text: 'The backlog of the persistent queue is gone.',
    clears: ['09-25025'],
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
    /** `single`: an alarm that nothing clears. */
    readonly type: 'raise' | 'clear' | 'single';
    readonly text: string;
    readonly clears?: readonly string[];
  }
>;
