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
    ['cut private cca ccb ccx', 'Write it like: cut private cca ccb'],
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

describe('lines about telephones and calls', () => {
  const wrong = (line: string) => {
    const parsed = parseLabLine(line);
    return parsed.kind === 'wrong' ? parsed.message : JSON.stringify(parsed);
  };

  it.each([
    ['phone 2001', /^Write it like: phone 2001 dial 2002\. Actions: login, /],
    ['phone 2001 fly', /^Write it like: phone/],
    ['phone x dial 2002', /^extension: a number has 2 to 16 digits\.$/],
    ['outside 5550100 dance', /Actions: answer, busy, hang up, machine, fax, unknown, press\.$/],
    ['campaign', /^Write it like: campaign Renewals_2026 start\. Actions: load, /],
    ['record 2003 dance', /Actions: preview, reschedule, cancel, do not call, reject\.$/],
    ['record 2003 reschedule', /^Write it like: record 2003 reschedule 30$/],
    ['data 2001', /^Write it like: data 2001 CUSTOMER_ID=C1$/],
    ['procedure', /^Write it like: procedure gsysIRMerge\. There are: gsysInitTimeCode, /],
    ['procedure foo', /There are: gsysInitTimeCode, /],
    ['story one two', /^Write it like: story, or story 5550100$/],
  ])('%s is refused with a sentence', (line, sentence) => {
    expect(wrong(line)).toMatch(sentence);
  });

  it.each([
    ['phone 2001 dial 2002', { action: 'dial', number: '2002' }],
    ['phone 2001 complete transfer', { action: 'complete transfer' }],
    ['phone 2001 back in service', { action: 'back in service' }],
    ['phone 2001 login 4001 7001', { action: 'login', agentId: '4001', queue: '7001' }],
    ['phone 2001 not ready Lunch 4', { action: 'not ready', reason: 'Lunch', workMode: 4 }],
    ['data 2001 A=b=c', { how: 'update', key: 'A', value: 'b=c' }],
    ['data 2001 delete A', { how: 'delete', key: 'A' }],
    ['data 2001 event State.Help=', { how: 'event', key: 'State.Help', value: '' }],
    ['procedure gsysPurgeIR 14', { name: 'gsysPurgeIR', parameters: ['14'] }],
  ])('%s is understood', (line, command) => {
    expect(parseLabLine(line)).toMatchObject({ kind: 'commands', commands: [command] });
  });
});
