import { CIC_PUBLIC_PORT, GATEWAY_PORTS, ROUTER_PORTS } from '../icm/ports.ts';
import {
  mdsEntries,
  nodeEntries,
  pimEntries,
  type RegistryEntry,
  routerEntries,
} from '../icm/registry/catalogue.ts';
import { componentKey, routerComponent } from '../icm/registry/keys.ts';
import { ROUTER_STATE_VERSION } from '../icm/router/router.ts';
import type { ObjectBuilder } from './build-objects.ts';
import type { LabDefinition } from './definition.ts';
import {
  buildNodes,
  CENTRAL_CONTROLLER_HOST,
  gatewayComponent,
  gatewayNode,
  SIDES,
} from './nodes.ts';

/** What setup has written into the registry of each host, with what each value means. */
export function registryEntries(
  lab: LabDefinition,
  builder: ObjectBuilder,
): Map<string, RegistryEntry[]> {
  const { customer, stateSizeThresholdMb } = lab.centralController;
  const found = new Map<string, RegistryEntry[]>();
  const add = (host: string, entries: readonly RegistryEntry[]) =>
    void found.set(host, [...(found.get(host) ?? []), ...entries]);
  for (const side of SIDES) {
    const { client: mdsPort, transfer: transferPort } = ROUTER_PORTS[side];
    const key = componentKey(customer, routerComponent(side));
    const numbers = {
      stateSizeThresholdMb,
      stateVersion: ROUTER_STATE_VERSION,
      mdsPort,
      transferPort,
      cicPort: CIC_PUBLIC_PORT[side],
    };
    add(CENTRAL_CONTROLLER_HOST[side], routerEntries(key, numbers));
  }
  for (const site of lab.sites) {
    const { peripheral: name } = site;
    const peripheral = { name, id: builder.dbid('peripheral', name) };
    for (const side of SIDES) {
      const component = gatewayComponent(site, side);
      const { client, transfer } = GATEWAY_PORTS[side];
      add(gatewayNode(site, side), [
        ...pimEntries(customer, component, 'pim1', peripheral),
        ...mdsEntries(componentKey(customer, component), client, transfer),
      ]);
    }
  }
  for (const node of buildNodes(lab, builder)) add(node.host, nodeEntries({ customer, ...node }));
  return found;
}
