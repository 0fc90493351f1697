import { CALL_CHANGE, IR_CHANGE, LOW_RELIABILITY, RECORD_STATE } from '../../idb/dictionary.ts';
import type { ActiveRow } from '../../idb/read-back.ts';
import { idbTable } from '../../idb/schema.ts';
import type { IconContext } from '../icon-state.ts';
import { accumulated } from '../pipeline.ts';
import { insert, remove, update } from '../rows.ts';

/**
 * What an earlier run left in G_CALL_ACTIVE and G_IR_ACTIVE: nobody knows when these calls ended.
 * They are terminated with the time of the restart (source).
 */
export function endLeftovers(context: IconContext, rows: readonly ActiveRow[]): void {
  const { pipeline, startedSeconds } = context.state;
  if (pipeline.leftovers === 'ended') return;
  pipeline.leftovers = 'ended';
  const ended = {
    STATE: RECORD_STATE.terminated,
    TERMINATED: startedSeconds,
    LASTCHANGE: startedSeconds,
  };
  for (const [table, row, id] of rows) {
    // Rows of the active tables have the ids of the calls and interactions that they stand for.
    const isCall = table === idbTable('G_CALL_ACTIVE').number;
    const { number } = idbTable(isCall ? 'G_CALL' : 'G_IR');
    if (row > (pipeline.earlierRows.get(number) ?? 0)) continue;
    if (isCall) {
      update(context, 'GCC', 'G_CALL', row, ended);
      insert(context, 'GCC', 'G_CALL_HISTORY', startedSeconds, {
        CALLID: id,
        // Where the history had come to is not known any more.
        CSEQ: 0,
        CHANGETYPE: CALL_CHANGE.terminated,
        ADDED: startedSeconds,
      });
      remove(context, 'GCC', 'G_CALL_ACTIVE', row);
    } else {
      update(context, 'GCC', 'G_IR', row, { ...ended, GSYS_EXT_VCH2: LOW_RELIABILITY.stuck });
      insert(context, 'GCC', 'G_IR_HISTORY', startedSeconds, {
        IRID: id,
        CHANGETYPE: IR_CHANGE.terminated,
        ADDED: startedSeconds,
      });
      remove(context, 'GCC', 'G_IR_ACTIVE', row);
    }
  }
  accumulated(context);
}
