import type { ConfigurationObject, ObjectTypeName } from './object-types.ts';

export const CONFIGURATION_SERVER_PORT = 2020;

/** A change as clients of the Configuration Server learn of it, with the server's own time. */
export type HistoryRecord = {
  /** Rises by one with every record, whether or not the history log keeps it. */
  readonly record: number;
  readonly transaction: number;
  /** Who made the edit: `person:DBID`, or `default` for the administrator. */
  readonly author: string;
  /** UTC second by the Configuration Server's clock. */
  readonly changedAt: number;
  /** `hidden` and `shown`: the object's permissions changed for one client. */
  readonly action: 'created' | 'updated' | 'deleted' | 'hidden' | 'shown';
  readonly object: ConfigurationObject;
  /** DBID of the only application that is told; 0 for all. */
  readonly application: number;
  /** DBIDs of the applications whose account could not see the object at that time. */
  readonly hiddenFrom: readonly number[];
};

/** Why a client cannot be told all that it missed; empty when it can. */
export type HistoryGap =
  | ''
  | 'the history log is not active'
  | 'changes are older than the history log'
  | 'the history log has lost records'
  | 'the session of this client has expired';

/** What a client asks of the Configuration Server, and what it is told. */
export type ConfigurationMessage =
  | { type: 'register client'; application: number }
  /** The client's own Application object: its options. */
  | { type: 'client registered'; application: ConfigurationObject | null }
  /** Turns notifications off; they come again with the last answer to `read changes`. */
  | { type: 'stop notifications' }
  | { type: 'read objects'; objectType: ObjectTypeName }
  | {
      type: 'objects';
      objectType: ObjectTypeName;
      record: number;
      objects: readonly ConfigurationObject[];
    }
  | { type: 'read changes'; since: number }
  | {
      type: 'changes';
      records: readonly HistoryRecord[];
      /** All that the client may see up to this record has been sent. */
      record: number;
      more: boolean;
      gap: HistoryGap;
    }
  | { type: 'object changed'; record: HistoryRecord };
