import type { ConfigurationServerState } from '../../src/engine/configuration/configuration-server.ts';
import type {
  ConfigurationObject,
  FieldValue,
  ObjectTypeName,
  Sections,
} from '../../src/engine/configuration/object-types.ts';
import type { IconState } from '../../src/engine/icon/icon-state.ts';
import type { LabCommand } from '../../src/engine/lab/commands.ts';
import type { LabDefinition } from '../../src/engine/lab/definition.ts';
import {
  GENESYS_ONLY,
  messagesOf,
  quietLab50,
  rowsOf,
  SECOND,
  type WatchedLab,
  watchLab,
} from './lab50.ts';

/** A lab whose configuration is edited, as the Configuration Server and IDB have it. */
export class Editing {
  readonly watched: WatchedLab;

  constructor(options: Record<string, string> = {}, change: Partial<LabDefinition> = {}) {
    const definition = quietLab50(change);
    const icon = { ...definition.icon, options };
    this.watched = watchLab({ ...definition, icon }, GENESYS_ONLY);
    this.run(20);
  }

  get server(): ConfigurationServerState {
    return this.watched.lab.stateOf<ConfigurationServerState>('confserv')!;
  }

  get icon(): IconState {
    return this.watched.lab.stateOf<IconState>('icon1')!;
  }

  do(command: LabCommand): void {
    const result = this.watched.lab.execute(command);
    if (!result.ok) throw new Error(result.error.message);
  }

  run(seconds: number): void {
    const { simulation } = this.watched.lab;
    simulation.runUntil(simulation.nowUs + seconds * SECOND);
  }

  create(type: ObjectTypeName, fields: Record<string, FieldValue>, annex?: Sections): number {
    const object = { type, state: 1, fields, ...(annex && { annex }) };
    const result = this.watched.lab.execute({ verb: 'create-object', object });
    if (!result.ok) throw new Error(`${type}: ${result.error.message}`);
    this.run(10);
    return Math.max(...this.objects(type).map(({ dbid }) => dbid));
  }

  update(type: ObjectTypeName, dbid: number, change: Partial<ConfigurationObject>): void {
    const before = this.objects(type).find((object) => object.dbid === dbid)!;
    const object = { ...before, ...change };
    const result = this.watched.lab.execute({ verb: 'update-object', object });
    if (!result.ok) throw new Error(result.error.message);
    this.run(10);
  }

  delete(objectType: ObjectTypeName, dbid: number): void {
    const result = this.watched.lab.execute({ verb: 'delete-object', objectType, dbid });
    if (!result.ok) throw new Error(result.error.message);
    this.run(10);
  }

  application(name: string): ConfigurationObject {
    return this.objects('application').find(({ fields }) => fields['name'] === name)!;
  }

  setServerOption(name: string, value: string, section = 'history-log'): void {
    const { dbid, options = {} } = this.application('confserv');
    const changed = { ...options, [section]: { ...options[section], [name]: value } };
    this.update('application', dbid, { options: changed });
  }

  /** Sets an option of ICON, and waits until it is known. */
  setIconOption(name: string, value: string): void {
    this.option(name, value);
    this.run(10);
  }

  /** Sets an option of ICON at this moment. */
  option(name: string, value: string): void {
    const object = this.application('ICON1');
    const callconcentrator = { ...object.options?.['callconcentrator'], [name]: value };
    this.do({ verb: 'update-object', object: { ...object, options: { callconcentrator } } });
  }

  /** Lines of the log that have a text in them. */
  lines(text: string): string[] {
    return this.watched.lines.map((line) => line.text).filter((line) => line.includes(text));
  }

  /** What the Configuration Server was asked. */
  requests(type: string) {
    return messagesOf(this.watched, type).filter(({ to }) => to === 'confserv');
  }

  /** One column of the active rows of a table. */
  active(table: string, column: string): unknown[] {
    const rows = this.rows(table).filter(({ STATUS }) => STATUS === 1);
    return rows.map((row) => row[column]);
  }

  rows(table: string) {
    return rowsOf(this.watched.changes, table);
  }

  objects(type: ObjectTypeName): ConfigurationObject[] {
    return [...this.server.objects.values()].filter((object) => object.type === type);
  }
}
