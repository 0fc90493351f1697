import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { comeForward, saveBeforeQuit, watchCrashes } from '../../src/main/program-life.ts';

function standIn({ isDestroyed = false, isMinimized = false } = {}) {
  const done: string[] = [];
  const webContents = Object.assign(new EventEmitter(), { reload: () => done.push('reload') });
  const window = {
    webContents,
    isDestroyed: () => isDestroyed,
    isMinimized: () => isMinimized,
    restore: () => done.push('restore'),
    focus: () => done.push('focus'),
  };
  return { done, webContents, window: window as never };
}

describe('a second start of the program', () => {
  it.each([
    ['is behind others', {}, ['focus']],
    ['is minimized', { isMinimized: true }, ['restore', 'focus']],
    ['is gone', { isDestroyed: true, isMinimized: true }, []],
  ])('brings the window forward that %s', (_how, state, expected) => {
    const app = new EventEmitter();
    const { done, window } = standIn(state);
    comeForward(app as never, window);
    expect(done).toEqual([]);
    app.emit('second-instance', {});
    expect(done).toEqual(expected);
  });
});

describe('a page that has ended', () => {
  it.each([
    ['crashed', {}, ['reload']],
    ['oom', {}, ['reload']],
    ['killed', {}, ['reload']],
    ['clean-exit', {}, []],
    ['crashed', { isDestroyed: true }, []],
  ])('%s, %j: %j', (reason, state, expected) => {
    const { done, webContents, window } = standIn(state);
    const write = vi.fn();
    watchCrashes(window, { write });
    webContents.emit('render-process-gone', {}, { reason });
    expect(done).toEqual(expected);
    expect(write.mock.calls).toEqual([['error', `the window's process has ended: ${reason}`]]);
  });
});

describe('the end of the program', () => {
  const STAY = 0;
  const QUIT = 1;

  /** As Electron quits: unless somebody prevents it. */
  class QuittingApp extends EventEmitter {
    ends = 0;
    quit(): void {
      let isPrevented = false;
      const preventDefault = () => {
        isPrevented = true;
      };
      this.emit('before-quit', { preventDefault });
      if (!isPrevented) this.ends++;
    }
  }

  type Close = () => Promise<string | null>;
  function program(problem: string | null, chosen: number, close: Close = async () => null) {
    const app = new QuittingApp();
    const window = new EventEmitter();
    const desk = { problem, close: vi.fn(close) };
    const showMessageBoxSync = vi.fn((_options: object) => chosen);
    saveBeforeQuit(app as never, window as never, desk, { showMessageBoxSync } as never);
    /** The user closes it; false: it stays. */
    const closeWindow = () => {
      const preventDefault = vi.fn();
      window.emit('close', { preventDefault });
      if (preventDefault.mock.calls.length > 0) return false;
      app.quit();
      return true;
    };
    return { app, closeWindow, desk, showMessageBoxSync };
  }

  it('waits until the lab is saved, and asks nothing', async () => {
    let saved = () => {};
    const saving = new Promise<null>((done) => {
      saved = () => done(null);
    });
    const { app, desk, showMessageBoxSync } = program(null, STAY, () => saving);
    app.quit();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([desk.close.mock.calls.length, app.ends]).toEqual([1, 0]);
    saved();
    await expect.poll(() => app.ends).toBe(1);
    expect(showMessageBoxSync).not.toHaveBeenCalled();
  });

  it('asks when the lab cannot be saved; whoever stays has lost nothing', async () => {
    const { app, desk, showMessageBoxSync } = program('The disk is full.', STAY);
    app.quit();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([desk.close.mock.calls.length, app.ends]).toEqual([0, 0]);
    // It is asked again the next time, and not when there is space again.
    app.quit();
    expect(showMessageBoxSync).toHaveBeenCalledTimes(2);
    desk.problem = null;
    app.quit();
    await expect.poll(() => app.ends).toBe(1);
    expect(showMessageBoxSync).toHaveBeenCalledTimes(2);
  });

  it('says why, and whoever only presses Enter or Escape stays', () => {
    const { app, showMessageBoxSync } = program('The disk is full.', STAY);
    app.quit();
    const [[options]] = showMessageBoxSync.mock.calls;
    expect(options).toMatchObject({ defaultId: STAY, cancelId: STAY });
    expect(options).toHaveProperty('detail', expect.stringContaining('The disk is full.'));
    expect(options).toHaveProperty('buttons', ['Stay', 'Quit and lose it']);
  });

  it('asks while the window is there, which stays, or goes without a second question', async () => {
    const stays = program('The disk is full.', STAY);
    expect(stays.closeWindow()).toBe(false);
    expect(stays.desk.close).not.toHaveBeenCalled();
    const goes = program('The disk is full.', QUIT);
    expect(goes.closeWindow()).toBe(true);
    await expect.poll(() => goes.app.ends).toBe(1);
    expect(goes.showMessageBoxSync).toHaveBeenCalledTimes(1);
  });

  it('tells what the very last save could not, and ends', async () => {
    for (const close of [async () => 'ENOSPC', () => Promise.reject(new Error('ENOSPC'))]) {
      const { app, showMessageBoxSync } = program(null, QUIT, close);
      app.quit();
      await expect.poll(() => app.ends).toBe(1);
      const [[options]] = showMessageBoxSync.mock.calls;
      expect(options).toHaveProperty('detail', expect.stringContaining('ENOSPC'));
    }
  });

  it('comes all the same when the user says so', async () => {
    const { app, desk, showMessageBoxSync } = program('The disk is full.', QUIT);
    app.quit();
    await expect.poll(() => app.ends).toBe(1);
    expect(desk.close).toHaveBeenCalledTimes(1);
    expect(showMessageBoxSync).toHaveBeenCalledTimes(1);
  });
});
