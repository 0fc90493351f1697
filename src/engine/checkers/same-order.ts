import { ALL_CLIENTS, type ClientName, type OrderedInput } from '../icm/messages.ts';
import type { LabEvent, SessionDelivery } from '../kernel/events.ts';
import { hashBytes } from '../kernel/hash.ts';
import { encodePlainData } from '../kernel/plain-data.ts';
import type { WorldState } from '../kernel/world.ts';
import type { Checker } from './checker.ts';
import { clientPair, mdsPairs, type Pair, pairedStates } from './pairs.ts';

type Applied = { readonly order: number; readonly mark: string };

/** Inputs kept of each client: an agent that was hung for minutes hands over thousands at once. */
const KEPT = 8192;

/**
 * Both sides' clients applied the same prefix of one total order: while a pair is together, what
 * both were given agrees input for input, rises, and leaves nothing out.
 */
export function sameOrder(): Checker {
  const logs = new Map<string, Applied[]>();
  /** Position of the order that each client's state was of when it came into service. */
  const activeFrom = new Map<string, number>();
  let pairs: { readonly mds: Pair; readonly clients: readonly Pair[] }[] | undefined;
  let broken: string | undefined;
  let isNew = false;
  return {
    name: 'same order',
    onEvent(event) {
      noteActive(event, activeFrom);
      const applied = appliedBy(event);
      if (!applied) return;
      const log = logs.get(event.target) ?? [];
      logs.set(event.target, log);
      if ((log.at(-1)?.order ?? 0) >= applied.order) {
        broken ??= `${event.target} was given input ${applied.order} after ${log.at(-1)!.order}.`;
      }
      log.push(applied);
      isNew = true;
      if (log.length > 2 * KEPT) log.splice(0, KEPT);
    },
    onBatch(world) {
      pairs ??= clientPairs(world);
      for (const { mds, clients } of pairs) {
        const together = pairedStates(mds) !== undefined;
        for (const [a, b] of clients) {
          if (!together || !a.running || !b.running) {
            for (const { name } of [a, b]) {
              logs.delete(name);
              activeFrom.delete(name);
            }
          } else if (isNew) broken ??= compare([a.name, b.name], logs, activeFrom);
        }
      }
      isNew = false;
      const sentence = broken;
      broken = undefined;
      return sentence;
    },
  };
}

function clientPairs(world: WorldState) {
  return mdsPairs(world).map((mds) => ({
    mds,
    clients: ALL_CLIENTS.map((name: ClientName) => clientPair(world, mds, name)).filter(
      (pair) => pair !== undefined,
    ),
  }));
}

function appliedBy(event: LabEvent): Applied | undefined {
  if (event.kind !== 'sessionMessage') return undefined;
  const { message } = event.data as SessionDelivery;
  if (message.type !== 'ordered') return undefined;
  const input = message['input'] as unknown as OrderedInput;
  return { order: input.order, mark: hashBytes(encodePlainData(input)) };
}

/** A client in service holds the state as of a position; from there on it must be given all. */
function noteActive(event: LabEvent, activeFrom: Map<string, number>): void {
  if (event.kind !== 'sessionMessage') return;
  const { message, from } = event.data as SessionDelivery;
  if (message.type === 'client active') activeFrom.set(from, Number(message['order']));
}

/** From the later of the two states on, up to where the slower one is. */
function compare(
  names: readonly [string, string],
  logs: Map<string, Applied[]>,
  activeFrom: ReadonlyMap<string, number>,
): string | undefined {
  const [first, second] = names.map((name) => logs.get(name));
  if (!first?.length || !second?.length) return undefined;
  // The side that ordered when they met has been active for longer; the joiner's state counts.
  const positions = names.map((name) => activeFrom.get(name)).filter((one) => one !== undefined);
  if (positions.length === 0) return undefined;
  const start = Math.max(...positions);
  const end = Math.min(first.at(-1)!.order, second.at(-1)!.order);
  const part = (log: readonly Applied[]) =>
    log.filter(({ order }) => order > start && order <= end);
  const [left, right] = [part(first), part(second)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    if (left[at]?.order === right[at]?.order && left[at]?.mark === right[at]?.mark) continue;
    const orders = `${left[at]?.order} and ${right[at]?.order}`;
    return `${names.join(' and ')} applied different inputs at ${orders}.`;
  }
  // What was compared need not be compared again.
  for (const log of end > start ? [first, second] : []) {
    while (log.length > 1 && log[1].order <= end) log.shift();
  }
  return undefined;
}
