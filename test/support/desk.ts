import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigurationServerState } from '../../src/engine/configuration/configuration-server.ts';
import type { ConfigurationObject } from '../../src/engine/configuration/object-types.ts';
import type { IconState } from '../../src/engine/icon/icon-state.ts';
import type { LabCommand } from '../../src/engine/lab/commands.ts';
import type { LabDefinition } from '../../src/engine/lab/definition.ts';
import type { SwitchState } from '../../src/engine/telephony/switch/switch-state.ts';
import type { TServerState } from '../../src/engine/telephony/t-server/t-server-state.ts';
import { parseLabLine } from '../../src/runtime/lab-console.ts';
import { parseLabFile } from '../../src/runtime/lab-file.ts';
import { programRoot } from '../../src/runtime/program-root.ts';
import { GENESYS_ONLY, messagesOf, rowsOf, SECOND, type WatchedLab, watchLab } from './lab50.ts';

export function desk(change: Partial<LabDefinition> = {}): LabDefinition {
  return shippedLab('desk', change);
}

export type ShippedLab = 'desk' | 'channels' | 'ha';

/** A lab that comes with the program. */
export function shippedLab(name: ShippedLab, change: Partial<LabDefinition> = {}): LabDefinition {
  const path = join(programRoot(), 'resources', 'labs', `${name}.yaml`);
  const parsed = parseLabFile(path, readFileSync(path, 'utf8'));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { ...parsed.definition, ...change };
}

type DeskOptions = {
  readonly lab?: ShippedLab;
  readonly routers?: boolean;
  readonly options?: Record<string, string>;
};

/** The lab of telephones used by hand, with the lines that its console takes. */
export class Desk {
  readonly watched: WatchedLab;

  /** Without `routers` the Central Controller is left out, and calls are routed by default. */
  constructor(
    { lab = 'desk', routers = false, options = {} }: DeskOptions = {},
    change: Partial<LabDefinition> = {},
  ) {
    const definition = shippedLab(lab, change);
    const icon = { ...definition.icon, options: { ...definition.icon.options, ...options } };
    this.watched = watchLab({ ...definition, icon }, routers ? undefined : GENESYS_ONLY);
    this.run(routers ? 180 : 20);
  }

  /** Lines of the console, a lab second after each. */
  say(...lines: string[]): void {
    for (const line of lines) {
      this.sayNow(line);
      this.run(1);
    }
  }

  sayNow(line: string): void {
    const parsed = parseLabLine(line);
    if (parsed.kind !== 'commands') throw new Error(`${line}: ${JSON.stringify(parsed)}`);
    for (const command of parsed.commands) this.do(command as LabCommand);
  }

  do(command: LabCommand): void {
    const result = this.watched.lab.execute(command);
    if (!result.ok) throw new Error(`${JSON.stringify(command)}: ${result.error.message}`);
  }

  run(seconds: number): void {
    const { simulation } = this.watched.lab;
    simulation.runUntil(simulation.nowUs + seconds * SECOND);
  }

  rows(table: string): Record<string, unknown>[] {
    return rowsOf(this.watched.changes, table);
  }

  /** Chosen columns of all rows of a table. */
  cells(table: string, ...columns: string[]): unknown[][] {
    return this.rows(table).map((row) => columns.map((column) => row[column]));
  }

  /** Names of the TEvents that ICON got, without registrations. */
  events(): string[] {
    return this.watched.events
      .filter(({ target, kind }) => target === 'icon1' && kind === 'sessionMessage')
      .map(({ data }) => data as { message: { type: string; ThisDN?: string } })
      .filter(({ message }) => /^Event(?!Registered|ACK)/.test(message.type))
      .map(({ message }) => `${message.type.slice(5)} ${message.ThisDN ?? ''}`.trim());
  }

  messages(type: string) {
    return messagesOf(this.watched, type);
  }

  /** The Application object of a name. */
  application(name: string): ConfigurationObject {
    const { objects } = this.watched.lab.stateOf<ConfigurationServerState>('confserv')!;
    const found = [...objects.values()].find(({ type, fields }) => {
      return type === 'application' && fields['name'] === name;
    });
    if (!found) throw new Error(`no application ${name}`);
    return found;
  }

  get icon(): IconState {
    return this.watched.lab.stateOf<IconState>('icon1')!;
  }

  get tServer(): TServerState {
    return this.watched.lab.stateOf<TServerState>('ts-east')!;
  }

  get switch(): SwitchState {
    return this.watched.lab.stateOf<SwitchState>('sw-east')!;
  }
}
