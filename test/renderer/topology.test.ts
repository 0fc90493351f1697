import { describe, expect, it, vi } from 'vitest';
import type { TopologyHost, TopologyLink, TopologyProcess } from '../../src/contract/rpc.ts';
import { lineBetween } from '../../src/renderer/features/topology/link-lines.ts';
import { describeLink } from '../../src/renderer/features/topology/link-text.ts';
import {
  actionsOf,
  type Doors,
  type Target,
} from '../../src/renderer/features/topology/topology-menu.ts';

const WAY = { delayUs: 5000, jitterUs: 0, bandwidthBitsPerSecond: 1e6, lossRate: 0 };
const NORMAL = { ...WAY, isCut: false, isChanged: false };
const LINK: TopologyLink = {
  network: 'public',
  ends: ['icon', 'ts-east'],
  directions: [NORMAL, NORMAL],
  sessions: 1,
  sentBytes: 10,
};
const HOST: TopologyHost = {
  name: 'cca',
  isUp: true,
  group: 'controller',
  side: 'A',
  processes: [],
};
const process = (state: TopologyProcess['state']): Target => ({
  kind: 'process',
  host: HOST,
  process: { name: 'ra-rtr', kind: 'rtr', state, isSupervised: true },
});

function doors() {
  const execute = vi.fn(() => Promise.resolve({ ok: true }));
  const setLink = vi.fn(() => Promise.resolve({ ok: true }));
  const openConsole = vi.fn();
  const report = { networks: [{ name: 'public', ...WAY }] };
  const all = { lab: { execute }, topology: { report, setLink }, openConsole };
  return { execute, setLink, openConsole, doors: all as unknown as Doors };
}
const enabled = (target: Target) =>
  actionsOf(target, doors().doors).flatMap(({ isDisabled, title }) => (isDisabled ? [] : [title]));

describe('what the menu of the topology offers', () => {
  it('of a process what means something in its state', () => {
    expect(enabled(process('running'))).toEqual([
      'Why ra-rtr is running',
      'Crash ra-rtr',
      'Hang ra-rtr',
      'Stop ra-rtr',
      'Have ra-rtr exit and start again',
      'Open the console of cca',
    ]);
    expect(enabled(process('hung'))).toContain('Release ra-rtr');
    expect(enabled(process('stopped'))).toEqual([
      'Why ra-rtr is stopped',
      'Start ra-rtr',
      'Open the console of cca',
    ]);
  });

  it('of a link what can be broken, and what can be mended', async () => {
    const cut = { ...LINK, directions: [{ ...NORMAL, isCut: true }, NORMAL] } as const;
    expect(enabled({ kind: 'link', link: LINK })).not.toContain('Repair');
    const { doors: all, execute, setLink } = doors();
    const actions = actionsOf({ kind: 'link', link: cut }, all);
    await actions.find(({ title }) => title === 'Repair')?.run();
    expect(execute.mock.calls.flat()).toEqual([
      { verb: 'repair', network: 'public', from: 'icon', to: 'ts-east' },
      { verb: 'repair', network: 'public', from: 'ts-east', to: 'icon' },
    ]);
    await actions.find(({ title }) => title.startsWith('Lossy'))?.run();
    expect(setLink).toHaveBeenCalledWith('public', 'icon', 'ts-east', { lossRate: 0.2 });
  });

  it('of a host its power and its console', () => {
    expect(enabled({ kind: 'host', host: HOST })).toEqual([
      'Switch cca off without warning',
      'Open the console of cca',
    ]);
    expect(enabled({ kind: 'host', host: { ...HOST, isUp: false } })).toContain('Switch cca on');
  });
});

describe('a link in words', () => {
  it('says both directions at once where they are alike, and each where not', () => {
    expect(describeLink(LINK)).toBe('icon and ts-east, public network: 5 ms, 1 session');
    const cut = { ...NORMAL, isCut: true };
    const lossy = { ...NORMAL, lossRate: 0.2 };
    expect(describeLink({ ...LINK, sessions: 0, directions: [cut, lossy] })).toBe(
      'icon and ts-east, public network: to ts-east cut, to icon 5 ms, loss 20 %, 0 sessions',
    );
  });
});

describe('a line of the drawing', () => {
  const box = (left: number, top: number) => ({
    left,
    top,
    right: left + 100,
    bottom: top + 50,
    width: 100,
    height: 50,
  });
  const origin = { left: 10, top: 20 };

  it('goes from side to side in a row, from the end that is named first', () => {
    const line = lineBetween(box(0, 0), box(200, 0), origin);
    expect(line.path).toBe('M90 -8 L190 -8');
    expect(line.marks.map(({ x }) => x)).toEqual([115, 140, 165]);
    const back = lineBetween(box(200, 0), box(0, 0), origin);
    expect(back.path).toBe('M190 -8 L90 -8');
    // Arrows point into the cards.
    expect(line.ends.map(({ angle }) => angle)).toEqual([180, 0]);
    expect(back.ends.map(({ angle }) => angle)).toEqual([0, 180]);
    const second = lineBetween(box(0, 0), box(200, 0), origin, [], 9);
    expect(second.path).toBe('M90 1 L190 1');
  });

  /** Whether a point of the line, corners and what is between them, lies in the card. */
  const crosses = (path: string, { left, right, top, bottom }: ReturnType<typeof box>) => {
    const numbers = path.match(/-?\d+/g)!.map(Number);
    const corners = Array.from({ length: numbers.length / 2 }, (_, at) => ({
      x: numbers[2 * at] + origin.left,
      y: numbers[2 * at + 1] + origin.top,
    }));
    return corners.slice(1).some(({ x, y }, at) => {
      const before = corners[at];
      return Array.from({ length: 50 }, (_, step) => step / 50).some((share) => {
        const px = before.x + (x - before.x) * share;
        const py = before.y + (y - before.y) * share;
        return px > left && px < right && py > top && py < bottom;
      });
    });
  };

  it('passes below the cards of its row, and between those of other rows', () => {
    const middle = box(200, 0);
    const level = lineBetween(box(0, 0), box(400, 0), origin, [middle]);
    expect(crosses(level.path, middle)).toBe(false);
    expect(lineBetween(box(400, 0), box(0, 0), origin, [middle]).path).not.toBe(level.path);
    expect(crosses('M0 5 L400 5', middle)).toBe(true);

    const row = [box(0, 100), box(110, 100), box(240, 100)];
    for (const [from, to] of [
      [box(0, 0), box(0, 200)],
      [box(260, 200), box(20, 0)],
      [box(130, 0), box(130, 200)],
    ]) {
      const { path } = lineBetween(from, to, origin, row);
      for (const card of row) expect(crosses(path, card), path).toBe(false);
    }
  });

  it('goes from below the upper card to above the lower one', () => {
    const { path } = lineBetween(box(0, 200), box(0, 0), origin);
    expect(path).toBe('M40 180 L40 30');
    const aslant = lineBetween(box(0, 0), box(60, 200), origin);
    expect(aslant.path).toBe('M40 30 C40 105 100 105 100 180');
  });
});
