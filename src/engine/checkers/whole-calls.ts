import type { IconState } from '../icon/icon-state.ts';
import { PARTY_CHANGE, PARTY_ROW_STATE } from '../idb/dictionary.ts';
import type { LabEvent, SessionDelivery } from '../kernel/events.ts';
import type { Checker } from './checker.ts';
import { iconOf, isDrained, type WatchedIcon } from './icon-moments.ts';
import { type Row, RowImage } from './row-image.ts';

const EVERY_US = 5_000_000;

const WATCHED = [
  'G_IR',
  'G_IR_ACTIVE',
  'G_IR_HISTORY',
  'G_CALL',
  'G_CALL_ACTIVE',
  'G_CALL_HISTORY',
  'G_CALL_STAT',
  'G_PARTY',
  'G_PARTY_HISTORY',
  'G_PARTY_STAT',
] as const;
type InteractionImage = RowImage<(typeof WATCHED)[number]>;

/**
 * What ICON saw of a call from its start to its end is in IDB once and whole: the call, its
 * interaction, their histories and totals, and parties whose path from state to state is legal and
 * whose times add up. What goes on is in the active tables, and nothing else is.
 */
export function wholeCalls(watched: WatchedIcon): Checker {
  const image: InteractionImage = new RowImage(WATCHED, watched.database);
  /** Seen from the start, by CallUUID: true once the end was seen too. */
  const seen = new Map<string, boolean>();
  let incarnation = -1;
  let nextUs = 0;
  return {
    name: 'whole calls',
    onEvent: (event) => follow(event, watched.process, seen),
    onOutput: (output, process) => image.onOutput(output, process),
    onBatch(world) {
      if (image.broken) return image.broken;
      const icon = iconOf(world, watched);
      if (icon && icon.incarnation !== incarnation) {
        // What a run had in memory when it ended is not known to the next one.
        incarnation = icon.incarnation;
        seen.clear();
      }
      if (world.nowUs < nextUs || !icon?.state || !isDrained(icon.state)) return undefined;
      nextUs = world.nowUs + EVERY_US;
      return checkActive(icon.state, image) ?? checkEnded(image, seen);
    },
  };
}

function follow(event: LabEvent, icon: string, seen: Map<string, boolean>): void {
  if (event.target !== icon) return;
  if (event.kind === 'sessionClosed') return seen.clear();
  if (event.kind !== 'sessionMessage') return;
  const { message } = event.data as SessionDelivery;
  const interaction = String(message['InteractionID'] ?? '');
  if (message.type === 'event_interaction_submitted') {
    if (message['Snapshot'] === undefined) seen.set(interaction, false);
    else seen.delete(interaction);
  } else if (message.type === 'event_processing_stopped' && seen.has(interaction)) {
    seen.set(interaction, true);
  }
  const uuid = String(message['CallUUID'] ?? '');
  if (message.type === 'EventCallCreated') {
    if (message['Reliability'] === undefined) seen.set(uuid, false);
    else seen.delete(uuid);
  } else if (message.type === 'EventCallDeleted') {
    if (message['Reliability'] !== undefined) seen.delete(uuid);
    else if (seen.has(uuid)) seen.set(uuid, true);
  }
}

/** G_CALL_ACTIVE and the calls in ICON's memory that have not ended are the same. */
function checkActive(icon: IconState, image: InteractionImage): string | undefined {
  if (!icon.options.roles.includes('gcc')) return undefined;
  const inMemory = [...icon.calls.values()].filter(({ matched, ended }) => matched && !ended);
  const active = [...image.rows('G_CALL_ACTIVE').values()].map(({ CALLID }) => CALLID);
  for (const { uuid } of inMemory) {
    if (!active.includes(uuid)) return `The call ${uuid} goes on and is not in G_CALL_ACTIVE.`;
  }
  const going = inMemory.length + icon.media.aside.size;
  if (active.length > going) return 'G_CALL_ACTIVE has a call that does not go on.';
  const interactions = image.rows('G_IR_ACTIVE').size;
  if (interactions === active.length) return undefined;
  return `G_IR_ACTIVE has ${interactions} rows, G_CALL_ACTIVE ${active.length}.`;
}

function checkEnded(image: InteractionImage, seen: Map<string, boolean>): string | undefined {
  for (const [uuid, ended] of seen) {
    if (!ended) continue;
    const sentence = checkCall(image, uuid);
    if (sentence) return sentence;
  }
  const done = new Set([...seen].filter(([, ended]) => ended).map(([uuid]) => uuid));
  for (const uuid of done) seen.delete(uuid);
  forgetCalls(image, done);
  return undefined;
}

