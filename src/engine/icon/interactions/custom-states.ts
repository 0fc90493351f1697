import type { Message } from '../../kernel/events.ts';
import type { IconContext } from '../icon-state.ts';
import { insert } from '../rows.ts';
import { type IconCall, type IconParty, secondsOf, textOf } from './call-state.ts';
import { findEndpoint, partyOf } from './parties.ts';
import { listOf } from './user-data.ts';

/**
 * Custom states and data, told by a desktop with EventUserEvent. Keys that begin with `State.`
 * begin a custom state, or end it with an empty value; other keys are data (emulator choice).
 */

const STATE_PREFIX = 'State.';

export type CustomState = {
  readonly value: string;
  readonly sinceSeconds: number;
  readonly callUuid: string;
};

export function onUserEvent(
  context: IconContext,
  call: IconCall | undefined,
  event: Message,
): void {
  const { state } = context;
  const dn = textOf(event, 'ThisDN');
  const endpointId = findEndpoint(state, dn)?.dbid ?? null;
  const party = call && partyOf(call, dn);
  const seconds = secondsOf(event);
  const data = event['UserData'] as ReadonlyMap<string, string | number> | undefined;
  for (const [key, value] of data ?? []) {
    if (key.startsWith(STATE_PREFIX)) {
      const name = key.slice(STATE_PREFIX.length);
      changeState(context, { call, party, endpointId, dn }, name, String(value), seconds);
    } else keepData(context, { call, party, endpointId, dn }, key, String(value), seconds);
  }
}

type Place = {
  readonly call: IconCall | undefined;
  readonly party: IconParty | undefined;
  readonly endpointId: number | null;
  readonly dn: string;
};

function keepData(
  context: IconContext,
  { call, party, endpointId }: Place,
  key: string,
  value: string,
  seconds: number,
): void {
  const { storeEventData, eventData } = context.state.options;
  if (storeEventData === 'none') return;
  if (storeEventData === 'conf' && !listOf(eventData).includes(key)) return;
  const common = {
    CALLID: call?.uuid ?? null,
    PSEQ: party?.sequence ?? 0,
    ENDPOINTID: endpointId,
    KEYNAME: key,
    VALUE: value.slice(0, 255),
    ADDED: seconds,
  };
  const partition = call?.createdSeconds ?? seconds;
  const stored = { ...common, PARTYID: party?.guid ?? null };
  insert(context, 'GUD', 'G_CUSTOM_DATA_S', partition, stored);
  if (party) {
    insert(context, 'GUD', 'G_CUSTOM_DATA_P', partition, { ...common, PARTYID: party.partyId });
  }
}

/** A state is written when it ends: by then its duration is known. */
function changeState(
  context: IconContext,
  place: Place,
  name: string,
  value: string,
  seconds: number,
): void {
  const { customStates } = context.state;
  const key = `${place.dn} ${name}`;
  const before = customStates.get(key);
  if (before) {
    insert(context, 'GUD', 'G_CUSTOM_STATES', before.sinceSeconds, {
      CALLID: before.callUuid === '' ? null : before.callUuid,
      PARTYID: place.party?.partyId ?? null,
      PSEQ: place.party?.sequence ?? 0,
      ENDPOINTID: place.endpointId,
      STATE: name,
      VALUE: before.value.slice(0, 255),
      DURATION: seconds - before.sinceSeconds,
      ADDED: before.sinceSeconds,
    });
  }
  if (value === '') customStates.delete(key);
  else {
    const callUuid = place.call?.uuid ?? '';
    customStates.set(key, { value, sinceSeconds: seconds, callUuid });
  }
}
