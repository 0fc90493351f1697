import type { CellValue, IdbColumnInfo } from '../../../contract/rpc.ts';

/** The word of an enumeration beside its number; empty for what has none. */
export function wordOf({ values }: IdbColumnInfo, value: CellValue): string {
  return values?.[String(value)] ?? '';
}

/** What a column means, how sure that is, and where it is from. */
export function columnHelp({ confidence, meaning, name, source, type }: IdbColumnInfo): string {
  return `${name} ${type}\n${meaning}\n${confidence}: ${source}`;
}
