import { formatLadder, LADDER_CLIENTS, type LadderRow } from '../contract/ladder.ts';
import type { Side } from '../engine/icm/messages.ts';
import { rttestStatus } from '../engine/icm/tools/rttest-status.ts';
import { hashHex } from '../engine/kernel/hash.ts';
import { formatClock } from '../engine/kernel/lab-time.ts';
import { toolEnvironment } from './console.ts';
import type { RunningLab } from './running-lab.ts';

type TableRows = { readonly table: string; readonly rows: number };

/** What a headless run has to show. */
export interface LabReport {
  readonly lab: string;
  readonly seed: number;
  readonly labSeconds: number;
  readonly events: number;
  readonly journalHash: string;
  readonly stateHash: string;
  readonly figure1: Readonly<Record<string, readonly LadderRow[]>>;
  readonly rttest: { readonly side: Side; readonly status: readonly string[] };
  /** Of the first ICON's IDB. */
  readonly tables: readonly TableRows[];
  /** Of the IDB of a second one, if there is one. */
  readonly secondTables?: readonly TableRows[];
}

const MAX_EXCHANGE_ROWS = 1000;

export function reportLab(running: RunningLab): LabReport {
  const { lab, ladder, idb, idbs } = running;
  const second = idbs.at(1);
  const { definition, simulation } = lab;
  const exchange = LADDER_CLIENTS.map((client) => [
    client,
    ladder.window(client, null, MAX_EXCHANGE_ROWS, true),
  ]);
  const side: Side = simulation.process('ra-rtr').running ? 'A' : 'B';
  return {
    lab: definition.name,
    seed: definition.seed,
    labSeconds: simulation.nowUs / 1e6,
    events: simulation.world.eventCount,
    journalHash: hashHex(simulation.world.journalHash),
    stateHash: simulation.stateHash(),
    figure1: Object.fromEntries(exchange),
    rttest: { side, status: routerStatus(running, side) },
    tables: idb.counts(),
    ...(second && { secondTables: second.idb.counts() }),
  };
}

function routerStatus({ lab }: RunningLab, side: Side): string[] {
  const router = lab.simulation.process(`r${side.toLowerCase()}-rtr`);
  if (!router.running) return [`rttest: no connection to the router of side ${side}.`];
  return rttestStatus(toolEnvironment(lab), router);
}

/** The report for people. */
export function formatReport(report: LabReport, running: RunningLab): string[] {
  const { definition } = running.lab;
  const localEpoch = definition.epochSeconds + definition.utcOffsetSeconds;
  const clock = (us: number) => formatClock(us, localEpoch);
  const lines = [
    `${report.lab}, seed ${report.seed}: ${report.labSeconds} lab seconds, ${report.events} events`,
    `journal ${report.journalHash}`,
    `state   ${report.stateHash}`,
  ];
  for (const client of LADDER_CLIENTS) {
    const rows = report.figure1[client];
    if (rows.length === 0 && client !== 'rtr') continue;
    lines.push('', `Figure 1, client ${client}:`);
    if (rows.length === 0) lines.push('  no state transfer yet');
    else lines.push(...formatLadder(client, rows, clock));
  }
  const { side, status } = report.rttest;
  const node = `r${side.toLowerCase()}`;
  const { customer } = definition.centralController;
  lines.push('', `C:\\>rttest /cust ${customer} /node ${node}`, 'RTTEST status', ...status);
  const [first, second] = running.idbs.map(({ place }) => place.name);
  const whose = second === undefined ? '' : ` of ${first}`;
  lines.push('', `IDB tables with rows${whose}:`, ...tableLines(report.tables));
  if (report.secondTables) {
    lines.push('', `IDB tables with rows of ${second}:`, ...tableLines(report.secondTables));
  }
  return lines;
}

function tableLines(tables: readonly TableRows[]): string[] {
  const width = Math.max(0, ...tables.map(({ table }) => table.length));
  return tables.map(({ rows, table }) => `  ${table.padEnd(width)} ${String(rows).padStart(8)}`);
}
