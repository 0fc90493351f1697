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
  /** Asked for last, and before that: a session asks for its two directions in turn. */
  private last: Route | undefined;
  private earlier: Route | undefined;

  constructor(private readonly world: WorldState) {}

  between(network: string, from: string, to: string): Route {
    const { last, earlier } = this;
    if (last && isBetween(last, network, from, to)) return last;
    this.earlier = last;
    this.last =
      earlier && isBetween(earlier, network, from, to)
        ? earlier
        : (this.found.get(network)?.get(from)?.get(to) ?? this.add(network, from, to));
    return this.last;
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

function isBetween({ path }: Route, network: string, from: string, to: string): boolean {
  return path.to === to && path.from === from && path.network === network;
}
