import type { Side, SynchronizerState } from '../messages.ts';

/**
 * Pure decisions of a synchronizer (docs/fidelity/icm.md §1). The timers that are documented carry
 * their fact; the others are emulator choices and stand here by name.
 */
export const SYNCHRONIZER_TIMES = {
  /** ICM-HB-01. */
  heartbeatUs: 100_000,
  /** ICM-HB-01. */
  missedHeartbeats: 5,
  /** ICM-SYNC-03: about 30 s. */
  connectTimeoutUs: 30_000_000,
  /** Emulator choice (ICM-HB-12 is unknown). */
  connectRetryUs: 1_000_000,
  /** Emulator choice: a peer that connected and does not answer the hello is given up. */
  helloTimeoutUs: 4_000_000,
  /** Emulator choice (ICM-HB-12 is unknown). */
  testOtherSideUs: 2_000_000,
  /** Emulator choice: the heartbeat that `rttest` shows is slow (inferred, ICM-RTT-24). */
  clientHeartbeatUs: 30_000_000,
  /** ICM-CHK-01: the routers compare themselves every 15 s. */
  timeTickUs: 15_000_000,
} as const;

/** ICM-MAJ-03: half is enough for side A, side B needs more than half. */
export function hasDeviceMajority(side: Side, connected: number, enabledInSetup: number): boolean {
  return side === 'A' ? connected * 2 >= enabledInSetup : connected * 2 > enabledInSetup;
}

export interface PairedDecision {
  readonly enabled: Side;
  /** Side B restarts after a split brain (ICM-FAIL-14). */
  readonly restartB: boolean;
}

/** Who orders once the two synchronizers reach each other. */
export function decidePairing(a: SynchronizerState, b: SynchronizerState): PairedDecision {
  const isEnabled = (state: SynchronizerState) => state.endsWith('-Enabled');
  if (isEnabled(a) && isEnabled(b)) return { enabled: 'A', restartB: true };
  if (isEnabled(b)) return { enabled: 'B', restartB: false };
  // Neither was enabled: side A takes it. Emulator choice, ICM-SYNC-14 is unknown.
  return { enabled: 'A', restartB: false };
}

/** What a side becomes when the private path dies (ICM-FAIL-01 to 03). */
export function afterPrivateLoss(state: SynchronizerState, majority: boolean): SynchronizerState {
  if (state === 'Paired-Enabled') return majority ? 'Isolated-Enabled' : 'Isolated-Disabled';
  if (state === 'Paired-Disabled') return majority ? 'Testing' : 'Isolated-Disabled';
  return state;
}

/** ICM-FAIL-04 to 07: an enabled other side, seen by any device, wins. */
export function afterTestOtherSide(reports: readonly SynchronizerState[]): SynchronizerState {
  return reports.some((state) => state.endsWith('-Enabled'))
    ? 'Isolated-Disabled'
    : 'Isolated-Enabled';
}
