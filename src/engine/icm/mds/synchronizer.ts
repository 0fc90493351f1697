import type { OtherSideReport, Side, SynchronizerState } from '../messages.ts';

/** Pure decisions of a synchronizer (docs/fidelity/icm.md §1). */

/** ICM-MAJ-03: half is enough for side A, side B needs more than half. */
export function hasDeviceMajority(side: Side, connected: number, enabledInSetup: number): boolean {
  return side === 'A' ? connected * 2 >= enabledInSetup : connected * 2 > enabledInSetup;
}

export interface PairedDecision {
  readonly enabled: Side;
  /** Side B restarts after a split brain (ICM-FAIL-14). */
  readonly restartB: boolean;
}

/** What a side says of itself when the two synchronizers reach each other. */
export interface PairingClaim {
  readonly state: SynchronizerState;
  /** -1: nothing connected yet. */
  readonly connectedSinceUs: number;
}

/** Who orders once the two synchronizers reach each other. */
export function decidePairing(
  a: PairingClaim,
  b: PairingClaim,
  role: 'central controller' | 'peripheral gateway',
): PairedDecision {
  const isEnabled = ({ state }: PairingClaim) => state.endsWith('-Enabled');
  if (isEnabled(a) && isEnabled(b)) return { enabled: 'A', restartB: true };
  if (isEnabled(b)) return { enabled: 'B', restartB: false };
  if (isEnabled(a) || role === 'central controller') return { enabled: 'A', restartB: false };
  // Of a Peripheral Gateway, the side that connected first (ICM-FAIL-15).
  const bFirst =
    b.connectedSinceUs >= 0 && (a.connectedSinceUs < 0 || b.connectedSinceUs < a.connectedSinceUs);
  return { enabled: bFirst ? 'B' : 'A', restartB: false };
}

/** What a side becomes when the private path dies (ICM-FAIL-01 to 03). */
export function afterPrivateLoss(state: SynchronizerState, majority: boolean): SynchronizerState {
  if (state === 'Paired-Enabled') return majority ? 'Isolated-Enabled' : 'Isolated-Disabled';
  if (state === 'Paired-Disabled') return majority ? 'Testing' : 'Isolated-Disabled';
  return state;
}

export type TestDecision = 'Isolated-Enabled' | 'Isolated-Disabled' | 'test again';

/**
 * ICM-FAIL-04 to 07: an isolated-enabled other side, seen by any device, wins. Reports of a side
 * that is itself changing are an emulator choice: side A takes it, side B asks once more.
 */
export function afterTestOtherSide(side: Side, reports: readonly OtherSideReport[]): TestDecision {
  const seen = (state: SynchronizerState) => reports.some((report) => report.state === state);
  if (seen('Isolated-Enabled')) return 'Isolated-Disabled';
  if (seen('Paired-Enabled') || seen('Paired-Disabled')) return 'test again';
  if (seen('Testing') && side === 'B') return 'test again';
  return 'Isolated-Enabled';
}

/** A PG pair after the loss of its private path: the heavier side serves (ICM-FAIL-15). */
export function afterGatewayTest(
  side: Side,
  weight: number,
  reports: readonly OtherSideReport[],
): TestDecision {
  const [other] = reports;
  if (!other || other.state === 'Connecting' || other.state === 'Isolated-Disabled') {
    return 'Isolated-Enabled';
  }
  if (other.state === 'Isolated-Enabled') return 'Isolated-Disabled';
  if (weight !== other.weight) {
    return weight > other.weight ? 'Isolated-Enabled' : 'Isolated-Disabled';
  }
  return side === 'A' ? 'Isolated-Enabled' : 'Isolated-Disabled';
}
