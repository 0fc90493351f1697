import { encodeRecordInSteps } from '../kernel/record-log.ts';
import { forEachInSteps, type Steps, stepsWithin } from '../kernel/steps.ts';
import type { ConfigurationServerState, StoredTransaction } from './configuration-server.ts';
import { authorOf, type EditCommand } from './edit-commands.ts';
import { encodeRecordEntries } from './history-log.ts';
import type { HistoryRecord } from './messages.ts';
import { OBJECT_TYPES, objectKey } from './object-types.ts';
import { type HistoryLogSettings, historyLogSettings } from './server-options.ts';
import type { Plan } from './transaction.ts';
import { visibilityOf } from './visibility.ts';

/**
 * What an edit does, worked out whole before it is made: an import of thousands of objects takes
 * its time here, in steps, and none in the one event that changes the configuration.
 */
export type PreparedEdit = {
  readonly stored: StoredTransaction;
  /** As the Configuration Database writes it. */
  readonly storedBytes: Uint8Array;
  readonly records: readonly HistoryRecord[];
  /** As the history log writes them. */
  readonly recordBytes: Uint8Array;
  /** As they are after the edit. */
  readonly settings: HistoryLogSettings;
};

/** `changedAt` in UTC seconds. The state must not change meanwhile, nor before the edit is made. */
export function* prepareEdit(
  state: ConfigurationServerState,
  command: EditCommand,
  plan: Plan,
  changedAt: number,
): Steps<PreparedEdit> {
  const visibility = visibilityOf(state.objects, plan.objects, plan.changes);
  const { hiddenFrom, changes: seen } = yield* stepsWithin(visibility, 0, 0.1);
  const stored: StoredTransaction = {
    transaction: state.nextTransaction,
    kind: kindOf(command),
    title: titleOf(plan.changes),
    lastRecord: state.nextRecord + plan.changes.length + seen.length - 1,
    changedAt,
    changes: plan.changes,
  };
  const { person } = authorOf(command);
  const author = person === 0 ? 'default' : objectKey('person', person);
  const shared = { transaction: stored.transaction, author, changedAt };
  const records: HistoryRecord[] = [];
  const record = () => state.nextRecord + records.length;
  const told = forEachInSteps(plan.changes, (change) => {
    const { action, object } = change;
    const hidden = hiddenFrom(change);
    const one = { record: record(), ...shared, action, object, application: 0 };
    records.push({ ...one, hiddenFrom: hidden });
  });
  yield* stepsWithin(told, 0.1, 0.2);
  for (const { action, object, application } of seen) {
    records.push({ record: record(), ...shared, action, object, application, hiddenFrom: [] });
  }
  const settings = historyLogSettings(plan.objects);
  const storedBytes = yield* stepsWithin(encodeRecordInSteps(stored), 0.2, 0.5);
  const recordBytes = yield* stepsWithin(encodeRecordEntries(records), 0.5, 1);
  return { stored, storedBytes, records, recordBytes, settings };
}

function kindOf({ type }: EditCommand): StoredTransaction['kind'] {
  if (type === 'undo edit') return 'undo';
  return type === 'redo edit' ? 'redo' : 'edit';
}

/** What a transaction did, in a few words. */
function titleOf(changes: Plan['changes']): string {
  const [first] = changes;
  const { label, nameField } = OBJECT_TYPES[first.object.type];
  const name = String(first.object.fields[nameField] ?? first.object.dbid);
  const more = changes.length > 1 ? ` and ${changes.length - 1} more` : '';
  return `${label} ${name} ${first.action}${more}`;
}
