import type { CustomerInterfaceState } from '../icm/cic/customer-interface-controller.ts';
import type { ConfigurationLoggerState } from '../icm/logger/configuration-logger.ts';
import type { OpcState } from '../icm/peripheral-gateway/opc.ts';
import type { CallRouterState } from '../icm/router/call-router-state.ts';
import { hashState } from '../icm/router/router-state.ts';
import type { ClientState } from '../icm/synchronized-client.ts';
import { hashBytes } from '../kernel/hash.ts';
import { encodePlainData } from '../kernel/plain-data.ts';
import type { Checker } from './checker.ts';
import { activeClients, clientPair, mdsPairs, pairedStates } from './pairs.ts';

/** Hashing everything at every moment would be the whole cost of a run. */
const EVERY_US = 5_000_000;

const FINGERPRINTS = {
  rtr: (state: unknown) => hashState((state as CallRouterState).router),
  clgr: (state: unknown) => {
    const { revision, objects } = (state as ConfigurationLoggerState).database;
    return hashBytes(encodePlainData({ revision, objects: [...objects.values()] }));
  },
  cic: (state: unknown) => hashBytes(encodePlainData((state as CustomerInterfaceState).dialogs)),
  opc: (state: unknown) => hashBytes(encodePlainData((state as OpcState).knowledge)),
} as const;

/** Two clients in service that have applied the order up to the same input hold equal states. */
export function equalState(): Checker {
  let nextUs = 0;
  return {
    name: 'equal state',
    onBatch(world) {
      if (world.nowUs < nextUs) return undefined;
      nextUs = world.nowUs + EVERY_US;
      for (const pair of mdsPairs(world)) {
        if (!pairedStates(pair)) continue;
        for (const name of ['rtr', 'clgr', 'cic', 'opc'] as const) {
          const clients = clientPair(world, pair, name);
          const states = clients && activeClients<{ client: ClientState }>(clients);
          if (!states || states[0].client.lastOrder !== states[1].client.lastOrder) continue;
          const [a, b] = states.map(FINGERPRINTS[name]);
          if (a !== b) {
            const { lastOrder } = states[0].client;
            return `${clients[0].name} and ${clients[1].name} differ at input ${lastOrder}.`;
          }
        }
      }
      return undefined;
    },
  };
}
