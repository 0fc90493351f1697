/** Seeded random streams (sfc32), one per purpose, so that a new draw here moves nothing there. */

export type RandomState = Uint32Array;

/** A stream's first state from the lab's seed and the stream's name. */
export function createRandomState(seed: number, purpose: string): RandomState {
  let h1 = 0xdeadbeef ^ seed;
  let h2 = 0x41c6ce57 ^ seed;
  for (let i = 0; i < purpose.length; i++) {
    const code = purpose.charCodeAt(i);
    h1 = Math.imul(h1 ^ code, 2654435761);
    h2 = Math.imul(h2 ^ code, 1597334677);
  }
  const state = new Uint32Array([h1, h2, seed, 1]);
  for (let i = 0; i < 16; i++) nextUint32(state);
  return state;
}

export function nextUint32(state: RandomState): number {
  const t = (state[0] + state[1] + state[3]) >>> 0;
  state[3] = state[3] + 1;
  state[0] = state[1] ^ (state[1] >>> 9);
  state[1] = state[2] + (state[2] << 3);
  state[2] = ((state[2] << 21) | (state[2] >>> 11)) + t;
  return t;
}

/** Uniform in [0, 1). */
export function nextUniform(state: RandomState): number {
  return nextUint32(state) / 4294967296;
}

/** Uniform whole number in [0, bound). */
export function nextBelow(state: RandomState, bound: number): number {
  return Math.floor(nextUniform(state) * bound);
}

/** Exponential with the given mean. */
export function nextExponential(state: RandomState, mean: number): number {
  return -Math.log(1 - nextUniform(state)) * mean;
}
