import { type Component, defineAsyncComponent } from 'vue';
import ConsoleView from '../features/console/ConsoleView.vue';
import IdbView from '../features/idb/IdbView.vue';
import InspectorView from '../features/inspector/InspectorView.vue';
import LadderView from '../features/ladder/LadderView.vue';
import PairView from '../features/pair/PairView.vue';

/** The overview comes at once, everything else when somebody goes there. */
const CallsView = defineAsyncComponent(() => import('../features/calls/CallsView.vue'));
const ConfigurationView = defineAsyncComponent(
  () => import('../features/configuration/ConfigurationView.vue'),
);
const NodesView = defineAsyncComponent(() => import('../features/nodes/NodesView.vue'));
const RegistryView = defineAsyncComponent(() => import('../features/registry/RegistryView.vue'));
const SessionsView = defineAsyncComponent(() => import('../features/sessions/SessionsView.vue'));
const StateView = defineAsyncComponent(() => import('../features/state/StateView.vue'));
const TopologyView = defineAsyncComponent(() => import('../features/topology/TopologyView.vue'));
const TransfersView = defineAsyncComponent(() => import('../features/transfers/TransfersView.vue'));
const MomentsView = defineAsyncComponent(() => import('../features/timeline/MomentsView.vue'));
const ChartsView = defineAsyncComponent(() => import('../features/charts/ChartsView.vue'));
const SqlView = defineAsyncComponent(() => import('../features/sql/SqlView.vue'));

/** What the window can show side by side. Menu, palette and layouts go by this table. */
export const PANELS = {
  pair: { title: 'Central Controller', component: PairView },
  topology: { title: 'Topology', component: TopologyView },
  ladder: { title: 'Figure 1: state transfer', component: LadderView },
  transfers: { title: 'State transfers', component: TransfersView },
  inspector: { title: 'Inspector', component: InspectorView },
  console: { title: 'Console', component: ConsoleView },
  idb: { title: 'IDB', component: IdbView },
  sql: { title: 'SQL', component: SqlView },
  charts: { title: 'Charts', component: ChartsView },
  moments: { title: 'Time line', component: MomentsView },
  nodes: { title: 'ICM nodes and events', component: NodesView, isCompound: true },
  configuration: { title: 'Configuration', component: ConfigurationView, isCompound: true },
  registry: { title: 'Registry', component: RegistryView, isCompound: true },
  state: { title: 'Router state', component: StateView },
  calls: { title: 'Calls', component: CallsView, isCompound: true },
  sessions: { title: 'Data source sessions', component: SessionsView, isCompound: true },
} as const satisfies Record<string, Panel>;

type Panel = {
  readonly title: string;
  readonly component: Component;
  /** It has panels of its own, with titles. */
  readonly isCompound?: boolean;
};

export type PanelName = keyof typeof PANELS;
export const PANEL_NAMES = Object.keys(PANELS) as PanelName[];

export function isPanelName(name: string): name is PanelName {
  return name in PANELS;
}