/** The documented way of extraction: call, interaction, history, parties, history of parties. */
function checkCall(image: InteractionImage, uuid: string): string | undefined {
  const calls = image.where('G_CALL', 'CALLID', uuid);
  // A call that never matched is not kept at all.
  if (calls.length === 0) {
    const orphans = image.where('G_PARTY', 'CALLID', uuid).length;
    return orphans > 0 ? `Parties of ${uuid} are there, the call is not.` : undefined;
  }
  const [call] = calls;
  const say = (what: string) => `Call ${uuid}: ${what}.`;
  if (calls.length > 1) return say('it is there twice');
  if (call['STATE'] !== 2) return say('it has ended and is not terminated');
  const changes = image.where('G_CALL_HISTORY', 'CALLID', uuid).map((row) => row['CHANGETYPE']);
  const isWhole = changes[0] === 1 && changes.at(-1) === 2;
  const middle = changes.slice(1, -1);
  if (!isWhole || middle.some((change) => change !== 3 && change !== 4)) {
    return say(`its history is ${changes.join(', ')}`);
  }
  const interactions = image.where('G_IR', 'IRID', call['IRID']);
  if (interactions.length !== 1 || interactions[0]['STATE'] !== 2) {
    return say('its interaction is not terminated once');
  }
  if (image.where('G_IR_HISTORY', 'IRID', call['IRID']).length < 2) {
    return say('the history of its interaction is not whole');
  }
  const [stat, ...more] = image.where('G_CALL_STAT', 'CALLID', uuid);
  const duration = Number(call['TERMINATED_TS']) - Number(call['CREATED_TS']);
  if (!stat || more.length > 0) return say('its totals are not there once');
  if (stat['T_DURATION'] !== duration) return say('its totals do not say how long it was');
  for (const party of image.where('G_PARTY', 'CALLID', uuid)) {
    const wrong = checkParty(image, party);
    if (wrong) return say(`party ${party['ENDPOINTDN']} ${wrong}`);
  }
  return undefined;
}

const TIMES = {
  [PARTY_ROW_STATE.alerting]: 'TT_ALERTING',
  [PARTY_ROW_STATE.connected]: 'TT_CONNECTED',
  [PARTY_ROW_STATE.hold]: 'TT_HOLD',
  [PARTY_ROW_STATE.queued]: 'TT_QUEUED',
} as const;

/** A legal path: each row goes on where the one before was, from coming in to leaving. */
function checkParty(image: InteractionImage, party: Row): string | undefined {
  const history = image
    .where('G_PARTY_HISTORY', 'PARTYID', party['PARTYID'])
    .sort((a, b) => Number(a['PSEQ']) - Number(b['PSEQ']));
  const seconds = new Map<number, number>();
  for (const [at, row] of history.entries()) {
    const before = history[at - 1];
    if (row['PSEQ'] !== at + 1) return 'has a gap in its history';
    if (!before) continue;
    if (row['PREVSTATE'] !== before['STATE']) return 'goes on from a state that it was not in';
    if (Number(row['CSEQ']) <= Number(before['CSEQ'])) return 'has a CSEQ that does not rise';
    const state = Number(before['STATE']);
    const spent = Number(row['ADDED_TS']) - Number(before['ADDED_TS']);
    seconds.set(state, (seconds.get(state) ?? 0) + spent);
  }
  if (history[0]?.['CHANGETYPE'] !== PARTY_CHANGE.created) return 'never came in';
  if (history.at(-1)?.['CHANGETYPE'] !== PARTY_CHANGE.terminated) return 'never left';
  if (party['TERMINATED'] === null) return 'is not terminated';
  const [stat, ...more] = image.where('G_PARTY_STAT', 'PARTYID', party['PARTYID']);
  if (!stat || more.length > 0) return 'has not its totals once';
  for (const [state, column] of Object.entries(TIMES)) {
    if (stat[column] !== (seconds.get(Number(state)) ?? 0)) {
      return `has ${column} that its history does not show`;
    }
  }
  return undefined;
}

/** What has been looked at need not be kept: the calls, and all that is of them. */
function forgetCalls(image: InteractionImage, uuids: ReadonlySet<string>): void {
  const isOwn = (row: Row) => uuids.has(String(row['CALLID']));
  const interactions = new Set(
    [...image.rows('G_CALL').values()].filter(isOwn).map((row) => row['IRID']),
  );
  const parties = new Set(
    [...image.rows('G_PARTY').values()].filter(isOwn).map((row) => row['PARTYID']),
  );
  for (const table of ['G_CALL', 'G_CALL_HISTORY', 'G_CALL_STAT', 'G_PARTY'] as const) {
    image.forget(table, isOwn);
  }
  image.forget('G_PARTY_HISTORY', (row) => parties.has(row['PARTYID']));
  image.forget('G_PARTY_STAT', (row) => parties.has(row['PARTYID']));
  image.forget('G_IR', (row) => interactions.has(row['IRID']));
  image.forget('G_IR_HISTORY', (row) => interactions.has(row['IRID']));
}
