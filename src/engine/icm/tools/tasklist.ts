import type { WorldState } from '../../kernel/world.ts';

/** The processes of a host by node, in start order. */
export function runTasklist(world: WorldState, host: string): string[] {
  const lines = ['Process        State      Up (s)  Starts'];
  for (const process of world.processes.values()) {
    if (process.host !== host) continue;
    const { name, running, hung, incarnation, startedUs } = process;
    const state = hung ? 'hung' : running ? 'running' : incarnation > 0 ? 'stopped' : 'not started';
    const up = running ? String(Math.floor((world.nowUs - startedUs) / 1e6)) : '';
    lines.push(`${name.padEnd(14)} ${state.padEnd(11)}${up.padStart(6)}  ${incarnation}`.trimEnd());
  }
  return lines;
}
