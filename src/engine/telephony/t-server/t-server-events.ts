import type { LogSeverity } from '../../kernel/process.ts';

/** Log events of a T-Server: ids from docs/fidelity/tserver.md §2, their texts emulator choice. */
export const T_SERVER_EVENTS = {
  nowBackup: { id: '04561', severity: 'info', text: 'Redundant pair: this server is backup now.' },
  nowPrimary: {
    id: '04563',
    severity: 'info',
    text: 'Redundant pair: this server is primary now.',
  },
} as const satisfies Record<
  string,
  { readonly id: string; readonly severity: LogSeverity; readonly text: string }
>;
