/**
 * HA: which IDB each call and each login session is taken from when the IDBs of two ICONs are
 * merged. Identifiers of interactions and login sessions are each ICON's own; those of calls are
 * the T-Server's, and the same in both. Emulator choice, as the whole way of merging.
 */

/** A call as one IDB has it. */
export type CallCopy = {
  readonly callId: string;
  /** IRID: of this IDB only. */
  readonly interaction: string;
  readonly isEnded: boolean;
  readonly isReliable: boolean;
};

/** A login session as one IDB has it; moments are UTC seconds. */
export type SessionCopy = {
  readonly id: string;
  /** Who has logged in where: the same in all IDBs. */
  readonly login: string;
  readonly created: number;
  readonly terminated: number | null;
  readonly isReliable: boolean;
};

export type Taken<Copy> = {
  /** Index of the IDB that it is taken from. */
  readonly from: number;
  readonly copy: Copy;
};

/**
 * Every call that any IDB has, once. Calls of one interaction are taken from one IDB, the one that
 * has more of them reliably; only a call that is not reliable there, and is elsewhere, is not.
 */
export function mergeCalls(idbs: readonly (readonly CallCopy[])[]): Taken<CallCopy>[] {
  const all = idbs.flatMap((copies, from) => copies.map((copy) => ({ from, copy })));
  const groups = grouped(all, ({ copy: { callId, interaction }, from }) => [
    callId,
    `${from} ${interaction}`,
  ]);
  return groups.flatMap((group) => {
    const better = betterOf(group, idbs.length);
    const byCall = new Map<string, Taken<CallCopy>>();
    for (const one of group) {
      const { callId } = one.copy;
      const known = byCall.get(callId);
      if (!known || worth(one, better) > worth(known, better)) byCall.set(callId, one);
    }
    return [...byCall.values()];
  });
}

function worth({ copy: { isEnded, isReliable }, from }: Taken<CallCopy>, better: number): number {
  // One that goes on here and has ended there: what is here has stopped coming.
  return (isReliable ? 4 : 0) + (isEnded ? 2 : 0) + (from === better ? 1 : 0);
}

/** More reliable ones, then more of them that have ended, then more that have ended at all. */
function betterOf(group: readonly Taken<CallCopy>[], count: number): number {
  const scores = Array.from({ length: count }, (_, index) => {
    const own = group.filter(({ from }) => from === index).map(({ copy }) => copy);
    const ended = own.filter(({ isEnded }) => isEnded);
    const reliable = own.filter(({ isReliable }) => isReliable);
    return [reliable.length, ended.filter((one) => one.isReliable).length, ended.length];
  });
  return best(scores);
}

/** Index of the highest, by the first number that differs; the first of equals. */
function best(scores: readonly (readonly number[])[]): number {
  let found = 0;
  for (const [index, score] of scores.entries()) {
    const at = score.findIndex((value, place) => value !== scores[found][place]);
    if (at >= 0 && score[at] > scores[found][at]) found = index;
  }
  return found;
}

/**
 * Sessions of one login that overlap are the same time at work: it is taken once, from the IDB that
 * has it reliably, and rather ended than open, and long than in pieces.
 */
export function mergeSessions(idbs: readonly (readonly SessionCopy[])[]): Taken<SessionCopy>[] {
  const byLogin = new Map<string, Taken<SessionCopy>[]>();
  for (const [from, copies] of idbs.entries()) {
    for (const copy of copies) {
      const known = byLogin.get(copy.login);
      if (known) known.push({ from, copy });
      else byLogin.set(copy.login, [{ from, copy }]);
    }
  }
  return [...byLogin.values()].flatMap(withoutOverlap);
}

function withoutOverlap(all: readonly Taken<SessionCopy>[]): Taken<SessionCopy>[] {
  const taken: Taken<SessionCopy>[] = [];
  for (const one of [...all].sort(bySessionWorth)) {
    const isFree = taken.every(({ copy, from }) => from === one.from || !overlaps(copy, one.copy));
    if (isFree) taken.push(one);
  }
  return taken.sort((a, b) => a.copy.created - b.copy.created);
}

function bySessionWorth({ copy: a }: Taken<SessionCopy>, { copy: b }: Taken<SessionCopy>): number {
  const isOpen = ({ terminated }: SessionCopy) => Number(terminated === null);
  return (
    Number(b.isReliable) - Number(a.isReliable) ||
    isOpen(a) - isOpen(b) ||
    lengthOf(b) - lengthOf(a)
  );
}

const lengthOf = ({ created, terminated }: SessionCopy) => (terminated ?? created) - created;

function overlaps(a: SessionCopy, b: SessionCopy): boolean {
  const endsAfter = (one: SessionCopy, other: SessionCopy) =>
    one.terminated === null || one.terminated > other.created;
  return endsAfter(a, b) && endsAfter(b, a);
}

/** What shares a key belongs together, through any number of others. */
function grouped<Item>(
  items: readonly Item[],
  keysOf: (item: Item) => readonly string[],
): Item[][] {
  const parents = items.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parents[root] !== root) {
      parents[root] = parents[parents[root]];
      root = parents[root];
    }
    return root;
  };
  const owners = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    for (const key of keysOf(item)) {
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, index);
      else parents[rootOf(index)] = rootOf(owner);
    }
  }
  const groups = new Map<number, Item[]>();
  for (const [index, item] of items.entries()) {
    const root = rootOf(index);
    const group = groups.get(root);
    if (group) group.push(item);
    else groups.set(root, [item]);
  }
  return [...groups.values()];
}
