/**
 * What is said between the Interaction Server, desktops, sources of interactions and ICON. Names
 * and numbers of the events are those of the Interaction Server's protocol (docs/fidelity/icon.md
 * §2, confirmed); their attributes are not public: an emulator choice.
 */

export const INTERACTION_PORT = 4420;

export const ITX_EVENT = {
  event_properties_changed: 104,
  event_party_added: 132,
  event_party_removed: 133,
  event_revoked: 134,
  event_agent_login: 137,
  event_agent_logout: 138,
  event_not_ready_for_media: 149,
  event_ready_for_media: 150,
  event_interaction_submitted: 160,
  event_processing_stopped: 161,
  event_placed_in_queue: 162,
  event_placed_in_workbin: 163,
  event_agent_invited: 166,
  event_accepted: 167,
  event_rejected: 168,
  event_taken_from_queue: 177,
  event_taken_from_workbin: 182,
} as const;
/** Behind the last event of a snapshot (emulator choice). */
export const SNAPSHOT_END = 'event_snapshot_end';
export type ItxEventName = keyof typeof ITX_EVENT;

/** TMediaType (confirmed): e-mail, chat, and work items of third-party media. */
export const MEDIA_TYPE = { voice: 0, email: 2, chat: 5, workitem: 11 } as const;
export const MEDIA_NAMES = ['email', 'chat', 'workitem'] as const;
export type MediaName = (typeof MEDIA_NAMES)[number];

/** Emulator choice: interactions of a medium that an agent has at the same time. */
export const CAPACITY: Readonly<Record<number, number>> = {
  [MEDIA_TYPE.email]: 2,
  [MEDIA_TYPE.chat]: 2,
  [MEDIA_TYPE.workitem]: 1,
};

export type MediaAction =
  | 'login'
  | 'logout'
  | 'ready'
  | 'not ready'
  | 'accept'
  | 'reject'
  | 'done'
  | 'place in queue'
  | 'place in workbin'
  | 'take from workbin'
  | 'transfer to'
  | 'invite'
  | 'leave'
  | 'property';

/** What a desktop does with media and interactions; `subject` is what the action is about. */
export type MediaRequest = {
  readonly type: 'media';
  readonly place: string;
  readonly agentId: string;
  readonly action: MediaAction;
  /** A medium, a queue, a workbin, another place, a stop reason, or a key with its value. */
  readonly subject: string;
  /** End of an interaction's id; empty: the newest that fits. */
  readonly interaction: string;
};

/** A new interaction from a media server: an e-mail has come, a chat was opened. */
export type SubmitRequest = {
  readonly type: 'submit';
  readonly media: number;
  readonly queue: string;
  readonly properties: ReadonlyMap<string, string | number>;
};

/** The Interaction Server to a desktop. */
export type DesktopNotice = {
  readonly type: 'invited' | 'revoked';
  readonly place: string;
  readonly interaction: string;
  readonly media: number;
};
