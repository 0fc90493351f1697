import type { Message } from '../../kernel/events.ts';
import { raise } from '../ems/raise.ts';
import type { RouterContext, StateCheck } from './call-router-state.ts';
import { dumpObjects } from './object-dump.ts';
import { hashState } from './router-state.ts';

/** Every 15 s, at one position of the order, both routers hash their tables (ICM-CHK-01). */
export function sendCheck(context: RouterContext, order: number): void {
  const { state } = context;
  if (state.client.phase !== 'active' && state.client.phase !== 'sending') return;
  state.ownCheck = { order, hash: hashState(state.router) };
  context.send(state.client.mdsSession, { type: 'state check', ...state.ownCheck });
  compareChecks(context);
}

export function hearCheck(context: RouterContext, message: Message): void {
  if (message.type !== 'state check') return;
  const { order, hash } = message as unknown as StateCheck;
  context.state.otherCheck = { order, hash };
  compareChecks(context);
}

/** Unequal hashes at one position: event and Standard Object Dump, once until all is well again. */
function compareChecks(context: RouterContext): void {
  const { state } = context;
  const { ownCheck, otherCheck } = state;
  if (ownCheck.order !== otherCheck.order) return;
  const differs = ownCheck.hash !== otherCheck.hash;
  if (differs && !state.outOfSync) {
    raise(context, 'outOfSync');
    dumpObjects(context);
  }
  state.outOfSync = differs;
}
