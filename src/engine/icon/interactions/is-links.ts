import { LINK_STATE, LINK_TYPE, MERGE_STATE } from '../../idb/dictionary.ts';
import type { Message } from '../../kernel/events.ts';
import type { CallLink } from '../../telephony/messages.ts';
import type { IconContext } from '../icon-state.ts';
import { insert } from '../rows.ts';
import { type IconCall, secondsOf } from './call-state.ts';

/** G_IS_LINK: what ties a call to one on another switch; gsysIRMerge joins their records. */

const LINK_CHANGE_CREATED = 1;

export function noteLinks(context: IconContext, call: IconCall, event: Message): void {
  const links = event['ISLinkList'] as readonly CallLink[] | undefined;
  if (!links || !call.matched) return;
  const seconds = secondsOf(event);
  for (const { id, remoteLocation, kind } of links) {
    if (call.links.includes(id)) continue;
    call.links.push(id);
    insert(context, 'GCC', 'G_IS_LINK', call.createdSeconds, {
      LINKID: id,
      CALLID: call.uuid,
      ISLINKTYPE: kind === 'source' ? LINK_TYPE.source : LINK_TYPE.target,
      REMOTELOCATION: remoteLocation,
      STATE: LINK_STATE.active,
      MERGESTATE: MERGE_STATE.none,
      INITIATED: seconds,
      LASTCHANGE: seconds,
    });
    insert(context, 'GCC', 'G_IS_LINK_HISTORY', call.createdSeconds, {
      LINKID: id,
      CALLID: call.uuid,
      CHANGETYPE: LINK_CHANGE_CREATED,
      SEQ: call.links.length,
      ADDED: seconds,
    });
  }
}
