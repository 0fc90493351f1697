import { Hash } from '../../kernel/hash.ts';
import { formatStamp } from '../../kernel/lab-time.ts';
import { handlesOf, hashTable, type TableLayout, type TableState } from '../record-table.ts';
import type { RouterContext } from './call-router-state.ts';
import { ROUTER_TABLE_NAMES, ROUTER_TABLES } from './tables.ts';

const encoder = new TextEncoder();

/**
 * The Standard Object Dump (SOD): every record of every table, so that the files of the two sides
 * can be compared line by line. Where it stands is documented (ICM-CHK-02); its form is not, and is
 * an emulator choice.
 */
export function dumpObjects(context: RouterContext): void {
  const { state } = context;
  const node = `r${state.client.config.side.toLowerCase()}`;
  const path = `icm/${state.customer}/${node}/rtr_${formatStamp(context.utcSeconds)}.sod`;
  const lines = [
    'Standard Object Dump (layout: emulator choice)',
    `order ${state.ownCheck.order}`,
    `hash ${state.ownCheck.hash}`,
  ];
  for (const name of ROUTER_TABLE_NAMES) {
    lines.push(...dumpTable(ROUTER_TABLES[name], state.router.tables[name]));
  }
  context.replaceFile(path, encoder.encode(`${lines.join('\r\n')}\r\n`));
  context.syncFile(path);
  context.log('error', `Standard Object Dump written to ${path.replaceAll('/', '\\')}.`);
}

function dumpTable(layout: TableLayout, table: TableState): string[] {
  const hash = new Hash();
  hashTable(hash, table);
  const { count, words } = table;
  const head = `[${layout.name}] ${count} records, ${words.byteLength} bytes, ${hash.hex()}`;
  const lines = [head];
  for (const handle of handlesOf(layout, table)) {
    const start = (handle - 1) * layout.recordWords;
    const record = table.words.subarray(start, start + layout.recordWords);
    lines.push(`${handle} ${new Hash().words(record).hex()}`);
  }
  return lines;
}
