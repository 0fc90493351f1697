import { main } from '../../src/cli/index.ts';
import { formatLadder, LADDER_CLIENTS, type LadderClient } from '../../src/contract/ladder.ts';
import { parseDurationUs } from '../../src/contract/units.ts';
import { allCheckers } from '../../src/engine/checkers/all-checkers.ts';
import { CheckedRun } from '../../src/engine/checkers/checker.ts';
import { ICM_SETTINGS } from '../../src/engine/icm/settings.ts';
import { newConsole } from '../../src/engine/icm/tools/shell.ts';
import type { ConsoleState } from '../../src/engine/icm/tools/tool.ts';
import { idbTable } from '../../src/engine/idb/schema.ts';
import { formatClock } from '../../src/engine/kernel/lab-time.ts';
import type { CommandResult } from '../../src/engine/lab/commands.ts';
import type { LabDefinition } from '../../src/engine/lab/definition.ts';
import { executeLine } from '../../src/runtime/console.ts';
import { LAB_CONSOLE, splitWords, tellResult } from '../../src/runtime/lab-console.ts';
import { RunningLab } from '../../src/runtime/running-lab.ts';
import { shippedLab } from '../support/desk.ts';
import { lab50, quietLab50 } from '../support/lab50.ts';

/** One sitting at a lab, driven by the commands of a transcript. */
export class Session {
  private running: RunningLab | undefined;
  /** Where each host's console stands. */
  private readonly consoles = new Map<string, ConsoleState>();
  private shownRows = new Map<LadderClient, number>();
  private shownLines = 0;
  /** Every promise is watched in every sitting, but where the sitting itself breaks one. */
  private checked = new CheckedRun([]);

  /** Carries out one command line and answers what a transcript shows below it. */
  async execute(line: string): Promise<string[]> {
    const [command, ...words] = splitWords(line);
    const rest = words.join(' ');
    switch (command) {
      case 'lab':
        return this.open(words);
      case 'run':
        return this.run(rest);
      case 'until':
        return this.until(rest);
      case 'services':
        return this.createServices(words[0], Number(words[1]));
      case 'calls':
        return this.calls(words[0], Number(words[1]));
      case 'ladder':
        return this.ladder(words[0] as LadderClient);
      case 'console':
        return this.console(words[0], line.replace(/^console\s+\S+\s*/, ''));
      case 'log':
        return this.log(words);
      case 'rows':
        return this.rows(words[0], words[1].split(','));
      case 'duplexlab':
        return this.cli(words);
      default:
        return this.labLine(line);
    }
  }

  close(): void {
    this.running?.close();
  }

  private get open_(): RunningLab {
    if (!this.running) throw new Error('a transcript opens a lab first');
    return this.running;
  }

  /**
   * `lab lab50`, then `quiet` (without callers of its own), `alone` (side A has come up) or
   * `paired` (both have), and settings of the Central Controller such as `release=75`.
   */
  private async open([given, ...words]: string[]): Promise<string[]> {
    const known = ['lab50', 'desk', 'channels', 'ha'] as const;
    const name = known.find((one) => one === given);
    if (!name) throw new Error(`no lab ${given}`);
    const quiet = words.includes('quiet');
    const shipped = name === 'lab50' ? lab50() : shippedLab(name);
    const definition = quiet ? quietLab50() : shipped;
    const settings = words.filter((word) => word.includes('='));
    const changed = changeSettings(definition, settings);
    // A sitting that breaks a promise on purpose says so.
    const checkers = words.includes('unchecked') ? [] : allCheckers(changed);
    this.checked = new CheckedRun(checkers);
    this.running = await RunningLab.create(changed, (sink) => this.checked.sink(sink));
    if (words.includes('alone')) this.advance(100_000_000);
    else if (words.includes('paired')) this.advance(180_000_000);
    else return ['ok'];
    this.shownLines = this.running.journal.logLines.length;
    return [this.clock(this.running.nowUs)];
  }

  private run(duration: string): string[] {
    const us = parseDurationUs(duration);
    if (us === undefined) throw new Error(`no duration: ${duration}`);
    const { simulation } = this.open_.lab;
    this.advance(simulation.nowUs + us);
    return [this.clock(simulation.nowUs)];
  }

  private advance(untilUs: number): void {
    this.checked.runUntil(this.open_.lab.simulation, untilUs);
    const [broken] = this.checked.violations;
    if (broken) throw new Error(`${broken.checker}: ${broken.sentence}`);
  }

