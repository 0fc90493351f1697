export type Call = { readonly method: string; readonly parameters: unknown };

export const DESCRIPTION = {
  epochSeconds: 0,
  utcOffsetSeconds: 0,
  customer: 'lab50',
  dialedNumbers: [],
  icons: [{ name: 'ICON1', database: 'idb' }],
  consoles: [
    { host: 'lab', title: 'Lab' },
    { host: 'cca', title: 'A Central Controller' },
  ],
};

const SAVED = { folder: '/labs/lab', durableUs: 0, problem: null };

/** The lab as the preload would offer it, answering from a table; a function answers by itself. */
export function offerLab(answers: Record<string, unknown>): Call[] {
  const calls: Call[] = [];
  const all: Record<string, unknown> = {
    'lab.describe': DESCRIPTION,
    'lab.status': { nowUs: 0, historyRebuilt: null, faults: [], durability: SAVED },
    ...answers,
  };
  Object.defineProperty(window, 'duplexLab', {
    configurable: true,
    value: {
      async call(method: string, parameters: unknown) {
        calls.push({ method, parameters });
        if (!(method in all)) throw new Error(`no answer for ${method}`);
        const answer = all[method];
        const value = typeof answer === 'function' ? await answer(parameters) : answer;
        return { id: 0, ok: true, value };
      },
      onEvent() {},
      onCommand() {},
      async setMenu() {},
    },
  });
  return calls;
}
