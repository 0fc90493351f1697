import { USER_DATA_CHANGE, USER_DATA_RELIABILITY } from '../../idb/dictionary.ts';
import type { Message } from '../../kernel/events.ts';
import type { IconContext } from '../icon-state.ts';
import { insert } from '../rows.ts';
import { type IconCall, orNull, secondsOf } from './call-state.ts';
import { findEndpoint, partyOf } from './parties.ts';

/** User data of calls (role gud): each change of a key, and the last values when a call ends. */

type Values = ReadonlyMap<string, string | number>;

/** G_USERDATA_HISTORY.TYPE (inferred): where a value came with. */
export const DATA_TYPE = { userData: 1, reasons: 2, extensions: 3 } as const;

/** Columns of G_CALL_USERDATA are the keys themselves (confirmed). */
const PREDEFINED = [
  'G_CUSTOMER_SEGMENT',
  'G_SERVICE_TYPE',
  'G_SERVICE_SUBTYPE',
  'G_BUSINESS_RESULT',
  'CUSTOMER_ID',
  'TRANSACTION_ID',
  'CAUSE_ID',
  'ACCOUNT_ID',
  'DESTINATION_ID',
  'TARGET_ID',
] as const;

const CUSTOM_TABLES = [
  'G_CALL_USERDATA_CUST',
  'G_CALL_USERDATA_CUST1',
  'G_CALL_USERDATA_CUST2',
] as const;
const CUSTOM_COLUMNS = 16;

/** The data of a call as an event tells it: what differs from before becomes history. */
export function changeUserData(
  context: IconContext,
  call: IconCall,
  event: Message,
  reliability: number = USER_DATA_RELIABILITY.ok,
): void {
  const now = event['UserData'] as Values | undefined;
  if (!now || !call.matched) return;
  const before = call.userData;
  const seconds = secondsOf(event);
  const write = (change: number, key: string, value: string | number) =>
    writeHistory(context, call, change, key, value, seconds, reliability);
  for (const [key, value] of now) {
    if (!before.has(key)) write(USER_DATA_CHANGE.created, key, value);
    else if (before.get(key) !== value) write(USER_DATA_CHANGE.updated, key, value);
  }
  for (const [key, value] of before) {
    if (!now.has(key)) write(USER_DATA_CHANGE.deleted, key, value);
  }
  call.userData = now;
}

function writeHistory(
  context: IconContext,
  call: IconCall,
  change: number,
  key: string,
  value: string | number,
  seconds: number,
  reliability: number,
): void {
  const { state } = context;
  const { maxUserdataLength, secureKeys } = state.options;
  const party = partyOf(call, call.dataBy);
  const isSecure = listOf(secureKeys).includes(key);
  const table = isSecure ? 'G_SECURE_USERDATA_HISTORY' : 'G_USERDATA_HISTORY';
  insert(context, 'GUD', table, call.createdSeconds, {
    CALLID: call.uuid,
    PARTYID: party?.partyId ?? null,
    PSEQ: party?.sequence ?? null,
    CSEQ: call.sequence + 1,
    ENDPOINTID: orNull(findEndpoint(state, call.dataBy)?.dbid ?? 0),
    CHANGETYPE: change,
    KEYNAME: key,
    VALUE: String(value).slice(0, maxUserdataLength),
    TYPE: DATA_TYPE.userData,
    ADDED: seconds,
    GSYS_EXT_INT1: reliability,
  });
}

/** What a call leaves behind when it ends: the last values, by key and by column. */
export function endUserData(context: IconContext, call: IconCall, seconds: number): void {
  const { userData, createdSeconds: created } = call;
  if (userData.size === 0) return;
  for (const [key, value] of userData) {
    const { terminated } = USER_DATA_CHANGE;
    writeHistory(context, call, terminated, key, value, seconds, USER_DATA_RELIABILITY.ok);
  }
  const predefined = PREDEFINED.filter((key) => userData.has(key));
  if (predefined.length > 0) {
    const named = PREDEFINED.map((key) => [key, textOrNull(userData, key)] as const);
    const row = { CALLID: call.uuid, ...Object.fromEntries(named) };
    insert(context, 'GUD', 'G_CALL_USERDATA', created, row);
  }
  const keys = listOf(context.state.options.customKeys);
  for (const [index, table] of CUSTOM_TABLES.entries()) {
    const own = keys.slice(index * CUSTOM_COLUMNS, (index + 1) * CUSTOM_COLUMNS);
    if (!own.some((key) => userData.has(key))) continue;
    const named = own.map((key, at) => [`CUST_${at + 1}`, textOrNull(userData, key)] as const);
    insert(context, 'GUD', table, created, { CALLID: call.uuid, ...Object.fromEntries(named) });
  }
}

function textOrNull(values: Values, key: string): string | null {
  const value = values.get(key);
  return value === undefined ? null : String(value).slice(0, 255);
}

/** The words of an option with commas between. */
export function listOf(text: string): readonly string[] {
  if (text === '') return [];
  return text.split(',').map((word) => word.trim());
}
