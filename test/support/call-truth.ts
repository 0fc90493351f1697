import type { CellValue } from '../../src/engine/idb/row-changes.ts';
import type { LabEvent, SessionDelivery } from '../../src/engine/kernel/events.ts';
import type { JournalSink } from '../../src/engine/kernel/journal.ts';
import { SECOND_US } from '../../src/engine/kernel/lab-time.ts';
import type { WorldState } from '../../src/engine/kernel/world.ts';
import type { Lab } from '../../src/engine/lab/lab.ts';
import type { SwitchState } from '../../src/engine/telephony/switch/switch-state.ts';
import type { TServerState } from '../../src/engine/telephony/t-server/t-server-state.ts';

/** What there was at the switches, and what of it reached each ICON: who merges knows neither. */

/** What ICON has prepared is stored so long after it; with a crash before, it may be or not. */
const STORED_AFTER_SECONDS = 5;

/** `source` is the T-Server that has named it; 0: none has. */
type SwitchCall = {
  readonly switch: string;
  readonly id: number;
  readonly created: number;
  ended: number | null;
  source: number;
};

type TrueCall = {
  readonly source: number;
  /** At its switch, and when its T-Server learnt of it. */
  readonly created: number;
  readonly named: number;
  /** It was there already when its T-Server found its switch. */
  readonly isLate: boolean;
  /** Null: it goes on. */
  ended: number | null;
  /** By process of the ICON: when it had seen the call from its creation to its end. */
  readonly completeAt: Map<string, number>;
};

type Source = {
  /** DBID of the T-Server, of a pair that of the configured primary. */
  readonly source: number;
  readonly switchHost: string;
  /** Of the one that has the link; of all that run while none has it. */
  readonly states: readonly TServerState[];
};

function sourcesOf({ processes }: WorldState): Source[] {
  const all = [...processes.values()].filter(({ kind }) => kind === 't-server');
  const configs = all.map(({ config }) => config as Config);
  return configs.flatMap(({ isBackup, serverId: source, switchHost }) => {
    if (isBackup) return [];
    const running = all.filter(({ config, running }) => {
      return running && (config as Config).switchHost === switchHost;
    });
    const states = running.map(({ state }) => state as TServerState);
    const linked = states.filter(({ linkUp }) => linkUp);
    return [{ source, switchHost, states: linked.length > 0 ? linked : states }];
  });
}

type Config = { serverId: number; switchHost: string; isBackup?: boolean };

export class CallTruth {
  readonly calls = new Map<string, TrueCall>();
  /** By switch and number of the call: when it began there. */
  readonly atSwitch = new Map<string, SwitchCall>();
  /** By T-Server: when it was last without its switch. */
  private readonly linkDownAt = new Map<number, number>();
  /** By ICON: calls that it has seen the beginning of, with the connection. */
  private readonly begun = new Map<string, Map<string, number>>();
  private readonly crashes: { readonly icon: string; readonly at: number }[] = [];

  constructor(readonly icons: readonly string[]) {
    for (const icon of icons) this.begun.set(icon, new Map());
  }

  /** Looks at the T-Servers now: often enough that no call comes and goes in between. */
  look({ simulation: { world } }: Lab): void {
    const now = world.epochSeconds + world.nowUs / SECOND_US;
    const going = new Set<string>();
    for (const { kind, name, running, state } of world.processes.values()) {
      if (kind !== 'switch' || !running) continue;
      const { calls } = state as SwitchState;
      for (const id of calls.keys()) {
        const key = `${name} ${id}`;
        if (this.atSwitch.has(key)) continue;
        this.atSwitch.set(key, { switch: name, id, created: now, ended: null, source: 0 });
      }
      for (const call of this.atSwitch.values()) {
        const isOver = call.switch === name && call.ended === null && !calls.has(call.id);
        if (isOver) call.ended = now;
      }
    }
    for (const { source, switchHost, states } of sourcesOf(world)) {
      if (!states.some(({ linkUp }) => linkUp)) this.linkDownAt.set(source, now);
      for (const { id, uuid } of states.flatMap(({ calls }) => [...calls.values()])) {
        going.add(uuid);
        if (this.calls.has(uuid)) continue;
        const known = this.atSwitch.get(`${switchHost} ${id}`);
        if (known) known.source = source;
        const created = known?.created ?? now;
        const isLate = created <= (this.linkDownAt.get(source) ?? 0);
        const times = { created, named: now, ended: null };
        this.calls.set(uuid, { source, isLate, ...times, completeAt: new Map() });
      }
    }
    for (const [uuid, call] of this.calls) {
      if (call.ended === null && !going.has(uuid)) call.ended = now;
    }
  }

  crashed(icon: string, at: number): void {
    this.crashes.push({ icon, at });
    this.begun.get(icon)?.clear();
  }

