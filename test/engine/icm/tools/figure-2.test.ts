import { describe, expect, it } from 'vitest';
import type { CallRouterState } from '../../../../src/engine/icm/router/call-router-state.ts';
import { rttestHeader } from '../../../../src/engine/icm/tools/rttest-status.ts';
import { age } from '../../../../src/engine/icm/tools/times.ts';
import { Lab } from '../../../../src/engine/lab/lab.ts';
import { toolEnvironment } from '../../../../src/runtime/console.ts';
import { quietLab50 } from '../../../support/lab50.ts';

/** The source document's Figure 2, as the page prints it. */
const FIGURE_2 = `Router version:      Release 5.0 Service Release 8, Build 09894
Release Date:       09/23/2004 14:47:03

Current Time:       12/01      20:05:36
Local Time:         12/01      14:05:36 (-6.0 hr)
Router Up:          11/30      20:04:26 (24.0 hr)
Router Sync:        11/30      20:10:30 (24.0 hr) (A->B)
State size now:     744,048 bytes
State size max:     745,544`;

const utc = (text: string) => Date.parse(`${text}Z`) / 1000;
const RECORD_TABLE_BYTES = 744_048;
const SECOND_US = 1_000_000;

describe('Figure 2', () => {
  it('is what status prints of a router with those values', () => {
    const startsAt = utc('2004-11-30T20:00:00');
    const lab = Lab.create({
      ...quietLab50(),
      epochSeconds: startsAt,
      utcOffsetSeconds: -6 * 3600,
    });
    const { simulation } = lab;
    simulation.runUntil(100 * SECOND_US);
    const router = simulation.process('ra-rtr');
    const state = router.state as CallRouterState;
    const at = (text: string) => (utc(text) - startsAt) * SECOND_US;
    router.startedUs = at('2004-11-30T20:04:26');
    state.client.lastTransfer = {
      from: 'A',
      to: 'B',
      atUs: at('2004-11-30T20:10:30'),
      sizeBytes: RECORD_TABLE_BYTES,
    };
    // The size is that of the tables: one table is given as many words as are missing.
    const { tables } = state.router;
    const others = Object.values(tables).reduce((sum, { words }) => sum + words.byteLength, 0);
    const rest = RECORD_TABLE_BYTES - others + tables.standardObject.words.byteLength;
    tables.standardObject.words = new Uint32Array(rest / 4);
    state.router.maxBytes = 745_544;
    simulation.world.nowUs = at('2004-12-01T20:05:36');
    expect(rttestHeader(toolEnvironment(lab), router).join('\n')).toBe(FIGURE_2);
  });

  it.each([
    [27, '27 sec'],
    [23 * 3600 + 55 * 60 + 6, '24.0 hr'],
    [24 * 3600 + 70, '24.0 hr'],
    [3.3 * 3600, '3.2 hr'],
    [70 * 60, '1.2 hr'],
    [536_019, '6.2 day'],
    [2_127_537, '24.6 day'],
    [90, '1.5 min'],
  ])('%d seconds are %s, as in the samples that are known', (seconds, shown) => {
    expect(age(seconds * SECOND_US)).toBe(shown);
  });
});
