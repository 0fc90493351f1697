import { main } from '../../src/cli/index.ts';
import { labCommandSchema } from '../../src/contract/commands.ts';
import { formatLadder, LADDER_CLIENTS, type LadderClient } from '../../src/contract/ladder.ts';
import { parseDurationUs } from '../../src/contract/units.ts';
import { idbTable } from '../../src/engine/idb/schema.ts';
import { formatClock } from '../../src/engine/kernel/lab-time.ts';
import { executeLine } from '../../src/runtime/console.ts';
import { RunningLab } from '../../src/runtime/running-lab.ts';
import { lab50, quietLab50 } from '../support/lab50.ts';

/** One sitting at a lab, driven by the commands of a transcript. */
export class Session {
  private running: RunningLab | undefined;
  private program = '';
  private shownRows = new Map<LadderClient, number>();
  private shownLines = 0;

  /** Carries out one command line and answers what a transcript shows below it. */
  async execute(line: string): Promise<string[]> {
    const [command, ...words] = line.split(' ');
    const rest = words.join(' ');
    switch (command) {
      case 'lab':
        return this.open(words);
      case 'run':
        return this.run(rest);
      case 'do':
        return this.command(words);
      case 'ladder':
        return this.ladder(words[0] as LadderClient);
      case 'console':
        return this.console(words[0], words.slice(1).join(' '));
      case 'log':
        return this.log(words);
      case 'rows':
        return this.rows(words[0], words[1].split(','));
      case 'duplexlab':
        return this.cli(words);
      default:
        throw new Error(`a transcript has no command "${command}"`);
    }
  }

  close(): void {
    this.running?.close();
  }

  private get open_(): RunningLab {
    if (!this.running) throw new Error('a transcript opens a lab first');
    return this.running;
  }

  /** `lab lab50` or `lab lab50 quiet`: without callers of its own. */
  private async open([name, mode]: string[]): Promise<string[]> {
    if (name !== 'lab50') throw new Error(`no lab ${name}`);
    this.running = await RunningLab.create(mode === 'quiet' ? quietLab50() : lab50());
    return ['ok'];
  }

  private run(duration: string): string[] {
    const us = parseDurationUs(duration);
    if (us === undefined) throw new Error(`no duration: ${duration}`);
    const { simulation } = this.open_.lab;
    simulation.runUntil(simulation.nowUs + us);
    return [this.clock(simulation.nowUs)];
  }

  /** `do stop-side side=A` */
  private command([verb, ...pairs]: string[]): string[] {
    const fields = pairs.map((pair) => pair.split('=') as [string, string]);
    const command = labCommandSchema.parse({ verb, ...Object.fromEntries(fields) });
    const result = this.open_.lab.execute(command);
    return [result.ok ? 'ok' : `${result.error.message} ${result.error.remedy}`];
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

  private console(host: string, line: string): string[] {
    const answer = executeLine(this.open_, { host, program: this.program, line });
    this.program = answer.program;
    return [...answer.lines];
  }

  /** Log lines since the last look, of the processes named or of all. */
  private log(processes: string[]): string[] {
    const { logLines } = this.open_.journal;
    const fresh = logLines.slice(this.shownLines);
    this.shownLines = logLines.length;
    return fresh
      .filter(({ process }) => processes.length === 0 || processes.includes(process))
      .map(({ atUs, process, text }) => `${this.clock(atUs)} ${process} ${text}`);
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
