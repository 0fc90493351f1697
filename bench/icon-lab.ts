import { configurationServer } from '../src/engine/configuration/configuration-server.ts';
import { type ConfigurationObject, DN_TYPE } from '../src/engine/configuration/object-types.ts';
import { icon } from '../src/engine/icon/icon.ts';
import { databaseServer } from '../src/engine/idb/database-server.ts';
import type { IdbTransaction } from '../src/engine/idb/row-changes.ts';
import type { Message } from '../src/engine/kernel/events.ts';
import type { Behaviour } from '../src/engine/kernel/process.ts';
import { Simulation } from '../src/engine/kernel/simulation.ts';
import { formatConnectionId, formatUuid } from '../src/engine/telephony/identifiers.ts';
import { T_SERVER_PORT } from '../src/engine/telephony/messages.ts';

/** ICON with its queue, an RDBMS and a Configuration Server, and TEvents of answered calls. */

export type Work = () => void;

/** As the accumulator of ICON and the bare database both commit. */
export const ROWS_PER_TRANSACTION = 1_000;
const END_US = 600_000_000;

/**
 * A lab of three real processes and a T-Server that says everything at once, or so many events in a
 * lab millisecond. Without such a pace it is ready when all has been said, and the work is what
 * ICON, its queue and the RDBMS make of it.
 */
export function feed(
  events: Iterable<Message>,
  onTransaction: (transaction: IdbTransaction) => void,
  { endUs = END_US, perMillisecond = Number.POSITIVE_INFINITY } = {},
): Work {
  let isSaid = false;
  const rest = events[Symbol.iterator]();
  const feeder: Behaviour<object> = {
    kind: 'feeder',
    create: () => ({}),
    onStart: (context) => context.listen(T_SERVER_PORT),
    onMessage(context, { session, message }) {
      if (message.type === 'RequestStartCallMonitoring') context.setTimer('say', 0, session);
    },
    onTimer(context, _name, session) {
      for (let count = 0; count < perMillisecond; count++) {
        const next = rest.next();
        isSaid = next.done === true;
        if (isSaid) return;
        context.send(session as number, next.value);
      }
      context.setTimer('say', 1000, session);
    },
  };
  const config = {
    dbid: ICON_DBID,
    configurationHost: 'confserv',
    configurationDbid: 103,
    databaseHost: 'idb',
    tServers: [{ name: 'TS', dbid: 102, hosts: ['ts'], switchDbid: 101 }],
    options: OPTIONS,
  };
  const hosts = { A: 'nowhere', B: 'nowhere' };
  const simulation = Simulation.create(
    {
      seed: 1,
      epochSeconds: 1_772_442_000,
      hosts: ['confserv', 'idb', 'ts', 'icon', 'nowhere'].map((name) => ({ name, diskSyncUs: 10 })),
      networks: [
        { name: 'public', delayUs: 1, jitterUs: 0, bandwidthBitsPerSecond: 1e13, lossRate: 0 },
      ],
      processes: [
        { name: 'idb', kind: 'rdbms', host: 'idb', config: {} },
        {
          name: 'confserv',
          kind: 'configuration-server',
          host: 'confserv',
          config: { objects: OBJECTS, hosts },
        },
        { name: 'ts', kind: 'feeder', host: 'ts', config: {} },
        { name: 'icon1', kind: 'icon', host: 'icon', config },
      ],
    },
    new Map(
      [configurationServer, databaseServer, icon, feeder].map((behaviour) => [
        behaviour.kind,
        behaviour as Behaviour<unknown>,
      ]),
    ),
    {
      onEvent() {},
      onLogLine() {},
      onOutput: (_process, _cause, _atUs, output) =>
        onTransaction(output as unknown as IdbTransaction),
    },
  );
  for (const name of ['idb', 'confserv', 'ts', 'icon1']) simulation.startProcess(name);
  while (!isSaid && perMillisecond === Number.POSITIVE_INFINITY) simulation.step();
  return () => simulation.runUntil(endUs);
}

const ICON_DBID = 101;
const OPTIONS = {
  callconcentrator: { role: 'gcc', 'acc-queue-size': String(ROWS_PER_TRANSACTION) },
};

const OBJECTS: readonly ConfigurationObject[] = [
  {
    type: 'application',
    dbid: ICON_DBID,
    state: 1,
    fields: { name: 'icon1', connections: [102] },
    options: OPTIONS,
  },
  { type: 'switch', dbid: 101, state: 1, fields: { name: 'SW', tenant: 101 } },
  {
    type: 'dn',
    dbid: 101,
    state: 1,
    fields: { number: '8001', dnType: DN_TYPE.routingPoint, switch: 101 },
  },
  {
    type: 'dn',
    dbid: 102,
    state: 1,
    fields: { number: '2001', dnType: DN_TYPE.extension, switch: 101 },
  },
];

/** What `eventsOfCalls` yields for each of them. */
export const EVENTS_OF_CALL = 15;

/** Answered inbound calls, event for event as the lab's T-Server sends them. */
export function makeEvents(calls: number): Message[] {
  return [...eventsOfCalls(calls)];
}

/** The same, made one call after the other. */
export function* eventsOfCalls(calls: number): Generator<Message> {
  const prefix = '9EEAHHMLEL2D34JAHSHU6RRCBG';
  let uuid = 1;
  for (let call = 1; call <= calls; call++) {
    const CallUUID = formatUuid(prefix, uuid++);
    const ConnID = formatConnectionId(101, call);
    const [caller, point, agent] = [0, 1, 2].map(() => formatUuid(prefix, uuid++));
    const events: Message[] = [];
    const say = (type: string, more: Omit<Message, 'type'>) =>
      events.push({ type, TimeinSecs: 1_772_442_000 + call, CallUUID, ...more });
    const dn = (type: string, ThisDN: string) => say(type, { ConnID, ThisDN, CallID: call });
    const party = (type: string, PartyUUID: string, ThisDN: string, PartyState = 0) =>
      say(type, { PartyUUID, ThisDN, PartyState });
    dn('EventRouteRequest', '8001');
    say('EventCallCreated', { ConnID, CallID: call, CallType: 2, ANI: '5550100', DNIS: '8001' });
    party('EventCallPartyAdded', caller, '5550100', 1);
    party('EventCallPartyAdded', point, '8001', 0x800);
    dn('EventDiverted', '8001');
    party('EventCallPartyDeleted', point, '8001');
    dn('EventRinging', '2001');
    party('EventCallPartyAdded', agent, '2001', 0xa);
    dn('EventEstablished', '2001');
    party('EventCallPartyState', agent, '2001', 0xc);
    party('EventCallPartyState', caller, '5550100', 0xc);
    dn('EventReleased', '2001');
    party('EventCallPartyDeleted', agent, '2001');
    party('EventCallPartyDeleted', caller, '5550100');
    say('EventCallDeleted', { ConnID });
    yield* events;
  }
}
