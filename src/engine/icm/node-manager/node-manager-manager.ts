import type { Behaviour } from '../../kernel/process.ts';
import { raise } from '../ems/raise.ts';

type ManagerState = { readonly title: string; readonly manager: string };

const RESTART_US = 1_000_000;

/** The Node Manager Manager (nmm): keeps the Node Manager itself alive (ICM-NM-02). */
export const nodeManagerManager: Behaviour<ManagerState> = {
  kind: 'nmm',
  create: (config) => config as ManagerState,
  onStart(context) {
    const { manager, title } = context.state;
    raise(context, 'managerStarted', title);
    if (!context.isRunning(manager)) context.startProcess(manager);
  },
  onChildExited(context, { how }) {
    const { manager } = context.state;
    if (how === 'stopped') {
      return context.log('warn', `${manager} was stopped: what it started runs on unwatched.`);
    }
    context.log('warn', `${manager} has ended and is started again.`);
    context.startProcess(manager, RESTART_US);
  },
};
