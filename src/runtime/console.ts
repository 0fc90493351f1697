import { labCommandSchema } from '../contract/commands.ts';
import type {
  CommandResult,
  Completion,
  ConsoleAnswer,
  ConsoleState,
  LabDescription,
} from '../contract/rpc.ts';
import { completeLine, newConsole, promptOf, runLine } from '../engine/icm/tools/shell.ts';
import type { ToolEnvironment } from '../engine/icm/tools/tool.ts';
import { formatClock } from '../engine/kernel/lab-time.ts';
import type { LabCommand } from '../engine/lab/commands.ts';
import type { Lab } from '../engine/lab/lab.ts';
import {
  CENTRAL_CONTROLLER_HOST,
  gatewayComponent,
  gatewayNode,
  SIDES,
} from '../engine/lab/nodes.ts';
import { availabilityLines, choiceLines, gapLines, unreliableLines } from './availability-lines.ts';
import { reportCalls, reportStory } from './calls/call-lines.ts';
import { reportCampaigns } from './campaign-report.ts';
import { configurationLine } from './configuration/configuration-lines.ts';
import { labAvailability } from './lab-availability.ts';
import {
  completeLabLine,
  LAB_CONSOLE,
  LAB_CONSOLE_HELP,
  parseLabLine,
  reportAlarms,
  reportStates,
  splitWords,
  tellResult,
} from './lab-console.ts';
import type { RunningLab } from './running-lab.ts';

/** Carries a command out, and makes it durable where the lab is kept. */
export type ExecuteCommand = (command: LabCommand) => Promise<CommandResult> | CommandResult;

export const LAB_PROMPT = 'lab> ';

export function toolEnvironment(lab: Lab): ToolEnvironment {
  const { definition, simulation } = lab;
  return {
    world: simulation.world,
    customer: definition.centralController.customer,
    utcOffsetSeconds: definition.utcOffsetSeconds,
    registryEntries: (host) => lab.registryEntries(host),
  };
}

/** The lab's own console, those of the ICM hosts by their nodes, then the other hosts. */
export function describeConsoles({ definition, simulation }: Lab): LabDescription['consoles'] {
  const gateways = definition.sites.flatMap((site) =>
    SIDES.map((side) => ({ host: gatewayNode(site, side), title: gatewayComponent(site, side) })),
  );
  const controllers = SIDES.map((side) => {
    return { host: CENTRAL_CONTROLLER_HOST[side], title: `${side} Central Controller` };
  });
  const named = [{ host: LAB_CONSOLE, title: 'Lab' }, ...controllers, ...gateways];
  const rest = [...simulation.world.hosts.keys()]
    .filter((host) => !named.some((one) => one.host === host))
    .map((host) => ({ host, title: host }));
  return [...named, ...rest];
}

/** One line typed at the console of a host, or at the lab's own. */
export async function executeLine(
  running: RunningLab,
  { state, line }: { readonly state: ConsoleState; readonly line: string },
  execute: ExecuteCommand,
): Promise<ConsoleAnswer> {
  if (state.host === LAB_CONSOLE) return executeLabLine(running, line, execute);
  const host = running.lab.simulation.world.hosts.get(state.host);
  if (!host) return answer(newConsole(state.host), [`There is no host ${state.host}.`]);
  if (!host.up) return answer(newConsole(state.host), [`The host ${state.host} has no power.`]);
  const told = runLine(toolEnvironment(running.lab), state, line);
  const next = { ...state, ...told.state };
  const refusals: string[] = [];
  for (const command of told.commands ?? []) {
    const parsed = labCommandSchema.safeParse(command);
    if (!parsed.success) {
      refusals.push(`${parsed.error.issues[0].message}.`);
      continue;
    }
    const result = await execute(parsed.data);
    if (!result.ok) refusals.push(`${result.error.message} ${result.error.remedy}`);
  }
  return answer(next, refusals.length > 0 ? refusals : told.lines, told.clears === true);
}

function answer(state: ConsoleState, lines: readonly string[], clears = false): ConsoleAnswer {
  // A line of text is a line of the console, whatever is in it.
  const shown = lines.flatMap((line) => line.split('\n'));
  return { lines: shown, state, prompt: promptOf(state), clears };
}

export function completeConsoleLine(
  { lab }: RunningLab,
  { state, line }: { readonly state: ConsoleState; readonly line: string },
): Completion {
  if (state.host === LAB_CONSOLE) return completeLabLine(lab, line);
  if (!lab.simulation.world.hosts.has(state.host)) return { from: line.length, choices: [] };
  return completeLine(toolEnvironment(lab), state, line);
}

/** What is typed by hand is checked as what comes from a screen. */
async function tellEdit(command: LabCommand, execute: ExecuteCommand): Promise<string> {
  const parsed = labCommandSchema.safeParse(command);
  if (!parsed.success) return `${parsed.error.issues[0].message}.`;
  return tellResult(await execute(parsed.data));
}

/** A line of the lab manual; its commands are made durable like all others. */
async function executeLabLine(
  running: RunningLab,
  line: string,
  execute: ExecuteCommand,
): Promise<ConsoleAnswer> {
  const { lab, journal } = running;
  const state: ConsoleState = { host: LAB_CONSOLE, folder: '', program: [] };
  const tell = (lines: readonly string[]): ConsoleAnswer => {
    return { lines, state, prompt: LAB_PROMPT, clears: false };
  };
  const edit = configurationLine(lab, splitWords(line));
  if (edit?.kind === 'told') return tell(edit.lines);
  if (edit?.kind === 'wrong') return tell([edit.message]);
  if (edit) {
    const result = await tellEdit(edit.command, execute);
    return tell(result === 'ok' && edit.warning ? [`ok; ${edit.warning}`] : [result]);
  }
  const parsed = parseLabLine(line);
  switch (parsed.kind) {
    case 'nothing':
      return tell([]);
    case 'help':
      return tell(LAB_CONSOLE_HELP);
    case 'states':
      return tell(reportStates(lab));
    case 'alarms': {
      const { epochSeconds, utcOffsetSeconds } = lab.definition;
      const clock = (us: number) => formatClock(us, epochSeconds + utcOffsetSeconds);
      return tell(reportAlarms(journal, clock));
    }
    case 'campaigns':
      return tell(reportCampaigns(lab));
    case 'availability':
      return tell(availabilityLines(labAvailability(running)));
    case 'gaps':
      return tell(gapLines(labAvailability(running)));
    case 'unreliable':
      return tell(unreliableLines(labAvailability(running)));
    case 'choice':
      return tell(choiceLines(labAvailability(running)));
    case 'calls':
      return tell(reportCalls(running, parsed.text, parsed.database));
    case 'story':
      return tell(reportStory(running, parsed.text, parsed.database));
    case 'wrong':
      return tell([parsed.message]);
    case 'commands': {
      const told: string[] = [];
      for (const command of parsed.commands) told.push(tellResult(await execute(command)));
      return tell([...new Set(told)]);
    }
  }
}
