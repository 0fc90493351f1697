import type { Message } from '../../kernel/events.ts';
import type { UserData } from '../messages.ts';
import {
  DESKTOP_NEWS,
  GSW,
  RECORD_REQUESTS,
  type RecordAction,
} from '../outbound/outbound-messages.ts';
import { isByHand, type PeopleContext, switchOfExtension } from './people-state.ts';
import { desktop, later, phone } from './speech.ts';

/** The part of the desktop that deals with campaigns: records to look at, and to call. */

/** The desktops beside these telephones hear what OCS says. */
export function watchCampaigns(context: PeopleContext, at: string): void {
  for (const extension of context.state.config.outboundAgents) {
    if (switchOfExtension(context, extension) !== at) continue;
    desktop(context, at, { type: 'RequestRegisterAddress', ThisDN: extension });
  }
}

/** A word of OCS to a desktop. */
export function onCampaignNews(context: PeopleContext, at: string, event: Message): void {
  if (event.type !== 'EventUserEvent') return;
  const extension = String(event['ThisDN']);
  const data = event['UserData'] as UserData | undefined;
  if (!data) return;
  const { records } = context.state;
  const own = !isByHand(context, extension);
  switch (data.get(GSW.answer)) {
    case DESKTOP_NEWS.started:
      if (own && data.get(GSW.mode) === 'preview') askSoon(context, at, extension, 2);
      return;
    case DESKTOP_NEWS.stopped:
      return context.cancelTimer(`record ${at}/${extension}`);
    case DESKTOP_NEWS.noRecord:
      records.delete(extension);
      if (own) askSoon(context, at, extension, 30);
      return;
    case DESKTOP_NEWS.record: {
      const keys: readonly string[] = [GSW.answer, GSW.mode];
      const carried = [...data].filter(([key]) => !keys.includes(key));
      records.set(extension, { number: String(data.get(GSW.phone)), data: new Map(carried) });
      if (!own) return;
      const look = 3 + context.exponential('look', 8);
      return later(context, 'dial', `${at}/${extension}`, look, { at, extension });
    }
  }
}

export function askSoon(
  context: PeopleContext,
  at: string,
  extension: string,
  seconds: number,
): void {
  const wait = seconds + context.exponential('record', 5);
  later(context, 'record', `${at}/${extension}`, wait, { at, extension });
}

/** The agent calls the number of the record; the call carries what OCS knows it by. */
export function dialRecord(context: PeopleContext, at: string, extension: string): void {
  const record = context.state.records.get(extension);
  if (!record) return;
  const { number, data: userData } = record;
  phone(context, at, extension, { action: 'dial', number, userData });
  // The telephone may be busy with another call: then OCS shows the same record again.
  askSoon(context, at, extension, 60);
}

/** The call of a record has begun: whoever does not answer is given up. */
export function onRecordRings(context: PeopleContext, at: string, number: string): void {
  for (const [extension, record] of context.state.records) {
    if (record.number !== number || isByHand(context, extension)) continue;
    later(context, 'talk', `${at}/${extension}`, 40, { at, extension });
  }
}

/** A call of the agent is over: the record is done with. */
export function onRecordDone(context: PeopleContext, at: string, extension: string): void {
  if (!context.state.records.delete(extension)) return;
  if (!isByHand(context, extension)) askSoon(context, at, extension, 5);
}

/** What a desktop asks of OCS, through its T-Server. */
export function askOutbound(
  context: PeopleContext,
  at: string,
  extension: string,
  action: RecordAction,
  minutes: number,
): void {
  const pairs: [string, string | number][] = [[GSW.request, RECORD_REQUESTS[action]]];
  if (action === 'reschedule') {
    pairs.push([GSW.moment, Math.floor(context.utcSeconds) + minutes * 60]);
  }
  const UserData = new Map(pairs);
  desktop(context, at, { type: 'RequestSendUserEvent', ThisDN: extension, UserData });
}
