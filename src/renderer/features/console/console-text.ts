import type { ConsoleLine } from '../../stores/console.ts';

/** Pure helpers of the console: what is found in it, what it is as text, what Tab types. */

export type Match = { readonly line: number; readonly from: number; readonly to: number };

export const lineText = ({ prompt, text }: ConsoleLine): string => `${prompt ?? ''}${text}`;

export function consoleText(lines: readonly ConsoleLine[]): string {
  return lines.map(lineText).join('\n');
}

/** Every place where the words stand, upper and lower case alike; `line` counts from 0. */
export function findMatches(lines: readonly ConsoleLine[], wanted: string): Match[] {
  const text = wanted.toLowerCase();
  if (text === '') return [];
  const found: Match[] = [];
  lines.forEach((one, line) => {
    const whole = lineText(one).toLowerCase();
    for (let at = whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + text.length)) {
      found.push({ line, from: at, to: at + text.length });
    }
  });
  return found;
}

export type Piece = { readonly text: string; readonly match: number | null };

/** A line cut at its matches; `match` is the number of the match among all. */
export function cutLine(text: string, matches: readonly (Match & { index: number })[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { from, to, index } of matches) {
    if (from > at) pieces.push({ text: text.slice(at, from), match: null });
    pieces.push({ text: text.slice(from, to), match: index });
    at = to;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ text: text.slice(at), match: null });
  return pieces;
}

/** The longest beginning that all choices share, compared without case. */
export function commonStart(choices: readonly string[]): string {
  const [first = ''] = choices;
  let length = first.length;
  for (const choice of choices) {
    while (!choice.toLowerCase().startsWith(first.slice(0, length).toLowerCase())) length--;
  }
  return first.slice(0, length);
}

/** What the line becomes when its last word, from `from` on, is completed. */
export function completed(
  line: string,
  from: number,
  choices: readonly string[],
): { readonly line: string; readonly choices: readonly string[] } {
  const [only] = choices;
  if (only === undefined) return { line, choices: [] };
  if (choices.length === 1) {
    // A folder is gone on with; everything else is a whole word.
    const end = /[\\/=]"?$/.test(only) ? '' : ' ';
    return { line: `${line.slice(0, from)}${only}${end}`, choices: [] };
  }
  const start = commonStart(choices);
  const typed = line.slice(from);
  return { line: `${line.slice(0, from)}${start.length > typed.length ? start : typed}`, choices };
}
