import type { CellValue } from '../../idb/row-changes.ts';
import type { IconContext } from '../icon-state.ts';
import type { IconCall } from '../interactions/call-state.ts';
import { insert } from '../rows.ts';

/**
 * Properties of interactions in columns of their own: of the beginning in GM_F_USERDATA, of the end
 * in GM_L_USERDATA. Names of the properties are an emulator choice.
 */

const FIRST = {
  G_FROM_NAME: 'FromName',
  G_CALLED_BACK: 'CalledBack',
  G_SUBJECT: 'Subject',
  G_ORIGIN_SOURCE: 'OriginationSource',
  G_FROM_ADDRESS: 'FromAddress',
  G_SUB_TYPE: 'InteractionSubtype',
} as const;

export function insertFirstData(context: IconContext, call: IconCall): void {
  const named = Object.entries(FIRST).map(([column, key]) => {
    return [column, text(call, key, lengthOf(context, column))] as const;
  });
  insert(context, 'GUD', 'GM_F_USERDATA', call.createdSeconds, {
    CALLID: call.uuid,
    ...Object.fromEntries(named),
    G_RECEIVED_D: seconds(call, 'ReceivedDate'),
  });
}

/** Option max-userdata-length also cuts the subject (confirmed). */
function lengthOf({ state }: IconContext, column: string): number {
  if (column === 'G_SUBJECT') return state.options.maxUserdataLength;
  return column === 'G_ORIGIN_SOURCE' ? 128 : 255;
}

export function insertLastData(context: IconContext, call: IconCall, reason: string): void {
  insert(context, 'GUD', 'GM_L_USERDATA', call.createdSeconds, {
    CALLID: call.uuid,
    G_STOP_REASON: reason === '' ? null : reason.slice(0, 255),
    G_SENT_DATE: seconds(call, 'SentDate'),
    G_AUTO_REPLY: text(call, 'AutoReply', 255),
  });
}

function text({ userData }: IconCall, key: string, length: number): CellValue {
  const value = userData.get(key);
  return value === undefined ? null : String(value).slice(0, length);
}

/** Moments are UTC seconds. */
function seconds({ userData }: IconCall, key: string): CellValue {
  const value = Number(userData.get(key));
  return Number.isInteger(value) && value > 0 ? value : null;
}