  /** Runs until a log line says so, `until rb-mds Isolated-Enabled`; at most ten minutes. */
  private until(text: string): string[] {
    const { lab, journal } = this.open_;
    const [process, ...words] = text.split(' ');
    const before = journal.logLines.length;
    const limitUs = lab.simulation.nowUs + 600_000_000;
    const isIt = (line: { process: string; text: string }) =>
      line.process === process && line.text.includes(words.join(' '));
    while (lab.simulation.nowUs < limitUs) {
      this.advance(lab.simulation.nowUs + 100_000);
      if (journal.logLines.slice(before).some(isIt)) return [this.clock(lab.simulation.nowUs)];
    }
    throw new Error(`no line of ${process} said ${words.join(' ')}`);
  }

  /** What the console of the lab itself takes. */
  private labLine(line: string): Promise<string[]> {
    return this.console(LAB_CONSOLE, line);
  }

  /** So many services, each of 35 standard objects. */
  private createServices(name: string, count: number): string[] {
    const type = 'service';
    const { lab } = this.open_;
    for (let number = 1; number <= count; number++) {
      const fields = { name: `${name}_${number}`, peripheral: 101 };
      const result = lab.execute({ verb: 'create-object', object: { type, state: 1, fields } });
      if (!result.ok) return tellLines(result);
    }
    return [`${count} made`];
  }

  /** So many callers at once, a second apart. */
  private calls(dialedNumber: string, count: number): string[] {
    for (let number = 0; number < count; number++) {
      const ani = `55502${String(number).padStart(2, '0')}`;
      const result = this.open_.lab.execute({ verb: 'place-call', dialedNumber, ani });
      if (!result.ok) return tellLines(result);
      this.advance(this.open_.lab.simulation.nowUs + 1_000_000);
    }
    return [`${count} callers`];
  }

  /** The exchange since the last look. */
  private ladder(client: LadderClient): string[] {
    if (!LADDER_CLIENTS.includes(client)) throw new Error(`no client ${client}`);
    const { ladder } = this.open_;
    const seen = this.shownRows.get(client) ?? -1;
    const rows = ladder.window(client, null, 1000, true).filter(({ index }) => index > seen);
    this.shownRows.set(client, rows.at(-1)?.index ?? seen);
    return formatLadder(client, rows, (us) => this.clock(us));
  }

  private async console(host: string, line: string): Promise<string[]> {
    const state = this.consoles.get(host) ?? newConsole(host);
    const { lab } = this.open_;
    const answer = await executeLine(this.open_, { state, line }, (command) =>
      lab.execute(command),
    );
    this.consoles.set(host, answer.state);
    return [...answer.lines];
  }

  /** Log lines since the last look, of the processes named or of all. */
  private log(processes: string[]): string[] {
    const { logLines } = this.open_.journal;
    const fresh = logLines.slice(this.shownLines);
    this.shownLines = logLines.length;
    return fresh
      .filter(({ process, severity, event }) => {
        // Without names: what a catalogue knows; trace lines only of processes that are named.
        if (processes.length === 0) return event !== '';
        return severity !== 'trace' && processes.includes(process);
      })
      .map(({ atUs, process, event, text }) => {
        return `${this.clock(atUs)} ${process} ${event ? `${event} ` : ''}${text}`;
      });
  }

  private rows(table: string, columns: string[]): string[] {
    const { columnNumbers } = idbTable(table);
    const page = this.open_.idb.page(table, 0, 200);
    const lines = page.rows.map((row) =>
      columns.map((column) => String(row[columnNumbers.get(column)!] ?? '-')).join(' | '),
    );
    return [columns.join(' | '), ...lines];
  }

  /** The program itself: what it prints, and its exit code when that is not 0. */
  private async cli(args: string[]): Promise<string[]> {
    let printed = '';
    const capture = (text: string | Uint8Array) => {
      printed += String(text);
      return true;
    };
    const { stdout, stderr } = process;
    const [out, err] = [stdout.write, stderr.write];
    stdout.write = capture as typeof stdout.write;
    stderr.write = capture as typeof stderr.write;
    try {
      const code = await main(args);
      const lines = printed.trimEnd().split('\n');
      return code === 0 ? lines : [...lines, `exit code ${code}`];
    } finally {
      stdout.write = out;
      stderr.write = err;
    }
  }

  private clock(us: number): string {
    const { epochSeconds, utcOffsetSeconds } = this.open_.lab.definition;
    return formatClock(us, epochSeconds + utcOffsetSeconds);
  }
}

function changeSettings(definition: LabDefinition, words: readonly string[]): LabDefinition {
  const changes = words.map((word) => {
    const [name, value] = word.split('=');
    if (!Object.hasOwn(ICM_SETTINGS, name)) throw new Error(`no setting ${name}`);
    return [name, parseDurationUs(value) ?? Number(value)];
  });
  const { centralController } = definition;
  const settings = { ...centralController.settings, ...Object.fromEntries(changes) };
  return { ...definition, centralController: { ...centralController, settings } };
}

const tellLines = (result: CommandResult): string[] => [tellResult(result)];
