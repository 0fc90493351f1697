import type { LogSeverity } from '../../kernel/process.ts';

/** Log events of the Local Control Agent. Ids and wording are an emulator choice. */
export const LCA_EVENTS = {
  unresponsive: {
    id: 'LCA-unresponsive',
    severity: 'error',
    type: 'raise',
    text: 'No heartbeat of %1 for %2 s: it is not responding. hangup-restart is off: restart it.',
  },
  restarted: {
    id: 'LCA-restarted',
    severity: 'error',
    type: 'single',
    text: 'No heartbeat of %1 for %2 s: it is not responding, and is started anew.',
  },
  watching: {
    id: 'LCA-watching',
    severity: 'info',
    type: 'clear',
    text: '%1 is there; its heartbeats are to come within %2 s.',
    clears: ['LCA-unresponsive'],
  },
  responsive: {
    id: 'LCA-responsive',
    severity: 'info',
    type: 'clear',
    text: 'A heartbeat of %1: it responds again.',
    clears: ['LCA-unresponsive'],
  },
  ended: {
    id: 'LCA-ended',
    severity: 'info',
    type: 'clear',
    text: '%1 has ended.',
    clears: ['LCA-unresponsive'],
  },
} as const satisfies Record<
  string,
  {
    readonly id: string;
    readonly severity: LogSeverity;
    readonly type: 'raise' | 'clear' | 'single';
    readonly text: string;
    readonly clears?: readonly string[];
  }
>;
