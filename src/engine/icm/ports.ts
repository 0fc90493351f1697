import type { ClientName, Side } from './messages.ts';

/**
 * TCP ports of instance 0 (docs/fidelity/icm.md, ICM-PORT-01 to 13, confirmed unless noted). Side B
 * listens and side A connects for everything between the sides (inferred, ICM-PORT-10).
 */

export type MdsPorts = {
  /** Local clients, and their pipes of a state transfer. */
  readonly client: number;
  readonly transfer: number;
  /** Peer synchronizer, high priority. */
  readonly peer: number;
  readonly stateTransfer: Readonly<Partial<Record<ClientName, number>>>;
};

/** Router nodes. The number of the configuration logger is inferred (ICM-PORT-05). */
const ROUTER_STATE_TRANSFER = { rtr: 41_020, hlgr: 41_021, cic: 41_022, clgr: 41_032 } as const;

export const ROUTER_PORTS: Readonly<Record<Side, MdsPorts>> = {
  A: { client: 40_000, transfer: 40_001, peer: 41_005, stateTransfer: ROUTER_STATE_TRANSFER },
  B: { client: 41_000, transfer: 41_001, peer: 41_005, stateTransfer: ROUTER_STATE_TRANSFER },
};

/** Every Peripheral Gateway is the first of its host, so it has the ports of PG1 (ICM-PORT-12). */
export const GATEWAY_PORTS: Readonly<Record<Side, MdsPorts>> = {
  A: { client: 42_000, transfer: 42_001, peer: 43_005, stateTransfer: { opc: 43_023 } },
  B: { client: 43_000, transfer: 43_001, peer: 43_005, stateTransfer: { opc: 43_023 } },
};

export const CCAG_DEVICE_PORT: Readonly<Record<Side, number>> = { A: 40_003, B: 41_003 };
/** PG agent to PG agent, Test-Other-Side over the public network (ICM-PORT-07). */
export const GATEWAY_TEST_PORT = 43_006;
/** Real-time feed (ICM-PORT-09). */
export const REAL_TIME_PORT: Readonly<Record<Side, number>> = { A: 40_007, B: 41_007 };
/** Recovery between the Loggers (ICM-PORT-09, sides as printed there). */
export const RECOVERY_PORT: Readonly<Record<Side, number>> = { A: 41_013, B: 40_013 };
/** Public port of the CIC (ICM-PORT-13, older formula). */
export const CIC_PUBLIC_PORT: Readonly<Record<Side, number>> = { A: 40_033, B: 41_033 };
/** Database agent, test synchronizer and PG-internal ports: emulator choice. */
export const DBA_PORT: Readonly<Record<Side, number>> = { A: 40_019, B: 41_019 };
export const TSYR_PORT: Readonly<Record<Side, number>> = { A: 40_030, B: 41_030 };
export const OPC_PORT = 42_010;
