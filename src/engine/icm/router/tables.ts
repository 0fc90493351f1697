import { createTable, defineTable, type TableLayout, type TableState } from '../record-table.ts';

/**
 * The CallRouter's record tables. Which objects exist and that a service needs 35 standard objects
 * and a route 13 is documented; the layouts are an emulator choice (docs/fidelity/icm.md §6).
 */

/** Half-hour accumulators kept for each object: a day's worth. */
const HALF_HOURS = 48;

export const OBJECTS_PER_SERVICE = 35;
export const OBJECTS_PER_ROUTE = 13;
export const SKILL_GROUPS_PER_AGENT = 8;
export const SKILL_GROUPS_PER_QUEUE = 4;
/** Bytes that a script's source may have. */
export const SCRIPT_BYTES = 4000;

export const ROUTER_TABLES = {
  /** One record: what the router counts for itself. */
  system: defineTable('system', 1, {
    historyKey: 'word',
    callsRouted: 'word',
    callsDefaultRouted: 'word',
  }),
  peripheralGateway: defineTable('peripheralGateway', 4, {
    dbid: 'word',
    enterpriseName: { text: 16 },
    pathA: 'word',
    pathB: 'word',
    /** Stream and number of its last report: an older one is not believed. */
    stream: 'word',
    number: 'word',
  }),
  peripheral: defineTable('peripheral', 8, {
    dbid: 'word',
    enterpriseName: { text: 64 },
    peripheralGateway: { handle: 'peripheralGateway' },
    online: 'word',
    halfHours: { words: HALF_HOURS * 4 },
  }),
  callType: defineTable('callType', 4, {
    dbid: 'word',
    enterpriseName: { text: 64 },
    script: { handle: 'script' },
    routed: 'word',
    defaultRouted: 'word',
    halfHours: { words: HALF_HOURS * 24 },
  }),
  script: defineTable('script', 4, {
    dbid: 'word',
    enterpriseName: { text: 64 },
    executed: 'word',
    firstNode: 'word',
    source: { text: SCRIPT_BYTES },
  }),
  scriptNode: defineTable('scriptNode', 32, {
    script: { handle: 'script' },
    /** Line of the script's source, counted from 1. */
    line: 'word',
    operation: 'word',
    /** Skill groups, or one label. */
    operands: { words: SKILL_GROUPS_PER_QUEUE },
    /** Minutes of the day, per cent, seconds of waiting, digits wanted: by operation. */
    from: 'word',
    to: 'word',
    digits: { text: 8 },
    next: 'word',
    /** Where a condition that is not met leads. */
    otherwise: 'word',
    executed: 'word',
  }),
  dialedNumber: defineTable('dialedNumber', 16, {
    dbid: 'word',
    number: { text: 16 },
    description: { text: 64 },
    callType: { handle: 'callType' },
    requested: 'word',
    halfHours: { words: HALF_HOURS * 4 },
  }),
  label: defineTable('label', 32, {
    dbid: 'word',
    label: { text: 16 },
    description: { text: 64 },
    agent: { handle: 'agent' },
    used: 'word',
  }),
  skillGroup: defineTable('skillGroup', 8, {
    dbid: 'word',
    enterpriseName: { text: 64 },
    peripheral: { handle: 'peripheral' },
    agentsAvailable: 'word',
    agentsLoggedOn: 'word',
    callsQueued: 'word',
    routed: 'word',
    halfHours: { words: HALF_HOURS * 32 },
  }),
  agent: defineTable('agent', 16, {
    dbid: 'word',
    employeeId: { text: 64 },
    firstName: { text: 32 },
    lastName: { text: 32 },
    extension: { text: 16 },
    peripheral: { handle: 'peripheral' },
    deviceTarget: { handle: 'deviceTarget' },
    label: { handle: 'label' },
    state: 'word',
    stateSinceOrder: 'word',
    reservedUntilSecond: 'word',
    callsRouted: 'word',
    skillGroups: { handles: SKILL_GROUPS_PER_AGENT, of: 'skillGroup' },
    halfHours: { words: HALF_HOURS * 18 },
  }),
  deviceTarget: defineTable('deviceTarget', 16, {
    dbid: 'word',
    enterpriseName: { text: 64 },
    label: { handle: 'label' },
  }),
  service: defineTable('service', 8, {
    dbid: 'word',
    enterpriseName: { text: 64 },
    peripheral: { handle: 'peripheral' },
    halfHours: { words: HALF_HOURS * 24 },
  }),
  route: defineTable('route', 16, {
    dbid: 'word',
    enterpriseName: { text: 64 },
    service: { handle: 'service' },
    skillGroup: { handle: 'skillGroup' },
    halfHours: { words: HALF_HOURS * 4 },
  }),
  trunkGroup: defineTable('trunkGroup', 8, {
    dbid: 'word',
    enterpriseName: { text: 64 },
    peripheral: { handle: 'peripheral' },
    trunks: 'word',
    halfHours: { words: HALF_HOURS * 4 },
  }),
  translationRoute: defineTable('translationRoute', 8, {
    dbid: 'word',
    enterpriseName: { text: 64 },
    peripheral: { handle: 'peripheral' },
    number: { text: 16 },
    /** Label for the call that is on its way to the number, 0 when none is. */
    label: { handle: 'label' },
    untilSecond: 'word',
    used: 'word',
  }),
  queuedCall: defineTable('queuedCall', 16, {
    dialog: { handle: 'routeDialog' },
    /** Where its script goes on when its time is over; 0 at the end. */
    node: { handle: 'scriptNode' },
    /** What the caller hears: the operation, how long, how many digits; 0: music. */
    treatment: 'word',
    seconds: 'word',
    digits: 'word',
    priority: 'word',
    queuedOrder: 'word',
    untilSecond: 'word',
    skillGroups: { handles: SKILL_GROUPS_PER_QUEUE, of: 'skillGroup' },
  }),
  standardObject: defineTable('standardObject', 64, {
    ownerTable: 'word',
    owner: 'word',
    number: 'word',
    accumulators: { words: 100 },
  }),
  routeDialog: defineTable('routeDialog', 32, {
    peripheral: { text: 64 },
    device: { text: 16 },
    dialogLow: 'word',
    dialogHigh: 'word',
    dialedNumber: { text: 16 },
    callType: { handle: 'callType' },
    script: { handle: 'script' },
    label: { text: 16 },
    /** What the caller has entered last. */
    digits: { text: 8 },
    requestedSecond: 'word',
    answeredOrder: 'word',
  }),
} as const satisfies Readonly<Record<string, TableLayout>>;

