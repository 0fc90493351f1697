import type { ProcessInfo } from './answers.ts';

/** Hosts, processes and links of a lab as they are now. */
export interface TopologyReport {
  readonly hosts: readonly TopologyHost[];
  readonly links: readonly TopologyLink[];
  /** As the lab file has them; what a changed link goes back to. */
  readonly networks: readonly (LinkQuality & { readonly name: string })[];
}

export type HostGroup = 'controller' | 'gateway' | 'site' | 'server' | 'icon';

export interface TopologyHost {
  readonly name: string;
  readonly isUp: boolean;
  readonly group: HostGroup;
  readonly side: 'A' | 'B' | null;
  readonly processes: readonly TopologyProcess[];
}

export interface TopologyProcess {
  readonly name: string;
  /** Such as `rtr`, `t-server`, `icon`. */
  readonly kind: string;
  readonly state: ProcessInfo['state'];
  /** A manager of the same host that starts it again. */
  readonly isSupervised: boolean;
}

export interface LinkQuality {
  readonly delayUs: number;
  readonly jitterUs: number;
  readonly bandwidthBitsPerSecond: number;
  readonly lossRate: number;
}

/** What two hosts say to each other over one network, both directions. */
export interface TopologyLink {
  readonly network: string;
  readonly ends: readonly [string, string];
  /** From the first end to the second one, and back. */
  readonly directions: readonly [LinkDirection, LinkDirection];
  /** Open sessions. */
  readonly sessions: number;
  /** Ever sent in sessions that are open now. */
  readonly sentBytes: number;
}

export interface LinkDirection extends LinkQuality {
  readonly isCut: boolean;
  /** Something of its quality is not as the lab file has it. */
  readonly isChanged: boolean;
}
