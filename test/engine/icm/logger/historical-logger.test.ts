import { expect, it } from 'vitest';
import {
  type HistoricalLoggerState,
  historicalLogger,
} from '../../../../src/engine/icm/logger/historical-logger.ts';
import type { Context } from '../../../../src/engine/kernel/process.ts';
import { encodeRecord } from '../../../../src/engine/kernel/record-log.ts';

it('starts on a file of some busy hours, and knows its highest key', () => {
  const rows = 600_000;
  const record = (recoveryKey: number) => encodeRecord({ recoveryKey });
  const bytes = Buffer.concat(Array.from({ length: rows }, (_, at) => record(rows - at)));
  const context = {
    state: { client: { config: { ports: { client: 40_000 }, registryKey: 'ICM' } }, lastKey: 0 },
    host: 'cca',
    connect: () => 1,
    readRegistry: () => undefined,
    readFile: () => new Uint8Array(bytes),
  } as unknown as Context<HistoricalLoggerState>;
  historicalLogger.onStart(context);
  expect(context.state.lastKey).toBe(rows);
});
