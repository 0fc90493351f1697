import type { ConfigurationChange } from '../../configuration/object-types.ts';
import { TRACE } from '../ems/trace-groups.ts';
import { LABEL_TYPE, type RouteLabel, type RouterInput } from '../messages.ts';
import type { RouterContext } from './call-router-state.ts';
import type { realTimeRows } from './real-time.ts';
import { agentStateName } from './tables.ts';

/** Trace lines of the router. Real ones are not public (ICM-RR-15): emulator choice. */

const GROUPS = TRACE.rtr;

type Input<T extends RouterInput['type']> = Extract<RouterInput, { type: T }>;

export function traceRequest(context: RouterContext, request: Input<'route request'>): void {
  const isNetwork = request.device === 'cic';
  if (!context.traces(isNetwork ? GROUPS.cicRequests : GROUPS.routeRequests)) return;
  const { dialog, dialedNumber, ani, peripheral, device } = request;
  context.log(
    'trace',
    `${isNetwork ? 'CIC request' : 'Route request'}: (RouteCallKey=${dialog} DN=${dialedNumber} ` +
      `ANI=${ani} Peripheral=${peripheral} Controller=${device})`,
  );
}

export function traceLabel(context: RouterContext, message: RouteLabel): void {
  if (!context.traces(GROUPS.routeRequests | GROUPS.cicRequests)) return;
  const { dialog, label, labelType, callType, script, reason } = message;
  const waits = labelType === LABEL_TYPE.furtherProcessing;
  context.log(
    'trace',
    `Route response: (RouteCallKey=${dialog} LabelType=${labelType} Label=${label || 'none'} ` +
      `CallType=${callType || 'none'} Script=${script || 'none'}) ${waits ? 'waits' : reason}`,
  );
}

export function traceScript(
  context: RouterContext,
  dialog: number,
  chosen: { readonly callType: string; readonly script: string },
): void {
  if (!context.traces(GROUPS.scriptSelects)) return;
  const { callType, script } = chosen;
  context.log(
    'trace',
    `Script select: (RouteCallKey=${dialog} CallType=${callType || 'none'} ` +
      `Script=${script || 'none'})`,
  );
}

export function traceTranslation(context: RouterContext, dialog: number, reason: string): void {
  if (!context.traces(GROUPS.translationRoutes) || !reason.includes('translation')) return;
  context.log('trace', `Translation route: (RouteCallKey=${dialog}) ${reason}`);
}

export function traceQueue(context: RouterContext, dialog: number, what: string): void {
  if (!context.traces(GROUPS.callQueuing)) return;
  context.log('trace', `Call queuing: (RouteCallKey=${dialog}) ${what}`);
}

export function traceAgent(context: RouterContext, report: Input<'agent state'>): void {
  if (!context.traces(GROUPS.agentChanges)) return;
  const state = agentStateName(report.state);
  context.log(
    'trace',
    `Agent change: (Extension=${report.extension} Peripheral=${report.peripheral} State=${state})`,
  );
}

export function traceRealTime(context: RouterContext, rows: ReturnType<typeof realTimeRows>): void {
  if (!context.traces(GROUPS.callTypeRealTime)) return;
  for (const { kind, name, routed } of rows) {
    if (kind === 'call type') context.log('trace', `Call type ${name}: routed ${routed}`);
  }
}

export function traceChange(context: RouterContext, change: ConfigurationChange): void {
  if (!context.traces(GROUPS.configuration)) return;
  const { revision, action, object } = change;
  context.log('trace', `Change ${revision} applied: ${object.type} ${object.dbid} ${action}.`);
}
