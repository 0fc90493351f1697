import { describe, expect, it } from 'vitest';
import { CHART_NAMES, CHARTS } from '../../src/contract/metrics.ts';
import { Metrics } from '../../src/runtime/metrics.ts';
import { RunningLab } from '../../src/runtime/running-lab.ts';
import { lab50, MINUTE, SECOND } from '../support/lab50.ts';

async function watched(minutes: number) {
  const running = await RunningLab.create(lab50());
  const metrics = new Metrics(running);
  const { simulation } = running.lab;
  const go = (untilUs: number) => {
    while (simulation.nowUs < untilUs) {
      simulation.runUntil(simulation.nowUs + SECOND / 2);
      metrics.look();
    }
  };
  go(minutes * MINUTE);
  return { running, metrics, go };
}

describe('samples of a running lab', () => {
  it('come at most once a lab second, with a value for each series', async () => {
    const { metrics, running } = await watched(4);
    const { charts, us } = metrics.report();
    expect(us.length).toBeGreaterThan(200);
    for (const [at, moment] of us.entries()) {
      if (at > 0) expect(moment - us[at - 1]).toBeGreaterThanOrEqual(SECOND);
    }
    for (const name of CHART_NAMES) {
      expect(charts[name].map((values) => values.length)).toEqual(
        CHARTS[name].series.map(() => us.length),
      );
    }
    const last = (name: 'state' | 'agents' | 'calls', series: number) =>
      charts[name][series].at(-1);
    expect(last('state', 0)).toBe(last('state', 1));
    expect(last('state', 2)).toBe(30_000_000);
    const agents = [0, 1, 2, 3].map((series) => last('agents', series)!);
    expect(agents.reduce((sum, count) => sum + count, 0)).toBe(60);
    expect(last('calls', 0)).toBeGreaterThan(0);
    running.close();
  });

  it('has rates that add up to what happened, and no state of a router that is down', async () => {
    const { go, metrics, running } = await watched(3);
    running.lab.execute({ verb: 'stop-side', side: 'B' });
    go(3.5 * MINUTE);
    const { charts, us } = metrics.report();
    expect(charts.state[1].at(-1)).toBeNull();
    const [events] = charts.rates;
    const sum = events.reduce<number>((total, rate, at) => {
      return at === 0 ? total : total + (rate ?? 0) * ((us[at] - us[at - 1]) / SECOND);
    }, 0);
    expect(Math.round(sum)).toBeGreaterThan(running.eventCount * 0.95);
    expect(Math.round(sum)).toBeLessThanOrEqual(running.eventCount);
    running.close();
  });

  it('shows what waits while nobody routes', async () => {
    const { go, metrics, running } = await watched(5);
    const quiet = metrics.report().charts.waiting.map((values) => values.at(-1)!);
    // Both routers hang: requests are sent, ordered and answered by nobody.
    for (const side of ['a', 'b']) {
      running.lab.execute({ verb: 'hang-process', process: `r${side}-rtr` });
    }
    go(5.1 * MINUTE);
    const [messages, requests] = metrics
      .report()
      .charts.waiting.map((values) => Math.max(...values.slice(-5).map(Number)));
    expect(requests).toBeGreaterThan(quiet[1]);
    expect(messages).toBeGreaterThanOrEqual(quiet[0]);
    running.close();
  });

  it('stays as large as it is however long the lab runs: samples thin out', async () => {
    const { go, metrics, running } = await watched(60);
    go(75 * MINUTE);
    const { us } = metrics.report();
    expect(us.length).toBeLessThan(4000);
    expect(us[0]).toBe(us.toSorted((one, other) => one - other)[0]);
    expect(us.at(-1)).toBeGreaterThan(74 * MINUTE);
    running.close();
  }, 60_000);
});
