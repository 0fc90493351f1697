import type { ProcessState } from '../../kernel/process.ts';

/**
 * Groups of trace lines, one bit of `EMSTraceMask` each. The router's group names are documented
 * (ICM-RR-13, but for `configuration`), the masks of trace levels too (ICM-REG-08); which bit
 * stands for which group, and the groups of the other processes, are an emulator choice.
 */
export const TRACE = {
  rtr: {
    routeRequests: 0x01,
    scriptSelects: 0x02,
    translationRoutes: 0x04,
    callQueuing: 0x08,
    agentChanges: 0x10,
    callTypeRealTime: 0x20,
    cicRequests: 0x40,
    configuration: 0x80,
  },
  mds: {
    clients: 0x01,
    testOtherSide: 0x02,
    stateTransfer: 0x04,
    peer: 0x08,
    input: 0x10,
  },
  ccag: { paths: 0x01, testOtherSide: 0x02, input: 0x04, output: 0x08 },
  pgag: { paths: 0x01, testOtherSide: 0x02, input: 0x04, output: 0x08 },
  opc: { agent: 0x01, routing: 0x02, peripheral: 0x04, closedCalls: 0x08 },
  pim: { switch: 0x01, routing: 0x02 },
  dba: { updates: 0x01 },
} as const;

export type TracedKind = keyof typeof TRACE;

/** Masks of the levels 0 to 3 (ICM-REG-08, confirmed for these kinds; others: emulator choice). */
export const TRACE_LEVELS: Readonly<Record<TracedKind | 'gatewayMds', readonly number[]>> = {
  rtr: [0x00, 0x0f, 0xff, 0xfff],
  mds: [0x00, 0x07, 0xff, 0xff],
  gatewayMds: [0x00, 0x07, 0x0f, 0xff],
  ccag: [0x00, 0x03, 0x0f, 0xff],
  pgag: [0x00, 0x03, 0x0f, 0xff],
  dba: [0x00, 0x01, 0xff, 0xff],
  opc: [0x00, 0x03, 0x0f, 0xff],
  pim: [0x00, 0x01, 0x03, 0xff],
};

/** Groups of a kind of process, by name; empty for a kind that traces nothing. */
export function traceGroups(kind: string): ReadonlyMap<string, number> {
  const known = TRACE as Readonly<Record<string, Readonly<Record<string, number>>>>;
  return new Map(Object.entries(Object.hasOwn(known, kind) ? known[kind] : {}));
}

/** Masks of the levels 0 to 3 of a process; the MDS of a Peripheral Gateway has its own. */
export function traceLevels({ kind, config }: Pick<ProcessState, 'kind' | 'config'>) {
  const isGateway =
    kind === 'mds' && (config as { readonly role?: string }).role === 'peripheral gateway';
  if (isGateway) return TRACE_LEVELS.gatewayMds;
  return Object.hasOwn(TRACE_LEVELS, kind) ? TRACE_LEVELS[kind as TracedKind] : [];
}
