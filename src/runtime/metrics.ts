import { CHART_NAMES, CHARTS, type ChartName, type MetricsReport } from '../contract/metrics.ts';
import type { MdsState } from '../engine/icm/mds/mds-state.ts';
import type { OpcState } from '../engine/icm/peripheral-gateway/opc.ts';
import type { CallRouterState } from '../engine/icm/router/call-router-state.ts';
import { stateBytes } from '../engine/icm/router/router-state.ts';
import type { IconState } from '../engine/icon/icon-state.ts';
import type { SwitchState } from '../engine/telephony/switch/switch-state.ts';
import { reportThreshold } from './node-report.ts';
import type { RunningLab } from './running-lab.ts';

const SECOND_US = 1_000_000;
const BYTES_PER_MB = 1_000_000;
/** Beyond so many every second sample goes, and new ones come half as often. */
const MAX_SAMPLES = 4000;

type Values = (number | null)[];

/** Messages that a synchronizer has and has not delivered yet. */
function heldBy({ clients, forwarded, unacknowledged, waiting }: MdsState): number {
  const queued = [...clients.values()].reduce((sum, { queue }) => sum + queue.length, 0);
  return queued + forwarded.length + unacknowledged.length + waiting.length;
}

/** Samples of a running lab over lab time, since it was opened. */
export class Metrics {
  private us: number[] = [];
  private samples: Record<ChartName, Values>[] = [];
  private intervalUs = SECOND_US;
  private lastEvents = 0;
  private lastRows = 0;

  constructor(private readonly running: RunningLab) {}

  /** Takes a sample if one is due; cheap when none is. */
  look(): void {
    const { nowUs } = this.running;
    const last = this.us.at(-1);
    if (last !== undefined && nowUs - last < this.intervalUs) return;
    this.samples.push(this.sample(last === undefined ? 0 : (nowUs - last) / SECOND_US));
    this.us.push(nowUs);
    if (this.us.length < MAX_SAMPLES) return;
    this.us = this.us.filter((_, at) => at % 2 === 0);
    this.samples = this.samples.filter((_, at) => at % 2 === 0);
    this.intervalUs *= 2;
  }

  report(): MetricsReport {
    const charts = CHART_NAMES.map((name) => [
      name,
      CHARTS[name].series.map((_, at) => this.samples.map((sample) => sample[name][at])),
    ]);
    return { us: this.us, charts: Object.fromEntries(charts) };
  }

  private sample(passedSeconds: number): Record<ChartName, Values> {
    const { lab } = this.running;
    return {
      state: [this.stateOf('ra-rtr'), this.stateOf('rb-rtr'), reportThreshold(lab) * BYTES_PER_MB],
      ...this.flow(),
      waiting: this.waiting(),
      rates: this.rates(passedSeconds),
      agents: this.agents(),
    };
  }

  private stateOf(router: string): number | null {
    const state = this.running.lab.stateOf<CallRouterState>(router);
    return state ? stateBytes(state.router) : null;
  }

  private rates(passedSeconds: number): Values {
    const events = this.running.eventCount;
    const rows = this.running.idbs.reduce((sum, { idb }) => sum + idb.totalRows(), 0);
    const rate = (now: number, before: number) =>
      passedSeconds > 0 ? Math.max(0, (now - before) / passedSeconds) : null;
    const values = [rate(events, this.lastEvents), rate(rows, this.lastRows)];
    this.lastEvents = events;
    this.lastRows = rows;
    return values;
  }

  private flow(): { readonly queue: Values; readonly calls: Values } {
    const { lab } = this.running;
    let [accumulator, queue, inIcon, atSwitches] = [0, 0, 0, 0];
    for (const { kind, running, state } of lab.simulation.world.processes.values()) {
      if (!running) continue;
      if (kind === 'switch') atSwitches += (state as SwitchState).calls.size;
      if (kind !== 'icon') continue;
      const { calls, pipeline } = state as IconState;
      accumulator += pipeline.accumulator.rows;
      queue += pipeline.queued.length;
      inIcon += calls.size;
    }
    return { queue: [accumulator, queue], calls: [atSwitches, inIcon] };
  }

  /** What has come and is not done yet: an engineer looks here first when a lab is slow. */
  private waiting(): Values {
    let [messages, calls] = [0, 0];
    /** Both sides of a gateway know the same requests, until one is behind. */
    const requests = new Map<string, number>();
    for (const {
      kind,
      name,
      running,
      state,
    } of this.running.lab.simulation.world.processes.values()) {
      if (!running) continue;
      if (kind === 'mds') messages += heldBy(state as MdsState);
      else if (kind === 'opc') {
        const gateway = name.replace(/[ab]-opc$/, '');
        const open = (state as OpcState).knowledge.unanswered.size;
        requests.set(gateway, Math.max(open, requests.get(gateway) ?? 0));
      } else if (kind === 'switch') {
        for (const { parties } of (state as SwitchState).calls.values()) {
          if (parties.some(({ doing }) => doing === 'queued')) calls++;
        }
      }
    }
    return [messages, [...requests.values()].reduce((sum, open) => sum + open, 0), calls];
  }

  private agents(): Values {
    let [ready, notReady, busy, out] = [0, 0, 0, 0];
    for (const { kind, running, state } of this.running.lab.simulation.world.processes.values()) {
      if (kind !== 'switch' || !running) continue;
      for (const extension of (state as SwitchState).extensions.values()) {
        if (extension.state === 'logged out') out++;
        else if (extension.calls.length > 0) busy++;
        else if (extension.state === 'ready') ready++;
        else notReady++;
      }
    }
    return [ready, notReady, busy, out];
  }
}
