import type { LabConnection } from '../client/lab-connection.ts';

const MOST = 20;

/** What goes wrong in the window itself is kept in the program's log file. */
export function reportFailures(call: LabConnection['call']): void {
  let told = 0;
  const tell = (error: unknown, where: string) => {
    if (told++ >= MOST) return;
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const cut = { message: message.slice(0, 2000), where: where.slice(0, 500) };
    void call('desk.report', cut).catch(() => {});
  };
  window.addEventListener('error', (event) => {
    tell(event.error ?? event.message, `${event.filename.split('/').at(-1)}:${event.lineno}`);
  });
  window.addEventListener('unhandledrejection', ({ reason }) => tell(reason, 'a promise'));
}
