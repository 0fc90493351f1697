import { type CallCell, type CallStory, noCallSentence } from '../../contract/calls.ts';
import type { RunningLab } from '../running-lab.ts';
import { callStory, listCalls } from './call-story.ts';

/** The console's words about calls: `calls`, and `story` of one of them. */

export const CALL_HELP = [
  'calls [TEXT]                   the newest calls, or those with a text in a number or id',
  'story [ID]                     messages, parties and rows of a call; without an id the newest',
];

const MAX_CALLS = 20;

export function reportCalls(running: RunningLab, text: string, database?: string): string[] {
  const unknown = refuseDatabase(running, database);
  if (unknown) return [unknown];
  const { calls, total } = listCalls(running, { text, limit: MAX_CALLS, database });
  if (calls.length === 0)
    return [total === 0 ? 'IDB has no call yet.' : noCallSentence(text, total)];
  return calls.map(({ uuid, type, ani, dnis, switchName, createdSeconds, terminatedSeconds }) => {
    const end = terminatedSeconds === null ? 'goes on' : `${terminatedSeconds - createdSeconds} s`;
    if (switchName === '') return `${uuid} ${type}, ${end}`;
    return `${uuid} ${type.padEnd(8)} ${ani || '-'} to ${dnis || '-'} at ${switchName}, ${end}`;
  });
}

function refuseDatabase({ idbs }: RunningLab, database: string | undefined): string | undefined {
  const known = idbs.map(({ place }) => place.database);
  if (database === undefined || known.includes(database)) return undefined;
  return `This lab has no database "${database}". Use one of: ${known.join(', ')}.`;
}

/** The newest call that is no consultation, or the one whose id ends so. */
export function reportStory(running: RunningLab, id: string, database?: string): string[] {
  const unknown = refuseDatabase(running, database);
  if (unknown) return [unknown];
  const { calls } = listCalls(running, { text: id, limit: 50, database });
  const call = calls.find(({ parent }) => id !== '' || parent === '');
  const story = call && callStory(running, call.uuid, database);
  if (!story) {
    return [id === '' ? 'IDB has no call yet.' : `IDB has no call "${id}" (yet).`];
  }
  return formatStory(story, running.lab.simulation.world.epochSeconds);
}

/** `?` behind a column: no source confirms it for this table. */
export function formatStory(story: CallStory, epochSeconds: number): string[] {
  const lines = [story.calls.map(({ name, uuid }) => `${name} ${uuid}`).join(', '), 'Messages:'];
  const startUs = story.events[0]?.atUs ?? 0;
  if (story.eventsCutOff) lines.push('  (older messages are not kept)');
  for (const { atUs, from, to, type, dn, treatment, call } of story.events) {
    const seconds = ((atUs - startUs) / 1e6).toFixed(3).padStart(9);
    lines.push(
      `  ${seconds} ${from} > ${to}: ${[type, dn, treatment, call].filter(Boolean).join(' ')}`,
    );
  }
  lines.push('Parties:');
  const startSeconds = Math.floor(epochSeconds + startUs / 1e6);
  for (const { party, call, dn, role, spans } of story.parties) {
    const path = spans.map(({ state, fromSeconds }) => `${state} ${fromSeconds - startSeconds}s`);
    lines.push(`  ${party} ${dn} in ${call}, ${role}: ${path.join(' > ')}`);
  }
  lines.push('Rows:');
  for (const { table, row, sentence, cells } of story.rows) {
    lines.push(`  ${table} ${row}: ${sentence}.`);
    lines.push(...wrap(cells.map(formatCell)));
  }
  return lines;
}

function formatCell({ column, value, word, isInferred }: CallCell): string {
  const meaning = word === '' ? '' : ` (${word})`;
  return `${column}${isInferred ? '?' : ''}=${value}${meaning}`;
}

const WIDTH = 112;

function wrap(words: readonly string[]): string[] {
  const lines: string[] = [];
  let line = '     ';
  for (const word of words) {
    if (line.length + word.length + 2 > WIDTH && line.trim() !== '') {
      lines.push(line);
      line = '     ';
    }
    line += ` ${word};`;
  }
  if (line.trim() !== '') lines.push(line);
  return lines;
}
