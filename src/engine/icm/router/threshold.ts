import { raise } from '../ems/raise.ts';
import { registryNumber, STATE_SIZE_THRESHOLD, stateTransferKey } from '../registry/keys.ts';
import type { RouterContext } from './call-router-state.ts';
import { noteSize, stateBytes } from './router-state.ts';

const MEGABYTE = 1_048_576;
/** The source document's release; later ones have the catalogue's wording (ICM-MSG-22, 23). */
const RELEASE_5_0 = 50;
const DEFAULT_LIMIT_MB = 30;

/** A limit that is no larger than the hysteresis clears as soon as it is kept. */
const clearBelow = (limitMb: number, hysteresisMb: number) =>
  (limitMb > hysteresisMb ? limitMb - hysteresisMb : limitMb) * MEGABYTE;

/** The alarm limit of the state size: informs, and changes nothing in routing. */
export function checkThreshold(context: RouterContext): void {
  const { state } = context;
  const { side, settings } = state.client.config;
  noteSize(state.router);
  const entry = `${stateTransferKey(state.customer, side)}\\${STATE_SIZE_THRESHOLD}`;
  const limitMb = registryNumber(context, entry, DEFAULT_LIMIT_MB);
  const size = stateBytes(state.router);
  const sizeMb = Math.floor(size / MEGABYTE);
  if (!state.aboveThreshold && size > limitMb * MEGABYTE) {
    state.aboveThreshold = true;
    const is50 = settings.release <= RELEASE_5_0;
    raise(context, is50 ? 'stateSizeExceeded50' : 'stateSizeExceeded', sizeMb, limitMb);
  } else if (state.aboveThreshold && size < clearBelow(limitMb, settings.stateSizeHysteresis)) {
    state.aboveThreshold = false;
    raise(context, 'stateSizeNormal', sizeMb, limitMb);
  }
}
