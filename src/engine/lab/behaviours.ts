import { configurationServer } from '../configuration/configuration-server.ts';
import { centralControllerAgent } from '../icm/central-controller-agent.ts';
import { customerInterfaceController } from '../icm/cic/customer-interface-controller.ts';
import { networkIcm } from '../icm/cic/network-icm.ts';
import { databaseAgent } from '../icm/database-agent.ts';
import { configurationLogger } from '../icm/logger/configuration-logger.ts';
import { historicalLogger } from '../icm/logger/historical-logger.ts';
import { recovery } from '../icm/logger/recovery.ts';
import { mds } from '../icm/mds/mds.ts';
import { nodeManager } from '../icm/node-manager/node-manager.ts';
import { nodeManagerManager } from '../icm/node-manager/node-manager-manager.ts';
import { openPeripheralController } from '../icm/peripheral-gateway/opc.ts';
import { pgAgent } from '../icm/peripheral-gateway/pg-agent.ts';
import { peripheralInterfaceManager } from '../icm/peripheral-gateway/pim.ts';
import { realTimeServer } from '../icm/real-time-server.ts';
import { callRouter } from '../icm/router/router.ts';
import { testSynchronizer } from '../icm/test-synchronizer.ts';
import { icon } from '../icon/icon.ts';
import { localControlAgent } from '../icon/management/local-control-agent.ts';
import { databaseServer } from '../idb/database-server.ts';
import type { Behaviour } from '../kernel/process.ts';
import type { BehaviourTable } from '../kernel/simulation.ts';
import { interactionServer } from '../telephony/interaction-server/interaction-server.ts';
import { outboundContactServer } from '../telephony/outbound/outbound-contact-server.ts';
import { people } from '../telephony/people/people.ts';
import { telephoneSwitch } from '../telephony/switch/switch.ts';
import { tServer } from '../telephony/t-server/t-server.ts';

const all = [
  nodeManagerManager,
  nodeManager,
  mds,
  callRouter,
  configurationLogger,
  historicalLogger,
  recovery,
  centralControllerAgent,
  databaseAgent,
  realTimeServer,
  testSynchronizer,
  customerInterfaceController,
  networkIcm,
  pgAgent,
  openPeripheralController,
  peripheralInterfaceManager,
  telephoneSwitch,
  tServer,
  people,
  outboundContactServer,
  interactionServer,
  configurationServer,
  icon,
  localControlAgent,
  databaseServer,
];

/** Every kind of process of a lab. */
export const BEHAVIOURS: BehaviourTable = new Map(
  all.map((behaviour) => [behaviour.kind, behaviour as Behaviour<unknown>]),
);
