import type { Behaviour } from '../kernel/process.ts';
import {
  type AgentConfig,
  connectLocalMds,
  type LocalMdsState,
  listenOrExit,
  registerWithMds,
  retryLocalMds,
} from './local-mds.ts';
import { TSYR_PORT } from './ports.ts';

/** The test synchronizer (tsyr): the door of `rttest` to the router (ICM-PROC-05). */
export const testSynchronizer: Behaviour<LocalMdsState> = {
  kind: 'tsyr',
  create: (config) => ({ config: config as AgentConfig, mdsSession: 0, mdsOpen: false }),
  onStart(context) {
    if (!listenOrExit(context, TSYR_PORT[context.state.config.side])) return;
    connectLocalMds(context);
  },
  onTimer: (context) => connectLocalMds(context),
  onOpened: (context) => registerWithMds(context, 'tsyr'),
  onClosed(context, session) {
    if (session === context.state.mdsSession) retryLocalMds(context);
  },
};
