import type { LogSeverity } from '../../kernel/process.ts';

/** Single: raised, and nothing clears it (docs/fidelity/icm.md, ICM-EVT-03). */
export type EmsEventType = 'raise' | 'clear' | 'single';

export type EmsEvent = {
  /** As catalogues print it: severity bits masked to zero (ICM-EVT-01). */
  readonly id: string;
  readonly severity: Exclude<LogSeverity, 'trace'>;
  readonly type: EmsEventType;
  /** `%1` and so on stand for the arguments. */
  readonly text: string;
  /** Events that this one clears, when the argument `key` is the same. */
  readonly clears?: readonly string[];
  /** Number of the argument that names what the event is about; 0: the process itself. */
  readonly key?: number;
};

/** Events with the wording of the catalogue (ICM-MSG-01 to 37, release 15.0, confirmed). */
export const EMS = {
  connectTimedOut: {
    id: '1040010',
    severity: 'warn',
    type: 'raise',
    text: 'Synchronizer timed out trying to establish connection to peer.',
  },
  peerLost: {
    id: '1040022',
    severity: 'error',
    type: 'raise',
    text:
      'Connectivity with duplexed partner has been lost due to a failure of the private network, ' +
      'or duplexed partner is out of service.',
  },
  peerEstablished: {
    id: '1040023',
    severity: 'info',
    type: 'clear',
    text: 'Communication with peer Synchronizer established.',
    clears: ['1040010', '1040022'],
  },
  queueGrowing: {
    id: '104802A',
    severity: 'warn',
    type: 'single',
    text:
      'MDS time delivery queue size is increasing, current size is: %1, ' +
      'but will continue to send messages.',
  },
  pathIdle: {
    id: '10F8004',
    severity: 'info',
    type: 'clear',
    text: 'Device: %1, path changing to idle state.',
    clears: ['10F8008', '10F800E'],
    key: 1,
  },
  pathActive: {
    id: '10F8005',
    severity: 'info',
    type: 'clear',
    text: 'Device: %1, path changing to active state.',
    clears: ['10F8007', '10F8008', '10F800E'],
    key: 1,
  },
  pathRealignmentFailed: {
    id: '10F8007',
    severity: 'error',
    type: 'raise',
    text: 'Device: %1, path realignment failed.',
    key: 1,
  },
  deviceDisconnected: {
    id: '10F8008',
    severity: 'error',
    type: 'raise',
    text: 'Device: %1, disconnected.',
    key: 1,
  },
  pathReset: {
    id: '10F800E',
    severity: 'warn',
    type: 'raise',
    text: 'Device: %1, path reset.',
    key: 1,
  },
  streamInitializing: {
    id: '10F800F',
    severity: 'info',
    type: 'clear',
    text: 'Device: %1, initializing message stream.',
    clears: ['10F8008', '10F800E', '10F801D'],
    key: 1,
  },
  gatewayPathDown: {
    id: '10F801D',
    severity: 'warn',
    type: 'raise',
    text:
      'The network communications between ICM router and Peripheral Gateway or NIC: %2 ' +
      'has been down for: %1 minutes.',
    key: 2,
  },
  peripheralOnline: {
    id: '105007D',
    severity: 'info',
    type: 'clear',
    text: 'Peripheral: %2 (ID: %1) is on-line.',
    clears: ['105007E'],
    key: 1,
  },
  peripheralOffline: {
    id: '105007E',
    severity: 'error',
    type: 'raise',
    text:
      'ACD/IVR: %2 (ID: %1) is off-line and not visible to the Peripheral Gateway. ' +
      'Routing to this site is impacted.',
    key: 1,
  },
  controllerOnline: {
    id: '10500D0',
    severity: 'info',
    type: 'clear',
    text: 'Physical controller: %2 (ID: %1) is on-line.',
    clears: ['10500D1'],
    key: 1,
  },
  controllerOffline: {
    id: '10500D1',
    severity: 'error',
    type: 'raise',
    text:
      'Peripheral Gateway: %2 (ID: %1) is not connected to the central controller or is out of ' +
      'service. Routing to this site is impacted.',
    key: 1,
  },
  updateRejected: {
    id: '10500E9',
    severity: 'error',
    type: 'single',
    text: 'UpdateCC from: %1 on: %2, rejected because no Loggers are in operation.',
  },
  processOk: {
    id: '10500FF',
    severity: 'info',
    type: 'clear',
    text: 'Side: %1: %2 process is OK.',
    clears: ['1050100'],
    key: 2,
  },
  processDown: {
    id: '1050100',
    severity: 'error',
    type: 'raise',
    text: 'Process: %2 at the central site side: %1 is down.',
    key: 2,
  },
  stateSizeNormal: {
    id: '10501F6',
    severity: 'info',
    type: 'clear',
    text: "The Router's state size of: %1 MB is now below the alarm limit of: %2 MB.",
    clears: ['10501F7'],
  },
  stateSizeExceeded: {
    id: '10501F7',
    severity: 'error',
    type: 'raise',
    text: "The Router's state size of: %1 MB has grown beyond the alarm limit of: %2 MB.",
  },
  /** Older wording, called informational (ICM-MSG-23, release 5.0). */
  stateSizeExceeded50: {
    id: '10501F7',
    severity: 'info',
    type: 'raise',
    text: 'The router state size of %1 MB has grown beyond the alarm limit of %2 MB',
  },
  configurationLoaded: {
    id: '10501FD',
    severity: 'info',
    type: 'clear',
    text: 'The Router has completed loading the initial configuration from the Logger.',
    clears: ['10501FE'],
  },
  configurationMissing: {
    id: '10501FE',
    severity: 'error',
    type: 'raise',
    text: 'The Router has not loaded a configuration from the Logger.',
  },
  outOfSync: {
    id: '105023C',
    severity: 'error',
    type: 'single',
    text: 'The Router has detected that it is no longer synchronized with its partner.',
  },
  nodeManagerStarting: {
    id: '1028101',
    severity: 'info',
    type: 'clear',
    text: '%1 Node Manager initializing.',
    clears: ['1028105'],
    key: 1,
  },
  managerStarted: {
    id: '1029101',
    severity: 'info',
    type: 'clear',
    text: '%1 Node Manager Manager started.',
    key: 1,
  },
  operatorShutdown: {
    id: '1028105',
    severity: 'warn',
    type: 'raise',
    text: 'The operator/administrator has shutdown the ICM software on: %1.',
    key: 1,
  },
  criticalProcessDied: {
    id: '102C101',
    severity: 'error',
    type: 'raise',
    text: 'Node: %1, critical process: %2, has terminated. Rebooting node.',
    key: 2,
  },
  processRestarting: {
    id: '102C103',
    severity: 'warn',
    type: 'clear',
    text: 'Node: %1, restarting process: %2.',
    key: 2,
  },
  restartDelayed: {
    id: '102C109',
    severity: 'warn',
    type: 'raise',
    text:
      'Node: %4, process: %5, exited after %1 seconds. Minimum required uptime for process: %5 ' +
      'is %2 seconds. Delaying process restart for %3 seconds.',
    key: 5,
  },
  restartAfterDelay: {
    id: '102C10A',
    severity: 'warn',
    type: 'clear',
    text: 'Node: %2, restarting process: %3, after having delayed restart for %1 seconds.',
    clears: ['102C109'],
    key: 3,
  },
  processFailed: {
    id: '102C10D',
    severity: 'warn',
    type: 'raise',
    text: 'Node: %1, process: %2, has detected a failure. Node Manager is restarting the process.',
    key: 2,
  },
  processCrashed: {
    id: '102C10E',
    severity: 'error',
    type: 'raise',
    text:
      'Node: %1, process: %2, went down for an unknown reason. Exit code: %3. ' +
      'It will be automatically restarted.',
    key: 2,
  },
  processReinitialized: {
    id: '102C110',
    severity: 'warn',
    type: 'clear',
    text: 'Node: %1, process: %2, successfully reinitialized after restart.',
    clears: ['102C101', '102C10D', '102C10E', '102C112'],
    key: 2,
  },
  processAskedRestart: {
    id: '102C112',
    severity: 'warn',
    type: 'raise',
    text:
      'Node: %1, process: %2, exited cleanly and requested that it be restarted by the ' +
      'Node Manager.',
    key: 2,
  },
  /** The source elides the subject: `... successfully started.` (ICM-MSG-36). */
  processStarted: {
    id: '102C111',
    severity: 'info',
    type: 'clear',
    text: 'Node: %1, process: %2, successfully started.',
    key: 2,
  },
} as const satisfies Readonly<Record<string, EmsEvent>>;

export type EmsEventName = keyof typeof EMS;

export function emsText({ text }: EmsEvent, values: readonly (string | number)[]): string {
  return text.replace(/%(\d)/g, (_whole, number) => String(values[Number(number) - 1] ?? ''));
}
