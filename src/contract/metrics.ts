/** What the charts show: one table of series; collector, chart and its table are made from it. */
export const CHARTS = {
  state: { title: 'State size', unit: 'bytes', series: ['side A', 'side B', 'limit'] },
  waiting: {
    title: 'Waiting in ICM and at the switches',
    unit: 'messages, requests, calls',
    series: ['synchronizers', 'route requests', 'calls in queues'],
  },
  queue: { title: 'Rows on their way to IDB', unit: 'rows', series: ['accumulator', 'queue'] },
  rates: { title: 'Per lab second', unit: 'a second', series: ['events', 'rows in IDB'] },
  calls: { title: 'Calls in progress', unit: 'calls', series: ['at the switches', 'in ICON'] },
  agents: {
    title: 'Agents by state',
    unit: 'agents',
    series: ['ready', 'not ready', 'busy', 'logged out'],
  },
} as const;

export type ChartName = keyof typeof CHARTS;
export const CHART_NAMES = Object.keys(CHARTS) as ChartName[];

/** Samples in columns: for each moment a value of each series; null: not known. */
export interface MetricsReport {
  /** Lab moments, rising. */
  readonly us: readonly number[];
  readonly charts: Readonly<Record<ChartName, readonly (readonly (number | null)[])[]>>;
}

/** Something on the time line. */
export interface TimelineMark {
  readonly us: number;
  readonly kind: 'command' | 'fault' | 'event';
  readonly text: string;
  /** The event of the journal that it is. */
  readonly seq: number;
}
