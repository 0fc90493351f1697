import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { Completion, ConsoleState } from '../../contract/rpc.ts';
import { useLab } from './lab.ts';

export interface ConsoleLine {
  /** Rises with every line ever shown, so that a line keeps its place when older ones go. */
  readonly id: number;
  /** Prompt in front of what was typed; null for what the lab said. */
  readonly prompt: string | null;
  readonly text: string;
}

export interface ConsoleSession {
  readonly host: string;
  lines: ConsoleLine[];
  prompt: string;
  state: ConsoleState;
  /** Oldest first. */
  history: string[];
}

const MAX_LINES = 5000;
const MAX_HISTORY = 200;
const HISTORY_KEY = 'duplexlab.console-history';

/** The consoles that are open; what they say comes from the lab. */
export const useConsoles = defineStore('consoles', () => {
  const lab = useLab();
  const sessions = ref<Record<string, ConsoleSession>>({});
  /** Whose console is in front. */
  const host = ref('cca');
  let nextId = 1;

  function session(host: string): ConsoleSession {
    sessions.value[host] ??= {
      host,
      lines: [],
      prompt: host === 'lab' ? 'lab> ' : 'C:\\>',
      state: { host, folder: '', program: [] },
      history: readHistory(host),
    };
    return sessions.value[host];
  }

  function show(open: ConsoleSession, prompt: string | null, texts: readonly string[]): void {
    for (const text of texts) open.lines.push({ id: nextId++, prompt, text });
    open.lines.splice(0, Math.max(0, open.lines.length - MAX_LINES));
  }

  /** Lines of a host go one after the other: each begins where the one before has ended. */
  const queues = new Map<string, Promise<void>>();

  function enter(host: string, line: string): Promise<void> {
    const next = (queues.get(host) ?? Promise.resolve()).then(() => carryOut(host, line));
    queues.set(host, next);
    return next;
  }

  async function carryOut(host: string, line: string): Promise<void> {
    const open = session(host);
    if (line.trim() && open.history.at(-1) !== line) {
      open.history = [...open.history, line].slice(-MAX_HISTORY);
      writeHistory(host, open.history);
    }
    show(open, open.prompt, [line]);
    const { state } = open;
    const answer = await lab.attempt(() => lab.call('console.execute', { state, line }));
    if (!answer) return;
    if (answer.clears) open.lines = [];
    show(open, null, answer.lines);
    open.prompt = answer.prompt;
    open.state = answer.state;
  }

  /** What was typed is left, as Ctrl C does. */
  function abandon(host: string, line: string): void {
    const open = session(host);
    show(open, open.prompt, [`${line}^C`]);
  }

  function clear(host: string): void {
    session(host).lines = [];
  }

  async function complete(host: string, line: string): Promise<Completion> {
    const { state } = session(host);
    const found = await lab.attempt(() => lab.call('console.complete', { state, line }));
    return found ?? { from: line.length, choices: [] };
  }

  return { host, session, enter, abandon, clear, complete };
});

function readHistory(host: string): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(`${HISTORY_KEY}.${host}`) ?? '[]');
    return Array.isArray(kept) ? kept.filter((line) => typeof line === 'string') : [];
  } catch {
    return [];
  }
}

function writeHistory(host: string, history: readonly string[]): void {
  localStorage.setItem(`${HISTORY_KEY}.${host}`, JSON.stringify(history));
}
