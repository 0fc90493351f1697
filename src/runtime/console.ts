import type { ConsoleAnswer } from '../contract/rpc.ts';
import type { Side } from '../engine/icm/messages.ts';
import { listFiles, queryRegistry, showFile } from '../engine/icm/tools/host-files.ts';
import { runNetstat } from '../engine/icm/tools/netstat.ts';
import { runRttest } from '../engine/icm/tools/rttest.ts';
import { runTasklist } from '../engine/icm/tools/tasklist.ts';
import type { WorldState } from '../engine/kernel/world.ts';
import { CENTRAL_CONTROLLER_HOST } from '../engine/lab/nodes.ts';
import type { RunningLab } from './running-lab.ts';

const SHELL_PROMPT = 'C:\\>';
const RTTEST_PROMPT = 'RTTEST: ';

/** Programs that print and end. */
const TOOLS: Readonly<
  Record<string, (world: WorldState, host: string, words: readonly string[]) => string[]>
> = {
  netstat: runNetstat,
  tasklist: runTasklist,
  dir: listFiles,
  type: showFile,
  reg: queryRegistry,
};

interface ConsoleLine {
  readonly host: string;
  /** What is reading the line: '' for the shell, or `rttest A`. */
  readonly program: string;
  readonly line: string;
}

/** One line typed at a console of a Central Controller host. */
export function executeLine(
  running: RunningLab,
  { host, program, line }: ConsoleLine,
): ConsoleAnswer & { program: string } {
  if (!running.lab.simulation.world.hosts.has(host)) {
    return { lines: [`There is no host ${host}.`], prompt: SHELL_PROMPT, program: '' };
  }
  if (program.startsWith('rttest ')) return inRttest(running, program, line);
  return inShell(running, host, line);
}

function inShell(running: RunningLab, host: string, line: string) {
  const words = line.trim().split(/\s+/);
  const [command] = words;
  const stay = (lines: string[]) => ({ lines, prompt: SHELL_PROMPT, program: '' });
  if (command === '') return stay([]);
  if (command === 'help') {
    return stay([
      'rttest /cust <customer> [/node <ra|rb>]   test interface of the CallRouter',
      'netstat                                   sessions and listening ports of this host',
      'tasklist                                  processes of this host',
      'dir [text]                                files of this host whose path contains the text',
      'type <file>                               a file of this host',
      'reg query [text]                          registry values whose path contains the text',
      'help',
    ]);
  }
  const tool = TOOLS[command.toLowerCase()];
  if (tool) return stay(tool(running.lab.simulation.world, host, words.slice(1)));
  if (command.toLowerCase() !== 'rttest') {
    return stay([`'${command}' is not recognized as an internal or external command.`]);
  }
  const { customer } = running.lab.definition.centralController;
  const option = (name: string) => {
    const at = words.findIndex((word) => word.toLowerCase() === name);
    return at < 0 ? undefined : (words[at + 1] ?? '');
  };
  if (option('/cust') !== customer) {
    return stay([`RTTEST: use /cust ${customer}, the customer of this lab.`]);
  }
  const node = (
    option('/node') ?? (host === CENTRAL_CONTROLLER_HOST.B ? 'rb' : 'ra')
  ).toLowerCase();
  if (node !== 'ra' && node !== 'rb') return stay([`RTTEST: there is no node ${node}.`]);
  const side: Side = node === 'ra' ? 'A' : 'B';
  const { running: isUp } = running.lab.simulation.process(`${node}-rtr`);
  if (!isUp) return stay([`RTTEST: no connection to the router of side ${side}.`]);
  return { lines: [], prompt: RTTEST_PROMPT, program: `rttest ${side}` };
}

function inRttest(running: RunningLab, program: string, line: string) {
  const word = line.trim().toLowerCase();
  if (word === 'quit' || word === 'q' || word === 'exit') {
    return { lines: [], prompt: SHELL_PROMPT, program: '' };
  }
  const { lab } = running;
  const { definition, simulation } = lab;
  const environment = {
    world: simulation.world,
    customer: definition.centralController.customer,
    utcOffsetSeconds: definition.utcOffsetSeconds,
  };
  const side: Side = program.endsWith('B') ? 'B' : 'A';
  return { lines: runRttest(environment, side, line), prompt: RTTEST_PROMPT, program };
}
