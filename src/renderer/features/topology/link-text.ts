import type { LinkDirection, TopologyLink } from '../../../contract/rpc.ts';

/** A link in words: who, over what, in which state. */
export function describeLink({ directions, ends, network, sessions }: TopologyLink): string {
  const [there, back] = directions.map(stateText);
  const [from, to] = ends;
  const state = there === back ? there : `to ${to} ${there}, to ${from} ${back}`;
  const count = sessions === 1 ? '1 session' : `${sessions} sessions`;
  return `${from} and ${to}, ${network} network: ${state}, ${count}`;
}

function stateText({ delayUs, isCut, lossRate }: LinkDirection): string {
  if (isCut) return 'cut';
  const loss = lossRate > 0 ? `, loss ${Math.round(lossRate * 1000) / 10} %` : '';
  return `${delayUs / 1000} ms${loss}`;
}
