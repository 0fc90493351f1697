import type { PathState } from './network.ts';
import { createRandomState, type RandomState } from './random.ts';
import { pathBetween, type WorldState } from './world.ts';

/** A path and its stream of chance: traffic elsewhere moves nothing here. */
export interface Route {
  readonly path: PathState;
  readonly random: RandomState;
}

/** Finds paths and random streams without putting together their names each time. */
export class Routes {
  private readonly found = new Map<string, Map<string, Map<string, Route>>>();

  constructor(private readonly world: WorldState) {}

  between(network: string, from: string, to: string): Route {
    return this.found.get(network)?.get(from)?.get(to) ?? this.add(network, from, to);
  }

  random(stream: string): RandomState {
    const { randomStreams, seed } = this.world;
    let state = randomStreams.get(stream);
    if (!state) {
      state = createRandomState(seed, stream);
      randomStreams.set(stream, state);
    }
    return state;
  }

  private add(network: string, from: string, to: string): Route {
    const path = pathBetween(this.world, network, from, to);
    const route = { path, random: this.random(`path ${network} ${from} ${to}`) };
    const byFrom = this.found.get(network) ?? new Map<string, Map<string, Route>>();
    const byTo = byFrom.get(from) ?? new Map<string, Route>();
    this.found.set(network, byFrom.set(from, byTo.set(to, route)));
    return route;
  }
}