  /** Listens to what ICONs are told. */
  readonly sink = (inner: JournalSink, nowOf: () => number): JournalSink => ({
    ...inner,
    onLogLine: (line) => inner.onLogLine(line),
    onOutput: (...all) => inner.onOutput(...all),
    onEvent: (event) => {
      this.follow(event, nowOf());
      inner.onEvent(event);
    },
  });

  private follow(event: LabEvent, now: number): void {
    const begun = this.begun.get(event.target);
    if (!begun) return;
    if (event.kind === 'sessionClosed') {
      const { session } = event.data as { session: number };
      for (const [uuid, at] of begun) if (at === session) begun.delete(uuid);
    }
    if (event.kind !== 'sessionMessage') return;
    const { message, session } = event.data as SessionDelivery;
    const uuid = String(message['CallUUID'] ?? '');
    const isWhole = message['Reliability'] === undefined;
    if (message.type === 'EventCallCreated' && isWhole) begun.set(uuid, session);
    if (message.type !== 'EventCallDeleted' || begun.get(uuid) !== session) return;
    begun.delete(uuid);
    if (isWhole) this.calls.get(uuid)?.completeAt.set(event.target, now);
  }

  /** Whether an ICON saw a call whole; null: it did, and crashed before it was surely stored. */
  isComplete(uuid: string, icon: string): boolean | null {
    const call = this.calls.get(uuid);
    const at = call?.completeAt.get(icon);
    if (at === undefined || call?.isLate) return false;
    const isLate = this.crashes.some((crash) => {
      return crash.icon === icon && crash.at >= at && crash.at <= at + STORED_AFTER_SECONDS;
    });
    return isLate ? null : true;
  }
}

export type Readable = { read(sql: string): CellValue[][] };

/** What a merged extraction does not keep of its promise; `icons` are names by DBID. */
export function brokenPromises(
  truth: CallTruth,
  merged: Readable,
  icons: ReadonlyMap<number, string>,
  untilSeconds: number,
): { readonly sentences: string[]; readonly carefully: number } {
  const sentences: string[] = [];
  let carefully = 0;
  const facts = new Map<string, readonly CellValue[]>();
  const sql =
    'SELECT CALLID, SOURCE_ICON, UNRELIABLE, CREATED_TS, TERMINATED_TS, PARTIES FROM CALL_FACT';
  for (const fact of merged.read(sql)) {
    const uuid = String(fact[0]);
    if (facts.has(uuid)) sentences.push(`${uuid} is there twice.`);
    if (!truth.calls.has(uuid)) sentences.push(`${uuid} never was.`);
    facts.set(uuid, fact);
  }
  const nowhere = merged.read(
    `SELECT a.DS_DBID, a.FROM_TS, a.TO_TS FROM HA_CHOICE a
     WHERE a.PROVIDER = 'GCC' AND a.DS_DBID IS NOT NULL AND a.VERDICT = 'noneBetter'`,
  );
  for (const [uuid, call] of truth.calls) {
    // What goes on is neither whole nor lost yet, nor what has only just ended.
    if (call.ended === null || call.ended > untilSeconds - STORED_AFTER_SECONDS) continue;
    const complete = truth.icons.filter((icon) => truth.isComplete(uuid, icon) === true);
    const fact = facts.get(uuid);
    if (!fact) {
      if (complete.length > 0) sentences.push(`${uuid} is missing: ${complete} saw it whole.`);
      const isExcused = nowhere.some(([source, from, to]) => {
        return source === call.source && touches(call, Number(from), Number(to));
      });
      if (!isExcused) sentences.push(`${uuid} is missing, and no interval says that it may be.`);
      continue;
    }
    const [, source, why, created, terminated, parties] = fact;
    const icon = icons.get(Number(source)) ?? '';
    const isComplete = truth.isComplete(uuid, icon);
    if (isComplete) {
      if (why !== null) carefully++;
      const isTrue =
        Math.abs(Number(created) - call.named) <= 2 &&
        Math.abs(Number(terminated) - call.ended) <= 2;
      if (terminated === null || !isTrue) sentences.push(`${uuid} was not from when it says.`);
      if (Number(parties) === 0) sentences.push(`${uuid} has no parties.`);
    } else if (isComplete === false && why === null) {
      sentences.push(`${uuid} is taken from ${icon}, which did not see it whole, without a flag.`);
    }
  }
  for (const call of truth.atSwitch.values()) {
    if (call.source > 0 || call.ended === null) continue;
    if (nowhere.some(([, from, to]) => touches(call, Number(from), Number(to)))) continue;
    sentences.push(`Call ${call.id} of ${call.switch} is missing, and no interval says so.`);
  }
  return { sentences, carefully };
}

function touches(
  { created, ended }: Pick<TrueCall, 'created' | 'ended'>,
  from: number,
  to: number,
): boolean {
  return created <= to + 2 && (ended ?? created) >= from - 2;
}
