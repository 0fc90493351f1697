import type { Page } from 'playwright-core';
import type { Figure } from '../figures.ts';

/** Two frames of a screen with sixty a second. */
const LIMIT_MS = 33.4;
const FRAMES = 240;

/** The slowest frame while something is scrolled down and up again, beside a plain list. */
export async function measureScrolling(
  window: Page,
  name: string,
  selector: string,
  stepPx: number,
): Promise<Figure> {
  const plain = await scrollPlain(window);
  const frames = await scroll(window, selector, stepPx);
  const slow = frames.filter((ms) => ms > LIMIT_MS).length;
  return {
    name,
    value: Math.max(...frames),
    unit: 'ms',
    limit: LIMIT_MS,
    peer: { name: 'a plain list of as many words as are seen', value: Math.max(...plain) },
    note: `${slow} of ${frames.length} frames over the limit`,
  };
}

/** Milliseconds between frames. */
function scroll(window: Page, selector: string, stepPx: number): Promise<number[]> {
  return window.evaluate(
    async ({ frames, selector, stepPx }) => {
      const element = document.querySelector(selector)!;
      element.scrollTop = 0;
      const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
      for (let warm = 0; warm < 10; warm++) await nextFrame();
      const times: number[] = [];
      let before = await nextFrame();
      for (let frame = 0; frame < frames; frame++) {
        element.scrollTop += frame < frames / 2 ? stepPx : -stepPx;
        const now = await nextFrame();
        times.push(now - before);
        before = now;
      }
      return times;
    },
    { frames: FRAMES, selector, stepPx },
  );
}

async function scrollPlain(window: Page): Promise<number[]> {
  await window.evaluate(() => {
    const list = document.createElement('div');
    list.id = 'plain-list';
    Object.assign(list.style, { position: 'fixed', inset: '100px', overflow: 'auto', zIndex: '9' });
    for (let row = 0; row < 400; row++) {
      const line = document.createElement('p');
      line.textContent = `${row} a line of words as plain as it can be`;
      list.append(line);
    }
    document.body.append(list);
  });
  const times = await scroll(window, '#plain-list', 50);
  await window.evaluate(() => document.querySelector('#plain-list')?.remove());
  return times;
}
