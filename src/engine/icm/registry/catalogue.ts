import type { RegistryValue } from '../../kernel/process.ts';
import type { NodeProcess } from '../node-manager/node-manager.ts';
import {
  cicPortPath,
  databaseMaintenancePath,
  emsKey,
  mdsKey,
  nodeManagerKey,
  pimKey,
  STATE_SIZE_THRESHOLD,
  STATE_VERSION,
} from './keys.ts';

/** When a changed value acts. `never`: documented, and of no effect in the emulator. */
export type RegistryEffect = 'at once' | 'process restart' | 'next state transfer' | 'never';

/**
 * One value that the emulator knows, declared once: setup writes it, the editor checks and explains
 * it. Facts stand in docs/fidelity/icm.md §4.1.
 */
export type RegistryEntry = {
  readonly path: string;
  readonly type: 'REG_DWORD' | 'REG_SZ';
  /** What setup writes. */
  readonly value: RegistryValue;
  readonly min: number;
  readonly max: number;
  readonly effect: RegistryEffect;
  /** Process that goes by it. */
  readonly process: string;
  readonly about: string;
  /** Fact id with its mark, or "emulator choice". */
  readonly source: string;
};

const CHOICE = 'emulator choice';
const DWORD_MAX = 0xff_ff_ff_ff;
/** Emulator choice: sizes at which a lab of weeks stays small. */
export const LOG_FILE_MAX_BYTES = 500_000;
export const LOG_FILE_COUNT_MAX = 10;
/** The folder in which ICM is installed on every host. */
const ICM_FOLDER = 'icm';

type Numbers = Partial<Pick<RegistryEntry, 'min' | 'max'>>;

function dword(
  path: string,
  value: number,
  about: readonly [process: string, effect: RegistryEffect, about: string, source: string],
  { min = 0, max = DWORD_MAX }: Numbers = {},
): RegistryEntry {
  const [process, effect, text, source] = about;
  return { path, type: 'REG_DWORD', value, min, max, effect, process, about: text, source };
}

function text(
  path: string,
  value: string,
  [process, effect, about, source]: readonly [string, RegistryEffect, string, string],
): RegistryEntry {
  return { path, type: 'REG_SZ', value, min: 0, max: 0, effect, process, about, source };
}

/** Folder of a node's log files on its host. */
export function logFolder(customer: string, node: string): string {
  return `${ICM_FOLDER}/${customer}/${node}/logfiles`;
}

/** The short name under which a process stands in its node: `ra-rtr` is `rtr`. */
export function shortName(node: string, process: string): string {
  return process.startsWith(`${node}-`) ? process.slice(node.length + 1) : process;
}

export type CatalogueNode = {
  readonly customer: string;
  readonly component: string;
  readonly node: string;
  readonly processes: readonly NodeProcess[];
};

/** Windows names of the programs, without .exe (ICM-PROC-01, 06, 11). */
const IMAGE_NAMES: Readonly<Record<string, string>> = {
  mds: 'mdsproc',
  ccag: 'ccagent',
  dba: 'dbagent',
  rtr: 'router',
  rts: 'rtsvr',
  tsyr: 'testsync',
  cic: 'netwrkcic',
  clgr: 'configlogger',
  hlgr: 'histlogger',
  rcv: 'recovery',
  pgag: 'pgagent',
  opc: 'opc',
  pim1: 'pim',
};

export function imageName(short: string): string {
  return IMAGE_NAMES[short] ?? short;
}

/** Values that every node has: Node Manager's list, and EMS for each process. */
export function nodeEntries({ customer, component, node, processes }: CatalogueNode) {
  const shorts = processes.map(({ name }) => shortName(node, name));
  const manager = nodeManagerKey(customer, component);
  const listed = shorts.flatMap((short) => [
    text(`${manager}\\${short}\\ImageName`, imageName(short), [
      short,
      'never',
      'name of the program, without .exe',
      'ICM-REG-09, confirmed',
    ]),
    dword(
      `${manager}\\${short}\\ProcDisabled`,
      0,
      ['nm', 'process restart', '0: Node Manager starts the process', 'ICM-REG-09, confirmed'],
      { max: 1 },
    ),
  ]);
  const logs = ['nm', 'nmm', ...shorts].flatMap((short) =>
    emsEntries(emsKey(customer, component, short), short, customer, node),
  );
  return [...listed, ...logs];
}

