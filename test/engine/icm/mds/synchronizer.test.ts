import { describe, expect, it } from 'vitest';
import {
  afterGatewayTest,
  afterPrivateLoss,
  afterTestOtherSide,
  decidePairing,
  hasDeviceMajority,
} from '../../../../src/engine/icm/mds/synchronizer.ts';
import type { OtherSideReport, SynchronizerState } from '../../../../src/engine/icm/messages.ts';

const seen = (...states: SynchronizerState[]): OtherSideReport[] =>
  states.map((state) => ({ state, weight: 0 }));
const claim = (state: SynchronizerState, connectedSinceUs = -1) => ({ state, connectedSinceUs });

describe('device majority (ICM-MAJ-01 to 05)', () => {
  it.each([
    ['A', 1, 2, true],
    ['B', 1, 2, false],
    ['B', 2, 2, true],
    ['A', 1, 3, false],
    ['A', 2, 3, true],
    ['B', 2, 3, true],
    ['A', 1, 1, true],
    ['B', 1, 1, true],
    ['A', 0, 0, true],
    ['B', 0, 0, false],
  ] as const)('side %s with %i of %i: %s', (side, connected, enabled, majority) => {
    expect(hasDeviceMajority(side, connected, enabled)).toBe(majority);
  });
});

describe('the private network is lost (ICM-FAIL-01 to 03)', () => {
  it.each([
    ['Paired-Enabled', true, 'Isolated-Enabled'],
    ['Paired-Enabled', false, 'Isolated-Disabled'],
    ['Paired-Disabled', true, 'Testing'],
    ['Paired-Disabled', false, 'Isolated-Disabled'],
    ['Isolated-Enabled', true, 'Isolated-Enabled'],
  ] as const)('%s, majority %s: %s', (state, majority, next) => {
    expect(afterPrivateLoss(state, majority)).toBe(next);
  });
});

describe('the other side is tested (ICM-FAIL-04 to 07)', () => {
  it('nobody reaches it: isolated-enabled', () => {
    expect(afterTestOtherSide('B', [])).toBe('Isolated-Enabled');
  });
  it('it is isolated-disabled: isolated-enabled', () => {
    expect(afterTestOtherSide('B', seen('Isolated-Disabled'))).toBe('Isolated-Enabled');
  });
  it('it is isolated-enabled, even if only one device says so: isolated-disabled', () => {
    const reports = seen('Isolated-Disabled', 'Isolated-Enabled');
    expect(afterTestOtherSide('A', reports)).toBe('Isolated-Disabled');
  });
  it('it has not noticed yet: test again', () => {
    expect(afterTestOtherSide('A', seen('Paired-Enabled'))).toBe('test again');
  });
  it('both test: side A takes it, side B asks again', () => {
    expect(afterTestOtherSide('A', seen('Testing'))).toBe('Isolated-Enabled');
    expect(afterTestOtherSide('B', seen('Testing'))).toBe('test again');
  });
});

describe('who orders when the two meet', () => {
  const cc = 'central controller' as const;
  const pg = 'peripheral gateway' as const;
  it('the side that was enabled stays enabled', () => {
    expect(decidePairing(claim('Connecting'), claim('Isolated-Enabled'), cc).enabled).toBe('B');
    expect(decidePairing(claim('Isolated-Enabled'), claim('Connecting'), cc).enabled).toBe('A');
  });
  it('both were: side B restarts (ICM-FAIL-14)', () => {
    const both = decidePairing(claim('Isolated-Enabled'), claim('Isolated-Enabled'), cc);
    expect(both).toEqual({ enabled: 'A', restartB: true });
  });
  it('of a gateway, the side that connected first (ICM-FAIL-15)', () => {
    expect(decidePairing(claim('Connecting', 9), claim('Connecting', 5), pg).enabled).toBe('B');
    expect(decidePairing(claim('Connecting', -1), claim('Connecting', 5), pg).enabled).toBe('B');
    expect(decidePairing(claim('Connecting', 9), claim('Connecting', 5), cc).enabled).toBe('A');
  });
});

describe('a gateway pair without its private network (ICM-FAIL-15)', () => {
  const other = (state: SynchronizerState, weight: number) => [{ state, weight }];
  it('both networks lost: each side is isolated-enabled', () => {
    expect(afterGatewayTest('A', 1, [])).toBe('Isolated-Enabled');
    expect(afterGatewayTest('B', 1, [])).toBe('Isolated-Enabled');
  });
  it('the heavier side serves, at equal weight side A', () => {
    expect(afterGatewayTest('B', 2, other('Testing', 1))).toBe('Isolated-Enabled');
    expect(afterGatewayTest('A', 1, other('Testing', 2))).toBe('Isolated-Disabled');
    expect(afterGatewayTest('A', 2, other('Testing', 2))).toBe('Isolated-Enabled');
    expect(afterGatewayTest('B', 2, other('Testing', 2))).toBe('Isolated-Disabled');
  });
});
