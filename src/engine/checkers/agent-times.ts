import { AGENT_RECORD, AGENT_ROW_STATE, RECORD_STATE } from '../idb/dictionary.ts';
import { WORK_MODE } from '../telephony/t-library.ts';
import type { Checker } from './checker.ts';
import { iconOf, isDrained, type WatchedIcon } from './icon-moments.ts';
import { type Row, RowImage } from './row-image.ts';

const EVERY_US = 5_000_000;
const WATCHED = ['G_LOGIN_SESSION', 'G_AGENT_STATE_HISTORY', 'GS_AGENT_STAT'] as const;
type AgentImage = RowImage<(typeof WATCHED)[number]>;

/**
 * The totals of a login session that has ended are what its history shows: seconds by state, from
 * login to logout, and how often the agent became ready; and its history has no gap.
 */
export function agentTimes(watched: WatchedIcon): Checker {
  const image: AgentImage = new RowImage(WATCHED, watched.database);
  let incarnation = -1;
  let nextUs = 0;
  return {
    name: 'agent times',
    onOutput: (output, process) => image.onOutput(output, process),
    onBatch(world) {
      const icon = iconOf(world, watched);
      if (icon && icon.incarnation !== incarnation) {
        // Sessions that go on over a restart have lost what was in memory.
        incarnation = icon.incarnation;
        for (const table of WATCHED) image.forget(table, () => true);
      }
      if (world.nowUs < nextUs || !icon?.state || !isDrained(icon.state)) return undefined;
      nextUs = world.nowUs + EVERY_US;
      // Role lrm alone writes sessions without their history.
      if (!icon.state.options.roles.includes('gls')) return undefined;
      return checkSessions(image, icon.state.startedSeconds);
    },
  };
}

/** A session from before this run may have lost rows with the accumulator of the other. */
function checkSessions(image: AgentImage, startedSeconds: number): string | undefined {
  const ended = image.where('G_LOGIN_SESSION', 'STATE', RECORD_STATE.terminated);
  for (const session of ended) {
    const id = session['LOGINSESSIONID'];
    const isWhole = Number(session['CREATED_TS']) > startedSeconds;
    const wrong = isWhole ? checkSession(image, session) : undefined;
    if (wrong) return `Login session ${id} ${wrong}.`;
    const isOwn = (row: Row) => row['LOGINSESSIONID'] === id;
    for (const table of WATCHED) image.forget(table, isOwn);
  }
  return undefined;
}

function checkSession(image: AgentImage, session: Row): string | undefined {
  const id = session['LOGINSESSIONID'];
  const history = image
    .where('G_AGENT_STATE_HISTORY', 'LOGINSESSIONID', id)
    .sort((a, b) => Number(a['SEQ']) - Number(b['SEQ']));
  const [totals, ...more] = image.where('GS_AGENT_STAT', 'LOGINSESSIONID', id);
  if (!totals || more.length > 0) return 'has not its totals once';
  for (const [at, row] of history.entries()) {
    if (row['SEQ'] !== at + 1) return 'has a gap in its history';
    const before = history[at - 1];
    if (before && row['PREVSTATE'] !== before['STATE'] && isMove(row)) {
      return 'goes on from a state that it was not in';
    }
  }
  const shown = { ...timesOf(history), TT_AGENT_LOGIN: lengthOf(session) };
  for (const [column, seconds] of Object.entries(shown)) {
    if (totals[column] === seconds) continue;
    return `has ${column} ${totals[column]}, its history shows ${seconds}`;
  }
  return undefined;
}

function lengthOf(session: Row): number {
  return Number(session['TERMINATED_TS']) - Number(session['CREATED_TS']);
}

/** A row that is written when the agent goes on to another state or work mode. */
function isMove(row: Row): boolean {
  return row['TYPE'] !== AGENT_RECORD.pendingState;
}

function timesOf(history: readonly Row[]) {
  const times = { TT_AGENT_READY: 0, TT_AGENT_NOTREADY: 0, TT_AGENT_BUSY: 0, TT_AGENT_ACW: 0 };
  let readies = 0;
  for (const [at, row] of history.entries()) {
    const state = row['STATE'];
    if (state === AGENT_ROW_STATE.ready && isMove(row)) readies++;
    const next = history[at + 1];
    if (!next) continue;
    const spent = Number(next['ADDED_TS']) - Number(row['ADDED_TS']);
    if (state === AGENT_ROW_STATE.ready) times.TT_AGENT_READY += spent;
    else if (state === AGENT_ROW_STATE.busy) times.TT_AGENT_BUSY += spent;
    else if (row['WORKMODE'] === WORK_MODE.afterCallWork) times.TT_AGENT_ACW += spent;
    else times.TT_AGENT_NOTREADY += spent;
  }
  return { ...times, CNT_AGENT_READY: readies };
}