function emsEntries(key: string, short: string, customer: string, node: string): RegistryEntry[] {
  const folder = `C:\\${logFolder(customer, node).replaceAll('/', '\\')}`;
  return [
    dword(`${key}\\EMSTraceMask`, 0, [
      short,
      'at once',
      'groups of trace lines that the process writes, one bit each',
      'ICM-REG-07, confirmed; what the bits mean: emulator choice',
    ]),
    dword(
      `${key}\\EMSLogFileMax`,
      LOG_FILE_MAX_BYTES,
      [short, 'at once', 'bytes of a log file before the next is begun', `ICM-REG-10; ${CHOICE}`],
      { min: 1000, max: 100_000_000 },
    ),
    dword(
      `${key}\\EMSLogFileCountMax`,
      LOG_FILE_COUNT_MAX,
      [short, 'at once', 'log files kept of this process', `ICM-REG-10; ${CHOICE}`],
      { min: 1, max: 1000 },
    ),
    text(`${key}\\EMSLogFileLocation`, folder, [
      short,
      'never',
      'folder of the log files',
      'ICM-REG-10, confirmed',
    ]),
  ];
}

export type RouterNumbers = {
  readonly stateSizeThresholdMb: number;
  readonly stateVersion: number;
  readonly mdsPort: number;
  readonly transferPort: number;
  readonly cicPort: number;
};

const CONFIGURATION = '\\Router\\Currentversion\\Configuration';

export function routerEntries(key: string, numbers: RouterNumbers): RegistryEntry[] {
  const stateTransfer = `${key}${CONFIGURATION}\\StateTransfer`;
  return [
    dword(
      `${stateTransfer}\\${STATE_SIZE_THRESHOLD}`,
      numbers.stateSizeThresholdMb,
      ['rtr', 'at once', 'megabytes of state above which an event is raised', 'ICM-REG-01, 02'],
      { min: 1, max: 100_000 },
    ),
    dword(`${stateTransfer}\\${STATE_VERSION}`, numbers.stateVersion, [
      'rtr',
      'next state transfer',
      'version of the state format: both sides must have the same one',
      CHOICE,
    ]),
    dword(
      databaseMaintenancePath(key),
      0,
      [
        'dba',
        'at once',
        '0 on both routers: configuration may change',
        'ICM-REG-06, confirmed; what another value does: emulator choice',
      ],
      { max: 1 },
    ),
    dword(
      cicPortPath(key),
      numbers.cicPort,
      ['cic', 'process restart', 'TCP port for a network ICM', 'ICM-REG-12, confirmed'],
      { min: 1024, max: 65_535 },
    ),
    ...mdsEntries(key, numbers.mdsPort, numbers.transferPort),
  ];
}

export function mdsEntries(key: string, mdsPort: number, transferPort: number): RegistryEntry[] {
  const range = { min: 1024, max: 65_535 };
  const source = 'ICM-REG-11, confirmed; the key: recalled';
  return [
    dword(
      `${mdsKey(key)}\\MDSPort`,
      mdsPort,
      ['mds', 'process restart', 'TCP port for the clients of MDS', source],
      range,
    ),
    dword(
      `${mdsKey(key)}\\StateXferPort`,
      transferPort,
      ['mds', 'process restart', 'TCP port for the pipes of state transfers', source],
      range,
    ),
  ];
}

export function pimEntries(
  customer: string,
  component: string,
  pim: string,
  peripheral: { readonly name: string; readonly id: number },
): RegistryEntry[] {
  const key = `${pimKey(customer, component)}\\${pim}`;
  return [
    text(`${key}\\PeripheralName`, peripheral.name, [
      pim,
      'process restart',
      'peripheral that the PIM serves',
      CHOICE,
    ]),
    dword(`${key}\\PeripheralID`, peripheral.id, [
      'opctest',
      'at once',
      'its number, by which opctest knows it',
      CHOICE,
    ]),
    dword(`${key}\\Enabled`, 1, [pim, 'process restart', '0: the PIM does nothing', CHOICE], {
      max: 1,
    }),
  ];
}

/** Why a value may not stand where it is to be written; undefined when it may. */
export function refuseRegistryValue(
  entry: RegistryEntry | undefined,
  value: RegistryValue,
): string | undefined {
  if (!entry) return undefined;
  const name = entry.path.slice(entry.path.lastIndexOf('\\') + 1);
  if (entry.type === 'REG_SZ') {
    return typeof value === 'string' ? undefined : `${name} is a string (REG_SZ)`;
  }
  if (typeof value !== 'number') return `${name} is a number (REG_DWORD)`;
  if (value >= entry.min && value <= entry.max) return undefined;
  return `${name} goes from ${entry.min} to ${entry.max}`;
}
