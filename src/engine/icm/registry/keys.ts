import type { Context } from '../../kernel/process.ts';
import type { Side } from '../messages.ts';

/** Root as the source document prints it for release 5.0 (ICM-REG-01); later ones differ. */
const REGISTRY_ROOT = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Cisco System Inc.\\ICM';

/** Key of one node, such as `...\ICM\lab50\RouterA`. */
export function componentKey(customer: string, component: string): string {
  return `${REGISTRY_ROOT}\\${customer}\\${component}`;
}

export const routerComponent = (side: Side) => `Router${side}`;
export const loggerComponent = (side: Side) => `Logger${side}`;

/** Figure 3 of the source document. */
export function stateTransferKey(customer: string, side: Side): string {
  const router = componentKey(customer, routerComponent(side));
  return `${router}\\Router\\Currentversion\\Configuration\\StateTransfer`;
}

/** ICM-REG-02; megabytes. */
export const STATE_SIZE_THRESHOLD = 'StateSizeThresholdMB';
/** Emulator choice: the version of the state format that this side speaks. */
export const STATE_VERSION = 'Version';

/** ICM-REG-06: anything but 0 and this side takes no configuration changes. */
export function databaseMaintenancePath(routerKey: string): string {
  return `${routerKey}\\Router\\CurrentVersion\\Configuration\\Global\\DBMaintenance`;
}

/** Entries of one PIM of a Peripheral Gateway node such as PG1A; the form is an emulator choice. */
export function pimKey(customer: string, component: string): string {
  return `${componentKey(customer, component)}\\PG\\CurrentVersion\\PIMS`;
}

/** Node Manager's list of a node's processes (ICM-REG-09; the path is an emulator choice). */
export function nodeManagerKey(customer: string, component: string): string {
  return `${componentKey(customer, component)}\\NodeManager\\CurrentVersion\\Processes`;
}

/** What EMS goes by for one process (ICM-REG-07). */
export function emsKey(customer: string, component: string, process: string): string {
  const library = `${componentKey(customer, component)}\\EMS\\CurrentVersion\\Library`;
  return `${library}\\Processes\\${process}`;
}

/** ICM-REG-11; the form of the key is recalled (ICM-REG-13). */
export function mdsKey(key: string): string {
  return `${key}\\MDS\\CurrentVersion\\Process`;
}

/** ICM-REG-12. */
export function cicPortPath(routerKey: string): string {
  return `${routerKey}\\CIC\\CurrentVersion\\Configuration\\CIC Public LAN IP Port`;
}

/** A number of the registry; what is no number there counts as not written. */
export function registryNumber<S>(context: Context<S>, path: string, fallback: number): number {
  return asNumber(context.readRegistry(path)) ?? fallback;
}

/** A TCP port of the registry; what cannot be one counts as not written. */
export function registryPort<S>(context: Context<S>, path: string, fallback: number): number {
  const port = registryNumber(context, path, fallback);
  return Number.isInteger(port) && port > 0 && port <= 65_535 ? port : fallback;
}

export function asNumber(value: string | number | undefined): number | undefined {
  if (value === undefined || (typeof value === 'string' && value.trim() === '')) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
