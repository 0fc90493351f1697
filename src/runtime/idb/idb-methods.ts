import type { Methods, RowHistory } from '../../contract/rpc.ts';
import { idbTable } from '../../engine/idb/schema.ts';
import type { Steps } from '../../engine/kernel/steps.ts';
import { READING_GIVEN_UP } from '../command-errors.ts';
import { explain } from '../journal/explain.ts';
import type { LongWork } from '../long-work.ts';
import { Refused } from '../refused.ts';
import type { RunningLab } from '../running-lab.ts';
import { pageInSteps } from './page-steps.ts';
import type { QueryRunner } from './query-runner.ts';
import { describeTables, followValue } from './table-info.ts';

type IdbMethods = Pick<Methods, Extract<keyof Methods, `idb.${string}`>>;

/** The methods of the contract that are about the IDBs. */
export function idbMethods(
  running: () => RunningLab,
  imageOf: (database: string | undefined) => Promise<Uint8Array>,
  queries: QueryRunner,
  reading: LongWork,
): IdbMethods {
  const idbIn = (database: string | undefined) => running().idbIn(database).idb;
  /** Of a large table this takes long. */
  const read = async <T extends object>(steps: Steps<T>, reader: string | undefined) => {
    const found = await reading.run(steps, { reader });
    if (!found) throw new Refused(READING_GIVEN_UP);
    return found;
  };
  return {
    'idb.tables': ({ database }) => describeTables(idbIn(database)),
    'idb.counts': ({ database }) => idbIn(database).counts(),
    'idb.page': (request) => read(pageInSteps(idbIn(request.database), request), request.reader),
    'idb.follow': ({ column, database, reader, table, value }) =>
      read(followValue(idbIn(database), { table, column }, value), reader),
    'idb.cancelReading': ({ reader }) => {
      reading.cancel(reader);
      return null;
    },
    'idb.query': ({ database, sql }) => queries.run(imageOf(database), sql),
    'idb.cancel': () => {
      queries.cancel();
      return null;
    },
    'idb.row': ({ database, row, table }) => rowHistory(running(), table, row, database),
  };
}

function rowHistory(
  running: RunningLab,
  table: string,
  row: number,
  database: string | undefined,
): RowHistory {
  const { rowCauses } = running.idbIn(database);
  const causes = rowCauses.causesOf(idbTable(table).number, row);
  return {
    changes: causes.map(({ op, seq }) => ({ op, explanation: explain(running.journal, seq) })),
  };
}
