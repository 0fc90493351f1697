/**
 * Numbers that IDB rows carry and that no source gives (docs/fidelity/icon.md §2, unknown): the
 * emulator's own choices, kept in one place so that a real dictionary can replace them.
 */

export const PARTY_ROW_STATE = {
  null: 0,
  initiated: 1,
  alerting: 2,
  connected: 3,
  hold: 4,
  queued: 5,
} as const;

export const PARTY_CHANGE = { created: 1, changed: 2, terminated: 3 } as const;

/** Confirmed: dictionaries 7, 3, 1 and 9 (docs/fidelity/icon.md §2). */
export const RECORD_STATE = { active: 1, terminated: 2 } as const;
export const IR_CHANGE = { created: 1, terminated: 2 } as const;
export const CALL_CHANGE = { created: 1, terminated: 2 } as const;
export const PARTY_TYPE = { internal: 1, external: 2 } as const;
/** Confirmed: dictionary 24. */
export const RECORD_STATUS = { active: 1, deleted: 2, synchronizing: 10 } as const;

/** T-Library party state (confirmed numbers) to the row's state. */
export function partyRowState(partyState: number): number {
  switch (partyState) {
    case 1:
      return PARTY_ROW_STATE.initiated;
    case 0xa:
      return PARTY_ROW_STATE.alerting;
    case 0xc:
      return PARTY_ROW_STATE.connected;
    case 0xe:
      return PARTY_ROW_STATE.hold;
    case 9:
    case 0x800:
      return PARTY_ROW_STATE.queued;
    default:
      return PARTY_ROW_STATE.null;
  }
}

/** T-Library numbers of the DN events that reach CCEVENT (confirmed numbers, inferred use). */
export const T_EVENT_NUMBER: Readonly<Record<string, number>> = {
  EventQueued: 57,
  EventDiverted: 58,
  EventAbandoned: 59,
  EventRinging: 60,
  EventDialing: 61,
  EventEstablished: 64,
  EventReleased: 65,
  EventRouteRequest: 71,
  EventRouteUsed: 72,
};

/** G_SYNC_CONTROL.EVENTID: 0 while a resynchronization runs (confirmed), then the log event. */
export const SYNC_EVENT = { running: 0, reloaded: 25017, needed: 25131 } as const;
