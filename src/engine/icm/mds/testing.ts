import { TRACE } from '../ems/trace-groups.ts';
import type { MdsContext } from './mds-state.ts';
import { setSynchronizerState } from './ordering.ts';
import { settle } from './peer.ts';
import {
  afterGatewayTest,
  afterTestOtherSide,
  hasDeviceMajority,
  type TestDecision,
} from './synchronizer.ts';

/** Rounds without a decision after which a side stays out of service until the next test. */
const MAX_UNDECIDED = 5;

export function hasMajority(context: MdsContext): boolean {
  const { config, devicesConnected } = context.state;
  if (config.role === 'peripheral gateway') return true;
  return hasDeviceMajority(config.side, devicesConnected.length, config.devices.length);
}

function trace(context: MdsContext, text: string): void {
  if (context.traces(TRACE.mds.testOtherSide)) context.log('trace', text);
}

/** Asks over the public network what the other side is (Test-Other-Side). */
export function beginTest(context: MdsContext): void {
  const { state } = context;
  if (state.state !== 'Testing') state.undecided = 0;
  setSynchronizerState(context, 'Testing');
  state.testRound++;
  state.testReports.clear();
  trace(context, `Test Other Side, round ${state.testRound}: asking by way of the devices.`);
  const { agent: name, settings } = state.config;
  const agent = state.agents.get(name);
  if (agent) context.send(agent, { type: 'test other side', round: state.testRound });
  context.setTimer('test other side', settings.testOtherSide);
}

/** A device told what it found; when all have, there is nothing more to wait for. */
export function takeReport(
  context: MdsContext,
  report: Parameters<MdsContext['state']['testReports']['set']>[1] & {
    readonly round: number;
    readonly device: string;
  },
): void {
  const { state } = context;
  const { round, device, state: found, weight } = report;
  // Round 0: the other side asked, and by that said what it is.
  if (state.state !== 'Testing' || (round !== 0 && round !== state.testRound)) return;
  state.testReports.set(device, { state: found, weight });
  trace(context, `Test Other Side, round ${round}: ${device} found the other side ${found}.`);
  const wanted = state.config.role === 'central controller' ? state.devicesConnected.length : 1;
  if (round !== 0 && state.testReports.size >= wanted) finishTest(context);
}

export function finishTest(context: MdsContext): void {
  const { state } = context;
  if (state.state !== 'Testing') return;
  context.cancelTimer('test other side');
  const decision = decide(context);
  const heard = state.testReports.size;
  trace(context, `Test Other Side, round ${state.testRound}: ${heard} reports, ${decision}.`);
  if (decision === 'test again' && ++state.undecided < MAX_UNDECIDED) {
    return context.setTimer('next test', state.config.settings.testOtherSide);
  }
  setSynchronizerState(context, decision === 'test again' ? 'Isolated-Disabled' : decision);
  settle(context);
}

function decide(context: MdsContext): TestDecision {
  const { state } = context;
  const { role, side } = state.config;
  const reports = [...state.testReports.values()];
  if (role === 'peripheral gateway') {
    return afterGatewayTest(side, state.devicesConnected.length, reports);
  }
  return hasMajority(context) ? afterTestOtherSide(side, reports) : 'Isolated-Disabled';
}
