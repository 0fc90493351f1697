import { DICTIONARIES, spellWord } from './dictionary.ts';
import { PROCEDURES } from './procedures.ts';
import { addInsert, createBatch } from './row-batch.ts';
import type { IdbTransaction } from './row-changes.ts';

/** Who writes the rows that are in IDB before any ICON. */
export const INIT_SCRIPT = 'init script';

/** What the script that makes IDB fills in: dictionaries and the list of stored procedures. */
export function initScript(cause: number, utcSeconds: number): IdbTransaction {
  const batch = createBatch();
  let entry = 0;
  for (const { number, name, values } of DICTIONARIES) {
    addInsert(batch, 'G_DICT_TYPE', number, { NAME: name }, cause);
    for (const [word, code] of Object.entries(values)) {
      const row = {
        TYPE: number,
        CODE: code,
        NAME: spellWord(word),
        DESCRIPTION: `${name}: ${word}`,
      };
      addInsert(batch, 'G_DICTIONARY', ++entry, row, cause);
    }
  }
  for (const [index, { name, about }] of PROCEDURES.entries()) {
    addInsert(
      batch,
      'GSYS_SYSPROCINFO',
      index + 1,
      { PROCNAME: name, SCHEMAVERSION: '8.1', BUILD: about.slice(0, 255), INSTALLED: utcSeconds },
      cause,
    );
  }
  const { shapes, bytes, sizeBytes } = batch;
  return {
    kind: 'idb transaction',
    icon: INIT_SCRIPT,
    position: 1,
    shapes,
    bytes: bytes.slice(0, sizeBytes),
  };
}
