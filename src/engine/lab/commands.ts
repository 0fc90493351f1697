import type { ConfigurationObject, ObjectTypeName } from '../configuration/object-types.ts';
import type { Edit } from '../configuration/transaction.ts';
import type { RouterClientName, Side } from '../icm/messages.ts';
import type { ProcedureName } from '../idb/procedures.ts';
import type {
  MediaAction,
  MediaName,
} from '../telephony/interaction-server/interaction-messages.ts';
import type { OutsideAction, PhoneActionName } from '../telephony/messages.ts';
import type {
  CampaignAction,
  DialModeName,
  RecordAction,
} from '../telephony/outbound/outbound-messages.ts';

/** Everything that may be done to a lab from outside. The contract's schemas yield these. */
export type LabCommand =
  | { readonly verb: 'stop-side'; readonly side: Side }
  | { readonly verb: 'start-side'; readonly side: Side }
  | { readonly verb: 'stop-process'; readonly process: string }
  | { readonly verb: 'start-process'; readonly process: string }
  /** Dies without a word; its Node Manager starts it again. */
  | { readonly verb: 'crash-process'; readonly process: string }
  | { readonly verb: 'hang-process'; readonly process: string }
  | { readonly verb: 'release-process'; readonly process: string }
  | { readonly verb: 'stop-node'; readonly node: string }
  | { readonly verb: 'start-node'; readonly node: string }
  /** One bit of a router's state flips. */
  | { readonly verb: 'corrupt-state'; readonly side: Side }
  /** One bit of the next state record that this side's MDS passes on flips. */
  | {
      readonly verb: 'corrupt-record';
      readonly side: Side;
      readonly client: RouterClientName;
      /** 0 takes it back. */
      readonly count?: 0 | 1;
    }
  | {
      readonly verb: 'set-registry';
      readonly host: string;
      readonly path: string;
      readonly value: string | number;
    }
  /** A value, or a key with all that is under it. */
  | {
      readonly verb: 'delete-registry';
      readonly host: string;
      readonly path: string;
      readonly isKey?: boolean;
    }
  /** Several changes at once; null deletes. */
  | {
      readonly verb: 'import-registry';
      readonly host: string;
      readonly changes: readonly RegistryChange[];
    }
  | { readonly verb: 'delete-file'; readonly host: string; readonly path: string }
  | {
      readonly verb: 'write-file';
      readonly host: string;
      readonly path: string;
      readonly text: string;
    }
  /** A byte in the middle of the file is turned over. */
  | { readonly verb: 'corrupt-file'; readonly host: string; readonly path: string }
  /** Trace groups of a running process, until it starts again. */
  | { readonly verb: 'set-trace'; readonly process: string; readonly mask: number }
  /** A routing variable is written to the router log when it changes. */
  | {
      readonly verb: 'watch-variable';
      readonly side: Side;
      readonly variable: string;
      readonly watched: boolean;
    }
  /** The process ends itself and asks its Node Manager to be started again. */
  | { readonly verb: 'exit-process'; readonly process: string }
  | { readonly verb: 'crash-host'; readonly host: string }
  | { readonly verb: 'boot-host'; readonly host: string }
  | { readonly verb: 'cut'; readonly network: string; readonly from: string; readonly to: string }
  | {
      readonly verb: 'repair';
      readonly network: string;
      readonly from: string;
      readonly to: string;
    }
  | {
      readonly verb: 'set-link';
      readonly network: string;
      readonly from: string;
      readonly to: string;
      readonly delayUs?: number;
      readonly jitterUs?: number;
      readonly lossRate?: number;
      readonly bandwidthBitsPerSecond?: number;
    }
  | { readonly verb: 'place-call'; readonly dialedNumber: string; readonly ani: string }
  /** What one does at a telephone; `by itself` gives it back to its agent. */
  | {
      readonly verb: 'use-phone';
      readonly extension: string;
      readonly action: PhoneActionName | 'by itself';
      readonly number?: string;
      readonly agentId?: string;
      readonly queue?: string;
      readonly reason?: string;
      readonly workMode?: number;
    }
  /**
   * A fault of a T-Server: the next `count` events of a kind are not distributed, or without an
   * attribute. A count of 0 lifts all such faults of the T-Server.
   */
  | {
      readonly verb: 'distort-events';
      readonly process: string;
      readonly event: string;
      readonly omit?: string;
      readonly count: number;
    }
  /** What somebody outside does who is on a call. */
  | {
      readonly verb: 'act-outside';
      readonly number: string;
      readonly action: OutsideAction;
      /** What is pressed. */
      readonly digits?: string;
    }
  /** What the desktop of an extension attaches to its call, takes away, or sends as an event. */
  | {
      readonly verb: 'attach-data';
      readonly extension: string;
      readonly how: 'update' | 'delete' | 'event';
      readonly key: string;
      readonly value: string;
    }
  /** An e-mail comes, a chat is opened, a work item is made. */
  | {
      readonly verb: 'submit-interaction';
      readonly media: MediaName;
      readonly queue: string;
      readonly properties?: Readonly<Record<string, string>>;
    }
  /** What an agent does at the desktop with media and interactions. */
  | {
      readonly verb: 'use-media';
      readonly extension: string;
      readonly action: MediaAction;
      /** A medium, queue, workbin, extension, stop reason, or KEY=VALUE. */
      readonly subject?: string;
      /** End of the id; without it the newest that fits. */
      readonly interaction?: string;
    }
  /** What the supervisor of a campaign does; `mode` goes with the action of that name. */
  | {
      readonly verb: 'run-campaign';
      readonly campaign: string;
      readonly action: CampaignAction;
      readonly mode?: DialModeName;
    }
  /** What the desktop of an extension asks of OCS about the record before its agent. */
  | {
      readonly verb: 'handle-record';
      readonly extension: string;
      readonly action: RecordAction;
      /** For a reschedule: from now. */
      readonly minutes?: number;
    }
  /** A stored procedure of IDB. */
  | {
      readonly verb: 'run-procedure';
      readonly name: ProcedureName;
      readonly parameters?: readonly string[];
      /** The RDBMS, where the lab has two; the first one without. */
      readonly database?: string;
    }
  /** Edits of the configuration; `as` is the DBID of the person who makes them. */
  | {
      readonly verb: 'create-object';
      readonly object: Omit<ConfigurationObject, 'dbid'>;
      readonly as?: number;
    }
  | { readonly verb: 'update-object'; readonly object: ConfigurationObject; readonly as?: number }
  | {
      readonly verb: 'delete-object';
      readonly objectType: ObjectTypeName;
      readonly dbid: number;
      readonly as?: number;
    }
  /** Several edits as one transaction: all of them or none. */
  | { readonly verb: 'edit-configuration'; readonly edits: readonly Edit[]; readonly as?: number }
  | { readonly verb: 'undo-edit'; readonly as?: number }
  | { readonly verb: 'redo-edit'; readonly as?: number };

export type RegistryChange = {
  readonly path: string;
  readonly value: string | number | null;
  /** What is deleted is a key, and all that is under it. */
  readonly isKey?: boolean;
};

/** A user's mistake as a value. */
export type LabError = {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** `none`: nothing has happened; `possible`: something may have. */
  readonly effect: 'none' | 'possible';
  /** Per field, for forms. */
  readonly fields?: readonly { readonly field: string; readonly message: string }[];
};

export type CommandResult =
  | { readonly ok: true; readonly seq: number }
  | { readonly ok: false; readonly error: LabError };
