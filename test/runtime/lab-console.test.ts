import { describe, expect, it } from 'vitest';
import { parseLabLine } from '../../src/runtime/lab-console.ts';

describe('a line of the console "Lab"', () => {
  it('a cut is made in both directions, to each host named', () => {
    expect(parseLabLine('cut private cca ccb,ccx')).toMatchObject({
      kind: 'commands',
      commands: [
        { verb: 'cut', from: 'cca', to: 'ccb' },
        { verb: 'cut', from: 'ccb', to: 'cca' },
        { verb: 'cut', from: 'cca', to: 'ccx' },
        { verb: 'cut', from: 'ccx', to: 'cca' },
      ],
    });
  });

  it('a number that is dialed stays text, any other is a number', () => {
    expect(parseLabLine('call 8001 5550100')).toMatchObject({
      commands: [{ verb: 'place-call', dialedNumber: '8001', ani: '5550100' }],
    });
  });

  it.each([
    ['fly', '"fly" is not a command of the lab. Type help for the list.'],
    ['cut private cca', 'Write it like: cut private cca ccb'],
    ['call', 'Write it like: call 8001 5550100'],
    ['call 8001', 'Write it like: call 8001 5550100'],
    ['do', 'Write it like: do crash-process process=ra-rtr'],
    ['do crash-process', 'crash-process needs process=...'],
    ['call 9999 x', 'Write it like: call 8001 5550100'],
    ['states now', 'Nothing goes behind "states".'],
    ['do fly', 'There is no lab command "fly".'],
    ['do stop-side A', 'Write name=value, not "A".'],
  ])('%s: says what would be right', (line, message) => {
    expect(parseLabLine(line)).toEqual({ kind: 'wrong', message });
  });
});
