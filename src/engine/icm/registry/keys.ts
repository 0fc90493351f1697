import type { Context, RegistryValue } from '../../kernel/process.ts';
import type { Side } from '../messages.ts';

/** Root as the source document prints it for release 5.0 (ICM-REG-01); later ones differ. */
const ROOT = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Cisco System Inc.\\ICM';

/** Figure 3 of the source document. */
export function stateTransferKey(customer: string, side: Side): string {
  const router = `${ROOT}\\${customer}\\Router${side}`;
  return `${router}\\Router\\Currentversion\\Configuration\\StateTransfer`;
}

/** ICM-REG-02; megabytes. */
export const STATE_SIZE_THRESHOLD = 'StateSizeThresholdMB';
/** Emulator choice: the version of the state format that this side speaks. */
export const STATE_VERSION = 'Version';

/** Entries of one PIM of a Peripheral Gateway node such as PG1A; the form is an emulator choice. */
export function pimKey(customer: string, node: string): string {
  return `${ROOT}\\${customer}\\${node}\\PG\\CurrentVersion\\PIMS`;
}

/** Node Manager's list of a node's processes (ICM-REG-09; the path is an emulator choice). */
export function nodeManagerKey(customer: string, node: string): string {
  return `${ROOT}\\${customer}\\${node}\\NodeManager\\CurrentVersion\\Processes`;
}

/** A number of the registry; what is no number there counts as not written. */
export function registryNumber<S>(context: Context<S>, path: string, fallback: number): number {
  const value = context.readRegistry(path);
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : fallback;
}

export function routerRegistry(
  customer: string,
  side: Side,
  thresholdMb: number,
  stateVersion: number,
): (readonly [string, RegistryValue])[] {
  const key = stateTransferKey(customer, side);
  return [
    [`${key}\\${STATE_SIZE_THRESHOLD}`, thresholdMb],
    [`${key}\\${STATE_VERSION}`, stateVersion],
  ];
}

export function pimRegistry(
  customer: string,
  node: string,
  pim: string,
  peripheral: string,
  peripheralId: number,
): (readonly [string, RegistryValue])[] {
  const key = `${pimKey(customer, node)}\\${pim}`;
  return [
    [`${key}\\PeripheralName`, peripheral],
    [`${key}\\PeripheralID`, peripheralId],
    [`${key}\\Enabled`, 1],
  ];
}