export type RouterTableName = keyof typeof ROUTER_TABLES;
export type RouterTables = { [name in RouterTableName]: TableState };

export const ROUTER_TABLE_NAMES = Object.keys(ROUTER_TABLES) as RouterTableName[];

export function createRouterTables(): RouterTables {
  const entries = ROUTER_TABLE_NAMES.map((name) => [name, createTable()]);
  return Object.fromEntries(entries) as RouterTables;
}

/** Agent states as the PG reports them (emulator's own numbers). */
export const AGENT_STATE = { loggedOut: 0, notReady: 1, available: 2, reserved: 3, talking: 4 };

const AGENT_STATE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(AGENT_STATE).map(([name, state]) => [state, name] as const),
);

export function agentStateName(state: number): string {
  return AGENT_STATE_NAMES.get(state) ?? String(state);
}

export const SCRIPT_OPERATION = {
  select: 1,
  queue: 2,
  label: 3,
  between: 4,
  percent: 5,
  play: 6,
  collect: 7,
  digits: 8,
} as const;

/** Digits that a step may ask for. */
export const MAX_DIGITS = 8;

/** A step that asks and does nothing else. */
export function isCondition(operation: number): boolean {
  const { between, percent, digits } = SCRIPT_OPERATION;
  return operation === between || operation === percent || operation === digits;
}
