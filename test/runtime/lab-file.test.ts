import { describe, expect, it } from 'vitest';
import { formatProblem, parseLabFile } from '../../src/runtime/lab-file.ts';
import { LAB50_TEXT } from '../support/lab50.ts';

/** The problems of the shipped lab after one change to its text. */
function problemsAfter(find: string | RegExp, replacement: string): string[] {
  const text = LAB50_TEXT.replace(find, replacement);
  expect(text).not.toBe(LAB50_TEXT);
  const parsed = parseLabFile('my.yaml', text);
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}

const lineOf = (text: string) => LAB50_TEXT.slice(0, LAB50_TEXT.indexOf(text)).split('\n').length;

describe('a lab file', () => {
  it('the shipped one is good', () => {
    expect(parseLabFile('lab50.yaml', LAB50_TEXT).ok).toBe(true);
  });

  it.each([
    ['delay: 1.2ms', 'delay: fast', '"fast" is not a quantity; write it like 70ms, 30s, 15m or 2h'],
    ['seed: 50', 'seed: fifty', 'expected number'],
    [
      'version: 1',
      'version: 2',
      'this program reads version 1; a newer file needs a newer program',
    ],
    ['callType: Spanish', 'callType: Klingon', 'there is no callType "Klingon"; there are: Orders'],
    ["dn: '8002'", 'dn: 8002', "a DN is text; put it in quotes, such as '8001'"],
    ["dn: '8002'", "dn: '8001'", 'DN "8001" is already used by sites 0'],
    ['tenant: Halden', 'tennant: Halden', 'Unrecognized key: "tennant"'],
    ['name: ICON1', 'name: IDB', 'icon.name: two processes would be named idb: rdbms and icon'],
    [
      'roles: [',
      'second: icon1\n  roles: [',
      'icon.second: two processes would be named icon1: icon and icon',
    ],
    [
      'roles: [',
      'second: ConfServ\n  roles: [',
      'icon.second: two processes would be named confserv',
    ],
    ['roles: [', 'second: ICON1\n  roles: [', 'icon.second: application "ICON1" is already used'],
    ["defaultQueue: '7002'", "defaultQueue: '7102'", 'must be a queue of this site: 7001, 7002'],
    [
      'customer: lab50',
      'customer: lab50\n  settings: { heartbeet: 1s }',
      'there is no such setting; there are: heartbeat, missedHeartbeats',
    ],
    [
      'customer: lab50',
      'customer: lab50\n  settings: { heartbeat: 5 }',
      'is a time: write it with a unit, such as 2s',
    ],
    [
      'customer: lab50',
      'customer: lab50\n  settings: { missedHeartbeats: 5s }',
      'is a number without a unit',
    ],
    ['select Chi_Spanish', 'select Chi_Spansh', 'there is no skill group "Chi_Spansh"'],
    [
      'customer: lab50',
      'customer: lab50\n  settings: { heartbeat: 5us }',
      'heartbeat: must be 10ms to 1h',
    ],
    ['select Chi_Spanish', 'pick Chi_Spanish', 'line 1: "pick" is not select, queue, label'],
    [
      'meanPatience: ',
      "digits: [{ digits: '1a', share: 0.5 }]\n  meanPatience: ",
      'the keys 0 to 9',
    ],
    ['meanPatience: ', 'digits: [{ digits: 1, share: 0.5 }]\n  meanPatience: ', 'digits are text'],
    [
      'meanPatience: ',
      "digits: [{ digits: '1', share: 0.7 }, { digits: '2', share: 0.4 }]\n  meanPatience: ",
      'the shares are more than all callers',
    ],
    ["'8902', ", "'8901', ", 'DN "8901" is already used by sites 0'],
    ['callType: Network }', 'callType: Nowhere }', 'there is no callType "Nowhere"'],
    ['loss: 0 }', 'loss: 2 }', 'a loss of more than 0.5 is no network'],
  ])('says for "%s" changed to "%s": %s', (find, replacement, sentence) => {
    const found = problemsAfter(find, replacement);
    expect(found.some((line) => line.includes(sentence))).toBe(true);
    const line = lineOf(find);
    if (!/^(Unrecognized|line|there is no skill|heartbeat|.*setting|is a )/.test(sentence)) {
      expect(
        found.some((text) => text.startsWith(`my.yaml:${line}:`)),
        found.join('\n'),
      ).toBe(true);
    }
  });

  it('says of what is no lab file that it is none', () => {
    const saidOf = (text: string) => {
      const parsed = parseLabFile('x.yaml', text);
      return parsed.ok ? [] : parsed.problems.map(({ message }) => message);
    };
    for (const text of ['- a\n- b\n', 'just a line', '42']) {
      expect(saidOf(text)).toEqual([expect.stringContaining('is no lab file')]);
    }
    expect(saidOf('\x89PNG\r\n\x1a\n\0\0\0')).toEqual(['is no lab file: it is not text']);
    const laughs = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [one, next] of ['ab', 'bc', 'cd', 'de', 'ef']) {
      laughs.push(`${next}: &${next} [${Array(10).fill(`*${one}`).join(', ')}]`);
    }
    expect(saidOf(laughs.join('\n'))).toEqual([expect.stringMatching(/cannot be used: .*alias/i)]);
  });

  it('names the line of broken YAML', () => {
    const [first] = problemsAfter('seed: 50', 'seed: [50');
    expect(first).toMatch(/^my\.yaml:\d+: is not valid YAML: /);
  });

  it('names every mistake at once', () => {
    const text = LAB50_TEXT.replace('seed: 50', 'seed: -1').replace('diskSync: 4ms', 'diskSync: 4');
    const parsed = parseLabFile('my.yaml', text);
    expect(!parsed.ok && parsed.problems.length).toBe(2);
  });
});
