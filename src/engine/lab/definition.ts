import type { Sections } from '../configuration/object-types.ts';
import type { IcmSettings } from '../icm/settings.ts';
import type { MediaName } from '../telephony/interaction-server/interaction-messages.ts';
import type { DialModeName } from '../telephony/outbound/outbound-messages.ts';

/** A lab as its file describes it, units resolved. The contract's schema yields exactly this. */

export type NetworkDefinition = {
  readonly delayUs: number;
  readonly jitterUs: number;
  readonly bandwidthBitsPerSecond: number;
  readonly lossRate: number;
};

export type SiteDefinition = {
  readonly name: string;
  readonly switch: string;
  readonly tServer: string;
  /** Makes a redundant pair of it. */
  readonly backupTServer?: string;
  readonly peripheralGateway: string;
  readonly peripheral: string;
  readonly queues: readonly {
    readonly dn: string;
    readonly name: string;
    readonly group: string;
    /** Queue of the same site for calls that have waited so long. */
    readonly overflow?: { readonly to: string; readonly afterSeconds: number };
  }[];
  readonly routingPoints: readonly {
    readonly dn: string;
    readonly name: string;
    readonly callType: string;
    readonly share: number;
    /** Virtual queue in which its calls wait for the router; none without. */
    readonly virtualQueue?: string;
  }[];
  readonly defaultQueue: string;
  /** Routing points at which calls from another switch arrive, and nothing else. */
  readonly translationNumbers: readonly string[];
  readonly trunkGroups: readonly { readonly name: string; readonly trunks: number }[];
};

export type AgentDefinition = {
  readonly employeeId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly site: string;
  readonly extension: string;
  readonly login: string;
  readonly groups: readonly string[];
  readonly skills: readonly string[];
  readonly level: number;
};

export type MultimediaDefinition = {
  /** Name of its Application object, and its release. */
  readonly name: string;
  readonly version: string;
  /** Interactions of a queue without a strategy stay until somebody takes them out. */
  readonly queues: readonly { readonly name: string; readonly strategy: string }[];
  readonly strategies: readonly { readonly name: string; readonly group: string }[];
  readonly workbins: readonly string[];
  readonly sources: readonly {
    readonly media: MediaName;
    readonly queue: string;
    readonly perHour: number;
  }[];
  readonly meanHandleSeconds: number;
};

export type OutboundDefinition = {
  /** Name of its Application object. */
  readonly name: string;
  readonly campaigns: readonly CampaignDefinition[];
};

export type CampaignDefinition = {
  readonly name: string;
  /** Agent group that takes the calls. */
  readonly group: string;
  /** Queue that calls are made from; its site is that of the group. */
  readonly queue: string;
  readonly mode: DialModeName;
  /** Percent; for predictive dialing. */
  readonly optimization: { readonly method: 'busyFactor' | 'overdialRate'; readonly goal: number };
  readonly attempts: number;
  readonly retrySeconds: number;
  readonly answerSeconds: number;
  /** 0: started by hand. */
  readonly startSeconds: number;
  readonly list: {
    readonly name: string;
    readonly fields: readonly { readonly name: string; readonly kept: 'plain' | 'secure' | 'no' }[];
    readonly contacts: readonly {
      readonly phones: readonly string[];
      readonly fields: Readonly<Record<string, string>>;
    }[];
    /** Further contacts, drawn by the seed. */
    readonly generated: number;
  };
};

export type LabDefinition = {
  readonly name: string;
  readonly description: string;
  readonly seed: number;
  /** UTC second at which lab time is zero. */
  readonly epochSeconds: number;
  readonly utcOffsetSeconds: number;
  readonly diskSyncUs: number;
  readonly networks: { readonly private: NetworkDefinition; readonly public: NetworkDefinition };
  readonly centralController: {
    readonly customer: string;
    readonly stateSizeThresholdMb: number;
    readonly startUs: { readonly A: number; readonly B: number };
    /** Departures from the defaults of `icm/settings.ts`. */
    readonly settings: Partial<IcmSettings>;
  };
  /** A network ICM that asks for routes through the CIC. */
  readonly networkIcm?: {
    readonly name: string;
    readonly dialedNumbers: readonly { readonly dn: string; readonly callType: string }[];
    readonly requestsPerHour: number;
  };
  readonly tenant: string;
  readonly skills: readonly string[];
  readonly sites: readonly SiteDefinition[];
  readonly groups: readonly { readonly name: string; readonly site: string }[];
  readonly agents: readonly AgentDefinition[];
  readonly scripts: readonly { readonly name: string; readonly steps: string }[];
  readonly callTypes: readonly { readonly name: string; readonly script: string }[];
  readonly services: readonly { readonly name: string; readonly site: string }[];
  readonly routes: readonly {
    readonly name: string;
    readonly service: string;
    readonly group: string;
  }[];
  readonly traffic: {
    readonly callsPerHour: readonly number[];
    readonly meanAnswerSeconds: number;
    readonly meanTalkSeconds: number;
    readonly meanAfterCallSeconds: number;
    readonly meanPatienceSeconds: number;
    /** What callers press who are asked for digits; the rest of them nothing. */
    readonly digits: readonly { readonly digits: string; readonly share: number }[];
    readonly agentsBy: 'themselves' | 'hand';
    /** Shares of the answered calls, 0 to 1. */
    readonly transferShare: number;
    readonly conferenceShare: number;
    readonly holdShare: number;
    readonly attachedDataShare: number;
    /** For each agent. */
    readonly breaksPerHour: number;
    readonly outboundCallsPerHour: number;
  };
  /** An Interaction Server, where the lab has one. */
  readonly multimedia?: MultimediaDefinition;
  /** An Outbound Contact Server, where the lab has one. */
  readonly outbound?: OutboundDefinition;
  readonly icon: {
    readonly name: string;
    /** Another one on the same data sources, with an IDB of its own, for high availability. */
    readonly second?: string;
    readonly roles: readonly string[];
    /** Options of its Application object, by name. */
    readonly options: Readonly<Record<string, string>>;
  };
  readonly configurationServer: {
    readonly version: string;
    /** Options of its Application object, by section and name. */
    readonly options: Sections;
  };
};
