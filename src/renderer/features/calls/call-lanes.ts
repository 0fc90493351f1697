import type { CallEvent, CallStory } from '../../../contract/rpc.ts';

/** The sequence diagram of a call: lanes by process, and where each message goes. */

export type Arrow = CallEvent & { readonly fromLane: number; readonly toLane: number };

export type Sequence = { readonly lanes: readonly string[]; readonly arrows: readonly Arrow[] };

/** Left to right as a call goes: gateways, T-Servers, ICON; who else hears of it comes last. */
function rank(process: string): number {
  if (process.includes('opc')) return 0;
  if (process.includes('pim')) return 1;
  if (process.startsWith('ts-')) return 2;
  return process.startsWith('icon') ? 3 : 4;
}

export function sequenceOf({ events }: CallStory): Sequence {
  const names = [...new Set(events.flatMap(({ from, to }) => [from, to]))];
  const lanes = names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const arrows = events.map((event) => ({
    ...event,
    fromLane: lanes.indexOf(event.from),
    toLane: lanes.indexOf(event.to),
  }));
  return { lanes, arrows };
}

export type Bar = {
  readonly state: string;
  readonly row: number;
  /** Share of the whole time, 0 to 1. */
  readonly left: number;
  readonly width: number;
  readonly seconds: number;
};

export type PartyLine = {
  readonly party: string;
  readonly call: string;
  readonly dn: string;
  readonly role: string;
  readonly row: number;
  readonly bars: readonly Bar[];
};

/** What each party did over the time of the call; what goes on reaches to `nowSeconds`. */
export function partyLines(
  story: CallStory,
  nowSeconds: number,
): { lines: readonly PartyLine[]; fromSeconds: number; untilSeconds: number } {
  const spans = story.parties.flatMap((party) => party.spans);
  const fromSeconds = Math.min(...spans.map((span) => span.fromSeconds));
  const ends = story.parties.map(({ spans: own }) => {
    const last = own.at(-1);
    return last?.state === 'null' ? last.fromSeconds : nowSeconds;
  });
  const untilSeconds = Math.max(fromSeconds + 1, ...ends);
  const whole = untilSeconds - fromSeconds;
  const lines = story.parties.map(({ spans: own, ...party }, at) => ({
    ...party,
    bars: own
      .filter(({ state }) => state !== 'null')
      .map(({ state, row, fromSeconds: from, untilSeconds: until }) => {
        const seconds = (until ?? ends[at]) - from;
        return { state, row, left: (from - fromSeconds) / whole, width: seconds / whole, seconds };
      }),
  }));
  return { lines, fromSeconds, untilSeconds };
}
