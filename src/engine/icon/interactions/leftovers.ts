import type { ImageRow } from '../../idb/configuration-image.ts';
import { CALL_CHANGE, IR_CHANGE, LOW_RELIABILITY, RECORD_STATE } from '../../idb/dictionary.ts';
import type { CellValue } from '../../idb/row-changes.ts';
import { idbTable } from '../../idb/schema.ts';
import type { IconContext } from '../icon-state.ts';
import { accumulated } from '../pipeline.ts';
import { insert, remove, update } from '../rows.ts';

/**
 * What an earlier run left in G_CALL_ACTIVE and G_IR_ACTIVE: nobody knows when these calls ended.
 * They are terminated with the time of the restart (source).
 */
export function endLeftovers(context: IconContext, rows: readonly ImageRow[]): void {
  const { pipeline, startedSeconds } = context.state;
  if (pipeline.leftovers === 'ended') return;
  pipeline.leftovers = 'ended';
  const ended = {
    STATE: RECORD_STATE.terminated,
    TERMINATED: startedSeconds,
    LASTCHANGE: startedSeconds,
  };
  for (const [table, row, values] of rows) {
    // Rows of the active tables have the ids of the calls and interactions that they stand for.
    const isCall = table === idbTable('G_CALL_ACTIVE').number;
    const { number } = idbTable(isCall ? 'G_CALL' : 'G_IR');
    if (row > (pipeline.earlierRows.get(number) ?? 0)) continue;
    if (isCall) {
      update(context, 'GCC', 'G_CALL', row, ended);
      insert(context, 'GCC', 'G_CALL_HISTORY', startedSeconds, {
        CALLID: cell('G_CALL_ACTIVE', values, 'CALLID'),
        // Where the history had come to is not known any more.
        CSEQ: 0,
        CHANGETYPE: CALL_CHANGE.terminated,
        ADDED: startedSeconds,
      });
      remove(context, 'GCC', 'G_CALL_ACTIVE', row);
    } else {
      update(context, 'GCC', 'G_IR', row, { ...ended, GSYS_EXT_VCH2: LOW_RELIABILITY.stuck });
      insert(context, 'GCC', 'G_IR_HISTORY', startedSeconds, {
        IRID: cell('G_IR_ACTIVE', values, 'IRID'),
        CHANGETYPE: IR_CHANGE.terminated,
        ADDED: startedSeconds,
      });
      remove(context, 'GCC', 'G_IR_ACTIVE', row);
    }
  }
  accumulated(context);
}

function cell(table: string, values: readonly CellValue[], column: string): CellValue {
  return values[idbTable(table).columnNumbers.get(column)!];
}
