import type { Sections } from '../configuration/object-types.ts';
import type { IcmSettings } from '../icm/settings.ts';

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
  readonly icon: {
    readonly name: string;
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
