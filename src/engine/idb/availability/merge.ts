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

/** More reliable ones, then more that have ended, then simply more. */
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
 * Sessions of one login that overlap are the same time at work: they are all taken from the IDB
 * that has more of it reliably.
 */
export function mergeSessions(idbs: readonly (readonly SessionCopy[])[]): Taken<SessionCopy>[] {
  const all = idbs.flatMap((copies, from) => copies.map((copy) => ({ from, copy })));
  const byLogin = new Map<string, Taken<SessionCopy>[]>();
  for (const one of all) {
    const known = byLogin.get(one.copy.login);
    if (known) known.push(one);
    else byLogin.set(one.copy.login, [one]);
  }
  return [...byLogin.values()].flatMap(overlapping).flatMap((group) => {
    const scores = idbs.map((_copies, index) => {
      const own = group.filter(({ from }) => from === index).map(({ copy }) => copy);
      const isWhole = own.length > 0 && own.every(({ isReliable }) => isReliable);
      const ended = own.filter(({ terminated }) => terminated !== null);
      return [Number(isWhole), lengthOf(own.filter((one) => one.isReliable)), ended.length];
    });
    const better = best(scores);
    return group.filter(({ from }) => from === better);
  });
}

function lengthOf(copies: readonly SessionCopy[]): number {
  return copies.reduce((sum, { created, terminated }) => {
    return sum + (terminated === null ? 0 : terminated - created + 1);
  }, 0);
}

function overlapping(taken: readonly Taken<SessionCopy>[]): Taken<SessionCopy>[][] {
  const groups: Taken<SessionCopy>[][] = [];
  let until = Number.NEGATIVE_INFINITY;
  for (const one of [...taken].sort((a, b) => a.copy.created - b.copy.created)) {
    const { created, terminated } = one.copy;
    if (created < until) groups.at(-1)!.push(one);
    else groups.push([one]);
    until = Math.max(until, terminated ?? Number.POSITIVE_INFINITY);
  }
  return groups;
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
