import type { App, BrowserWindow, Dialog } from 'electron';

/** What the desk of the lab is asked when the program ends. */
type ClosingDesk = { readonly problem: string | null; close(): Promise<string | null> };
type CrashLog = { write(level: 'error', text: string): void };

/** Somebody started the program once more: this one's window is what they want to see. */
export function comeForward(app: Pick<App, 'on'>, window: BrowserWindow): void {
  app.on('second-instance', () => {
    if (window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
}

/** A page that has ended is loaded again: all that it showed is the lab's. */
export function watchCrashes(window: BrowserWindow, log: CrashLog): void {
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.write('error', `the window's process has ended: ${reason}`);
    if (reason !== 'clean-exit' && !window.isDestroyed()) window.webContents.reload();
  });
}

/**
 * However the program is left (window, menu, session end), the lab is saved first. It is asked only
 * when that cannot be: what was done since the last durable moment would be lost. It is asked while
 * the window is still there: whoever stays goes on in it.
 */
export function saveBeforeQuit(
  app: Pick<App, 'on' | 'quit'>,
  window: Pick<BrowserWindow, 'on'>,
  desk: ClosingDesk,
  dialog: Pick<Dialog, 'showMessageBoxSync'>,
): void {
  let isSaved = false;
  let isToBeLost = false;
  const mayEnd = () => {
    const { problem } = desk;
    if (isSaved || problem === null || isToBeLost) return true;
    isToBeLost = mayLose(dialog, problem);
    return isToBeLost;
  };
  window.on('close', (event) => {
    if (!mayEnd()) event.preventDefault();
  });
  app.on('before-quit', (event) => {
    if (isSaved) return;
    event.preventDefault();
    if (!mayEnd()) return;
    void desk.close().then(
      (problem) => end(problem),
      (error) => end(String(error)),
    );
  });

  function end(problem: string | null): void {
    isSaved = true;
    if (problem !== null && !isToBeLost) tellLoss(dialog, problem);
    app.quit();
  }
}

/** The very last save has failed, and nobody could be asked any more. */
function tellLoss(dialog: Pick<Dialog, 'showMessageBoxSync'>, problem: string): void {
  dialog.showMessageBoxSync({
    type: 'error',
    message: 'Not all of the lab was saved.',
    detail: `${problem} What was done since the last durable moment is lost.`,
    buttons: ['Close'],
  });
}

/** True if the user quits all the same. */
function mayLose(dialog: Pick<Dialog, 'showMessageBoxSync'>, problem: string): boolean {
  const chosen = dialog.showMessageBoxSync({
    type: 'warning',
    message: 'The lab cannot be saved. Quit all the same?',
    detail: `${problem} What was done since the last durable moment is lost.`,
    buttons: ['Stay', 'Quit and lose it'],
    defaultId: 0,
    cancelId: 0,
  });
  return chosen === 1;
}
