import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { throttle } from '../../src/renderer/ui/throttle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('calls at once, then at most once in the interval, and once more after the last request', () => {
  const work = vi.fn();
  const request = throttle(work, 1000);
  request();
  vi.advanceTimersByTime(0);
  expect(work).toHaveBeenCalledTimes(1);
  for (let i = 0; i < 10; i++) {
    request();
    vi.advanceTimersByTime(50);
  }
  expect(work).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(600);
  expect(work).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(5000);
  expect(work).toHaveBeenCalledTimes(2);
});
