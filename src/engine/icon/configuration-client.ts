import type { ConfigurationMessage, HistoryRecord } from '../configuration/messages.ts';
import { type ConfigurationObject, listField, objectKey } from '../configuration/object-types.ts';
import type { Message } from '../kernel/events.ts';
import { scheduleStatistics } from './agents/agent-statistics.ts';
import { cacheChange, cacheUpTo, hasCache } from './configuration-cache.ts';
import type { IconContext } from './icon-state.ts';
import { followHeartbeatOptions } from './management/heartbeats.ts';
import { connectInteractions } from './media/media-link.ts';
import { followOptions, readIconOptions } from './options.ts';
import { connectOutbound } from './outbound/outbound-link.ts';
import {
  askForSynchronization,
  beginSynchronization,
  onObjects,
  restartReading,
} from './synchronization.ts';
import { connectTServers, followNumber, followNumbers } from './t-server-links.ts';

/** ICON as a client of the Configuration Server. */

export function registerClient(context: IconContext): void {
  const { config, configurationSession } = context.state;
  context.send(configurationSession, { type: 'register client', application: config.dbid });
}

export function onConfigurationMessage(context: IconContext, message: Message): void {
  const typed = message as unknown as ConfigurationMessage;
  switch (typed.type) {
    case 'client registered':
      return begin(context, typed.application);
    case 'objects':
      if (onObjects(context, typed)) followSynchronization(context);
      return;
    case 'changes':
      return onChanges(context, typed);
    case 'object changed':
      return onNotification(context, typed.record);
  }
}

/** The options are known: go on where the cache ends, or make it anew. */
function begin(context: IconContext, application: ConfigurationObject | null): void {
  const { state } = context;
  takeOptions(context, application);
  // What is changed on the Connections tab while ICON runs counts when it starts again.
  if (application) state.connections ??= listField(application, 'connections');
  if (state.synchronization) return restartReading(context);
  if (!hasCache(state)) {
    return beginSynchronization(context, 'without the role cfg nothing is kept');
  }
  if (state.wantsSynchronization) {
    return beginSynchronization(context, 'an earlier one was cut short');
  }
  if (state.record < 0) return beginSynchronization(context, 'there is no cache');
  readChanges(context);
}

/** What was read may be newer than what notifications told before they went off. */
function followSynchronization(context: IconContext): void {
  const { objects, config } = context.state;
  const own = objects.get(objectKey('application', config.dbid));
  if (own) takeOptions(context, own);
  followNumbers(context);
  readChanges(context);
}

function readChanges(context: IconContext): void {
  const { configurationSession, record } = context.state;
  context.send(configurationSession, { type: 'read changes', since: record });
}

function onChanges(
  context: IconContext,
  { records, record, more, gap }: Extract<ConfigurationMessage, { type: 'changes' }>,
): void {
  const { state } = context;
  if (state.synchronization) return;
  for (const change of records) take(context, change);
  cacheUpTo(context, record);
  if (gap !== '') askForSynchronization(context, gap);
  if (more) return readChanges(context);
  connectTServers(context);
  connectOutbound(context);
  connectInteractions(context);
}

function onNotification(context: IconContext, change: HistoryRecord): void {
  const { state } = context;
  if (state.synchronization) return;
  const before = state.options.startCfgSync;
  take(context, change);
  // Only the step from 0 to 1 counts, and only while ICON runs (source document).
  if (before === 0 && state.options.startCfgSync === 1) {
    beginSynchronization(context, 'on request');
  }
}

function take(context: IconContext, change: HistoryRecord): void {
  const { objects, config } = context.state;
  const { type, dbid } = change.object;
  const key = objectKey(type, dbid);
  const before = objects.get(key);
  cacheChange(context, change);
  followNumber(context, before, objects.get(key));
  if (type === 'application' && dbid === config.dbid) takeOptions(context, change.object);
}

/** Options as they were last known, for what begins before the server is reached. */
export function takeStoredOptions(context: IconContext): void {
  const { state } = context;
  const own = state.objects.get(objectKey('application', state.config.dbid));
  if (own) Object.assign(state.options, readIconOptions(own));
}

/** What an option says counts at once, or only when ICON starts. */
function takeOptions(context: IconContext, application: ConfigurationObject | null): void {
  const { state } = context;
  if (state.optionsRead) followOptions(state.options, application);
  else Object.assign(state.options, readIconOptions(application));
  scheduleStatistics(context);
  followHeartbeatOptions(context);
  state.optionsRead = true;
}
