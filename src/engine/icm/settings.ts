/**
 * Every number that an ICM process goes by, declared once: default, what it means, and the fact it
 * rests on or "emulator choice" (docs/fidelity). A lab file may change any of them under
 * `centralController: settings`.
 */

const MILLISECOND = 1_000;
const SECOND = 1_000_000;
const CHOICE = 'emulator choice';

type Setting = {
  readonly default: number;
  /** `us` is written as a duration in a lab file. */
  readonly unit: 'us' | 'count' | 'megabytes';
  readonly about: string;
  readonly source: string;
  /** Values that a lab may choose. */
  readonly min: number;
  readonly max: number;
};

const HOUR = 3600 * SECOND;
const us = (value: number, about: string, source = CHOICE) =>
  ({ default: value, unit: 'us', about, source, min: 10 * MILLISECOND, max: HOUR }) as const;
const count = (value: number, about: string, source = CHOICE, min = 1, max = 1e9) =>
  ({ default: value, unit: 'count', about, source, min, max }) as const;

export const ICM_SETTINGS = {
  heartbeat: us(100 * MILLISECOND, 'heartbeat on the private path', 'ICM-HB-01'),
  missedHeartbeats: count(5, 'heartbeats missed before a path has failed', 'ICM-HB-01'),
  publicHeartbeat: us(400 * MILLISECOND, 'keepalive between PG and ccag', 'ICM-HB-02'),
  connectTimeout: us(30 * SECOND, 'end of Connecting', 'ICM-SYNC-03 (about 30 s)'),
  connectRetry: us(SECOND, 'between two attempts to reach the peer'),
  helloTimeout: us(4 * SECOND, 'a peer that connected and says nothing is given up'),
  testOtherSide: us(2 * SECOND, 'wait for the reports of Test-Other-Side'),
  isolatedRetest: us(10 * SECOND, 'an isolated-disabled side with majority tests again'),
  clientHeartbeat: us(30 * SECOND, 'MDS to its clients; slow by ICM-RTT-24 (inferred)'),
  clientHeartbeatsMissed: count(2, 'unanswered before MDS ends a client'),
  startAloneDelay: us(SECOND, 'from pairing until a client without a partner starts alone'),
  stateCheck: us(15 * SECOND, 'the routers compare themselves', 'ICM-CHK-01'),
  transferTimeout: us(30 * SECOND, 'a state transfer that stands still has failed'),
  stateRecordBytes: count(32_768, 'bytes of state in one record'),
  stateObjectCap: count(1_000_000, 'objects a transfer may hold', 'ICM-XFER-07 (old releases)'),
  stateSizeHysteresis: {
    default: 1,
    unit: 'megabytes',
    about: 'below the limit by so much before the alarm clears',
    source: CHOICE,
    min: 0,
    max: 1000,
  },
  release: count(50, 'release imitated, times ten: 50 is 5.0; wording of events', CHOICE, 46, 150),
  minimumUptime: us(
    30 * SECOND,
    'a process that ran less restarts delayed',
    'ICM-NM-03, value ours',
  ),
  restartDelay: us(60 * SECOND, 'delayed restart', 'ICM-NM-04 (a sample)'),
  restartPause: us(SECOND, 'before a process restarts at once', 'ICM-NM-04 (a sample)'),
  nodeRestart: us(10 * SECOND, 'from the end of a critical process to the restart of its node'),
  queueTimeout: us(300 * SECOND, 'a call leaves the router queue by its default label'),
  agentReservation: us(10 * SECOND, 'a picked agent is passed over for so long'),
  translationRouteTimeout: us(10 * SECOND, 'wait for the call to arrive at its DNIS'),
  recoveryInterval: us(15 * SECOND, 'the Loggers compare their history'),
} as const satisfies Readonly<Record<string, Setting>>;

export type IcmSettingName = keyof typeof ICM_SETTINGS;
export type IcmSettings = { readonly [name in IcmSettingName]: number };

export function icmSettings(changes: Partial<IcmSettings> = {}): IcmSettings {
  const defaults = Object.entries(ICM_SETTINGS).map(([name, setting]) => [name, setting.default]);
  return { ...(Object.fromEntries(defaults) as IcmSettings), ...changes };
}
