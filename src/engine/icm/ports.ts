import type { ClientName, Side } from './messages.ts';

/** TCP ports of instance 0 (docs/fidelity/icm.md, ICM-PORT-01 to 08, confirmed unless noted). */

export const MDS_CLIENT_PORT: Readonly<Record<Side, number>> = { A: 40_000, B: 41_000 };
export const MDS_TRANSFER_PORT: Readonly<Record<Side, number>> = { A: 40_001, B: 41_001 };
export const CCAG_DEVICE_PORT: Readonly<Record<Side, number>> = { A: 40_003, B: 41_003 };
/** Side B listens, side A connects (inferred, ICM-PORT-10). */
export const MDS_PEER_PORT = 41_005;
/** Private state transfer sessions; the number of the configuration logger is inferred. */
export const STATE_TRANSFER_PORT: Readonly<Record<ClientName, number>> = {
  rtr: 41_020,
  clgr: 41_032,
};
/** Database agent and PG-internal ports: emulator choice. */
export const DBA_PORT: Readonly<Record<Side, number>> = { A: 40_019, B: 41_019 };
export const OPC_PORT = 42_010;
export const PGAGENT_PORT = 42_000;
