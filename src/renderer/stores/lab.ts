import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { labCommandSchema } from '../../contract/commands.ts';
import type { Fault, LabDescription, LabStatus } from '../../contract/rpc.ts';
import { CallFailed, connectLab } from '../client/lab-connection.ts';

type LabCommand = (typeof labCommandSchema)['_output'];

export interface Notice {
  readonly id: number;
  readonly severity: 'info' | 'error';
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** How long an answer may take before the window says so, and how often it asks. */
const SILENT_MS = 4000;
const ASK_EVERY_MS = 2000;

/** The list that is known where the new one says the same. */
function keepEqual<T>(known: readonly T[] | undefined, now: readonly T[] = []): readonly T[] {
  return known && JSON.stringify(known) === JSON.stringify(now) ? known : now;
}

/** Mirror of the lab: what it says of itself, and the verbs that act on it. */
export const useLab = defineStore('lab', () => {
  const connection = connectLab();
  const status = shallowRef<LabStatus>();
  /** A status comes five times a second; what is in it as before makes nothing anew. */
  const faults = computed<readonly Fault[]>((known) => keepEqual(known, status.value?.faults));
  const openingNotices = computed<readonly string[]>((known) =>
    keepEqual(known, status.value?.notices),
  );
  const speed = computed(() => status.value?.speed);
  const description = shallowRef<LabDescription>();
  const connected = ref(true);
  const lossReason = ref('');
  /** Since when the lab has not answered, wall time; null: it does. */
  const silentSinceMs = ref<number | null>(null);
  /** When it answered last, by the window's own clock. */
  const answeredMs = ref(0);
  const notices = ref<Notice[]>([]);
  /** Speed that the next run takes; choosing one does not start a paused lab. */
  const wantedSpeed = ref<number>();
  let nextNotice = 1;

  connection.onEvent((event) => {
    if (event.event === 'status') status.value = event.data;
  });
  connection.onLink((isUp, reason) => {
    connected.value = isUp;
    lossReason.value = reason;
    if (isUp) void refresh();
  });

  /** Asks whether the lab still answers, again and again; a reply may take a while. */
  async function listen(): Promise<void> {
    const askedMs = performance.now();
    const timer = setTimeout(() => {
      silentSinceMs.value = Date.now() - SILENT_MS;
    }, SILENT_MS);
    await connection.call('lab.status', {}).catch(() => {});
    clearTimeout(timer);
    silentSinceMs.value = null;
    if (connected.value) answeredMs.value = askedMs;
    setTimeout(() => void listen(), ASK_EVERY_MS);
  }
  void listen();
  const isAnswering = computed(() => connected.value && silentSinceMs.value === null);

  async function refresh(): Promise<void> {
    const asked = [connection.call('lab.describe', {}), connection.call('lab.status', {})] as const;
    [description.value, status.value] = await Promise.all(asked);
  }

  function say(severity: Notice['severity'], text: string, action?: Notice['action']): void {
    const id = nextNotice++;
    const others = notices.value.filter((notice) => notice.text !== text);
    notices.value = [...others.slice(-3), { id, severity, text, action }];
    const isBrief = severity === 'info' && !action;
    setTimeout(() => dismiss(id), isBrief ? 5_000 : 30_000);
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id);
  }

  /** Runs a call and turns its failure into a notice. */
  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      // What the user gave up is no failure.
      const isCancelled = error instanceof CallFailed && error.detail.code === 'cancelled';
      say(
        isCancelled ? 'info' : 'error',
        error instanceof CallFailed ? error.message : String(error),
      );
      return undefined;
    }
  }

  async function run(speed: number): Promise<void> {
    status.value = (await attempt(() => connection.call('lab.run', { speed }))) ?? status.value;
  }

  function chooseSpeed(speed: number): void {
    wantedSpeed.value = speed;
    if (status.value?.running) void run(speed);
  }

  function toggle(): void {
    if (status.value?.running) void pause();
    else void run(wantedSpeed.value ?? status.value?.speed ?? 1);
  }

  async function pause(): Promise<void> {
    status.value = (await attempt(() => connection.call('lab.pause', {}))) ?? status.value;
  }

  async function step(by: 'event' | 'message' | 'second'): Promise<void> {
    status.value = (await attempt(() => connection.call('lab.step', { by }))) ?? status.value;
  }

  /** Carries out a command; resolves to its result, refusals included. */
  async function execute(command: LabCommand) {
    const result = await attempt(() => connection.call('lab.execute', { command }));
    if (result && !result.ok && !result.error.fields) {
      const { code, message, remedy } = result.error;
      say(code === 'cancelled' ? 'info' : 'error', `${message} ${remedy}`);
    }
    await refresh();
    return result;
  }

  /** `09:14:07.250` in the lab's local time. */
  function clock(us: number): string {
    const epoch = description.value;
    if (!epoch) return '';
    const ms = Math.floor(us / 1000) + (epoch.epochSeconds + epoch.utcOffsetSeconds) * 1000;
    return new Date(ms).toISOString().slice(11, 23);
  }

  const weekday = computed(() => {
    const epoch = description.value;
    if (!epoch || !status.value) return '';
    const seconds = epoch.epochSeconds + epoch.utcOffsetSeconds + status.value.nowUs / 1e6;
    return ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][new Date(seconds * 1000).getUTCDay()];
  });

  return {
    call: connection.call,
    onEvent: connection.onEvent,
    onLink: connection.onLink,
    status,
    faults,
    openingNotices,
    speed,
    description,
    connected,
    lossReason,
    silentSinceMs,
    answeredMs,
    isAnswering,
    notices,
    weekday,
    attempt,
    wantedSpeed,
    run,
    chooseSpeed,
    toggle,
    pause,
    step,
    execute,
    clock,
    say,
    dismiss,
  };
});
