/** A login session of an agent at a DN, as ICON follows it and keeps it in its file. */
export type AgentSession = {
  readonly id: string;
  readonly tServer: string;
  readonly switchDbid: number;
  readonly dn: string;
  readonly login: string;
  readonly loginDbid: number;
  readonly personDbid: number;
  readonly placeDbid: number;
  readonly endpointDbid: number;
  readonly endpointType: number;
  /** Row in G_LOGIN_SESSION and in GS_AGENT_STAT. */
  readonly row: number;
  readonly statRow: number;
  readonly createdSeconds: number;
  /** By queue DN (empty: none): row in GX_SESSION_ENDPOINT. */
  readonly endpoints: Map<string, number>;
  state: number;
  workMode: number;
  sinceSeconds: number;
  /** SEQ of the last row of its history. */
  sequence: number;
  /** What the agent will be after the call; -1 for nothing new. */
  pendingState: number;
  pendingWorkMode: number;
  /** Reasons that came with the pending state. */
  pendingReasons: ReadonlyMap<string, string | number> | null;
  /** CallUUIDs of the calls at the DN. */
  readonly calls: string[];
  /** Reasons that hold now: rows in G_AGENT_STATE_RC and, or 0, in G_AGENT_STATE_RC_A. */
  readonly reasons: { readonly row: number; readonly activeRow: number }[];
  /** Parties that have ended at the DN since the agent was ready. */
  lastParties: { readonly uuid: string; readonly partyId: string; readonly statRow: number }[];
  readonly totals: AgentTotals;
  /** By work mode. */
  readonly byWorkMode: Map<number, { readonly row: number; readonly totals: AgentTotals }>;
};

export type AgentTotals = {
  ready: number;
  notReady: number;
  busy: number;
  afterCall: number;
  entriesToReady: number;
};

export function createAgentTotals(): AgentTotals {
  return { ready: 0, notReady: 0, busy: 0, afterCall: 0, entriesToReady: 0 };
}
