import { raise } from '../ems/raise.ts';
import type { Numbered, RouterInput } from '../messages.ts';
import type { RouterContext } from './call-router-state.ts';
import { type RouterState, RouterTable } from './router-state.ts';

/**
 * Reports of a Peripheral Gateway are numbered: one that was overtaken on another path is older
 * than what is known, and is not believed.
 */
export function isLate(state: RouterState, { gateway, stream, number }: Numbered): boolean {
  const gateways = new RouterTable(state, 'peripheralGateway');
  const handle = gateways.findText('enterpriseName', gateway);
  if (!handle) return false;
  const known = gateways.get(handle, 'stream');
  if (stream < known || (stream === known && number <= gateways.get(handle, 'number'))) return true;
  gateways.set(handle, 'stream', stream);
  gateways.set(handle, 'number', number);
  return false;
}

export function takePeripheralOnline(
  context: RouterContext,
  message: Extract<RouterInput, { type: 'peripheral online' }>,
): void {
  const { router } = context.state;
  if (isLate(router, message)) return;
  const peripherals = new RouterTable(router, 'peripheral');
  const handle = peripherals.findText('enterpriseName', message.peripheral);
  const online = message.online ? 1 : 0;
  if (!handle || peripherals.get(handle, 'online') === online) return;
  peripherals.set(handle, 'online', online);
  const name = message.online ? 'peripheralOnline' : 'peripheralOffline';
  raise(context, name, peripherals.get(handle, 'dbid'), message.peripheral);
}

/** A side tells which gateways have a path to it; without any, a gateway is off-line. */
export function takeGatewayPaths(
  context: RouterContext,
  message: Extract<RouterInput, { type: 'gateway paths' }>,
): void {
  const gateways = new RouterTable(context.state.router, 'peripheralGateway');
  const field = message.side === 'A' ? 'pathA' : 'pathB';
  const isOnline = (handle: number) =>
    gateways.get(handle, 'pathA') + gateways.get(handle, 'pathB') > 0;
  for (const handle of gateways.handles()) {
    const name = gateways.text(handle, 'enterpriseName');
    const before = isOnline(handle);
    gateways.set(handle, field, message.gateways.includes(name) ? 1 : 0);
    if (isOnline(handle) === before) continue;
    const event = before ? 'controllerOffline' : 'controllerOnline';
    raise(context, event, gateways.get(handle, 'dbid'), name);
  }
}
