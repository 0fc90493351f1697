import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { ConsoleState } from '../../contract/rpc.ts';
import { useLab } from './lab.ts';

export interface ConsoleSession {
  readonly host: string;
  lines: string[];
  prompt: string;
  state: ConsoleState;
  history: string[];
}

const MAX_LINES = 2000;

/** The consoles that are open; what they say comes from the lab. */
export const useConsoles = defineStore('consoles', () => {
  const lab = useLab();
  const sessions = ref<Record<string, ConsoleSession>>({});

  function session(host: string): ConsoleSession {
    const prompt = host === 'lab' ? 'lab> ' : 'C:\\>';
    sessions.value[host] ??= {
      host,
      lines: [],
      prompt,
      state: { host, folder: '', program: [] },
      history: [],
    };
    return sessions.value[host];
  }

  async function enter(host: string, line: string): Promise<void> {
    const open = session(host);
    if (line.trim()) open.history.push(line);
    open.lines.push(`${open.prompt}${line}`);
    const { state } = open;
    const answer = await lab.attempt(() => lab.call('console.execute', { state, line }));
    if (!answer) return;
    open.lines.push(...answer.lines);
    open.lines.splice(0, Math.max(0, open.lines.length - MAX_LINES));
    open.prompt = answer.prompt;
    open.state = answer.state;
  }

  return { session, enter };
});
