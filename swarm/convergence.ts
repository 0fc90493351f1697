import { liveState, mdsPairs } from '../src/engine/checkers/pairs.ts';
import { AccountView, SYSTEM_ACCOUNT } from '../src/engine/configuration/access.ts';
import type { ConfigurationServerState } from '../src/engine/configuration/configuration-server.ts';
import { OBJECT_TYPES, objectKey } from '../src/engine/configuration/object-types.ts';
import type { ConfigurationLoggerState } from '../src/engine/icm/logger/configuration-logger.ts';
import type { RecoveryState } from '../src/engine/icm/logger/recovery.ts';
import type { MdsState } from '../src/engine/icm/mds/mds-state.ts';
import type { PgAgentState } from '../src/engine/icm/peripheral-gateway/pg-agent.ts';
import type { CallRouterState } from '../src/engine/icm/router/call-router-state.ts';
import { hashState } from '../src/engine/icm/router/router-state.ts';
import type { IconState } from '../src/engine/icon/icon-state.ts';
import { type IconPlace, iconPlaces } from '../src/engine/lab/icons.ts';
import type { Lab } from '../src/engine/lab/lab.ts';
import { backupTServerProcess, tServerProcess } from '../src/engine/lab/nodes.ts';
import type { TServerState } from '../src/engine/telephony/t-server/t-server-state.ts';

/** What a healed lab still lacks: paired, equal, in service. Empty when all is well. */
export function shortcomings(lab: Lab): string[] {
  const { world } = lab.simulation;
  const found: string[] = [];
  for (const pair of mdsPairs(world)) {
    const states = pair.map((mds) => liveState<MdsState>(mds));
    const names = states.map((mds) => mds?.state ?? 'down').sort();
    if (names.join() !== 'Paired-Disabled,Paired-Enabled') {
      found.push(`${pair[0].name} and ${pair[1].name}: ${names.join(', ')}`);
    }
    for (const [index, mds] of states.entries()) {
      for (const client of mds?.config.clients ?? []) {
        const status = mds!.clients.get(client)?.status ?? 'absent';
        const runs = [...world.processes.values()].some(
          ({ kind, host }) => kind === client && host === pair[index].host,
        );
        if (runs && status !== 'active') found.push(`${pair[index].name}: ${client} is ${status}`);
      }
      if (mds && mds.transfers.size > 0 && mds.state.startsWith('Paired')) {
        const open = [...mds.transfers.values()].filter(({ pipeSession }) => pipeSession > 0);
        if (open.length > 0) found.push(`${pair[index].name}: a transfer is under way`);
      }
    }
  }
  return [...found, ...gatewaysOf(lab), ...tServersOf(lab), ...dataOf(lab)];
}

/** Of a redundant pair one has the link and the clients, and the other one knows the same. */
function tServersOf(lab: Lab): string[] {
  return lab.definition.sites.flatMap((site) => {
    if (site.backupTServer === undefined) return [];
    const states = [tServerProcess(site), backupTServerProcess(site)].map((process) =>
      lab.stateOf<TServerState>(process),
    );
    const primaries = states.filter((state) => state?.serving && state.linkUp);
    const backups = states.filter((state) => state && !state.serving && state.pair?.peer?.linkUp);
    if (primaries.length === 1 && backups.length === 1) return [];
    return [`${site.tServer}: ${primaries.length} primary, ${backups.length} backup`];
  });
}

function gatewaysOf(lab: Lab): string[] {
  const agents = [...lab.simulation.world.processes.values()].filter(({ kind }) => kind === 'pgag');
  return lab.definition.sites.flatMap(({ peripheralGateway }) => {
    const mine = agents
      .map((process) => liveState<PgAgentState>(process))
      .filter((agent) => agent?.config.device === peripheralGateway);
    const active = mine.filter((agent) => agent?.active);
    return active.length === 1
      ? []
      : [`${peripheralGateway}: ${active.length} sides have an active path`];
  });
}

function dataOf(lab: Lab): string[] {
  const found: string[] = [];
  const routers = ['ra-rtr', 'rb-rtr'].map((name) => lab.stateOf<CallRouterState>(name));
  const loggers = ['la-clgr', 'lb-clgr'].map((name) => {
    return lab.stateOf<ConfigurationLoggerState>(name);
  });
  const [a, b] = routers;
  if (a && b && a.client.lastOrder === b.client.lastOrder) {
    if (hashState(a.router) !== hashState(b.router)) found.push('the routers differ');
  }
  const wanted = lab.stateOf<ConfigurationServerState>('confserv')?.loggers.changes.length;
  const revisions = [
    ...routers.map((router) => router?.revision),
    ...loggers.map((logger) => logger?.database.revision),
  ];
  if (revisions.some((revision) => revision !== wanted)) {
    found.push(`revisions ${revisions.join(', ')}; the Configuration Server has ${wanted}`);
  }
  for (const place of iconPlaces(lab.definition)) found.push(...iconDifferences(lab, place));
  const recoveries = ['la-rcv', 'lb-rcv'].map((name) => lab.stateOf<RecoveryState>(name));
  // The newest rows are looked at every few seconds only: gaps are what counts.
  const gaps = recoveries.map((recovery) =>
    JSON.stringify(recovery?.known.flatMap(({ from, to }) => [from, to]).slice(0, -1)),
  );
  if (gaps[0] !== gaps[1]) found.push(`history begins and breaks off at ${gaps.join(' and ')}`);
  return found;
}

/** ICON's copy of the configuration; what it knows that it missed is no broken promise. */
function iconDifferences(lab: Lab, { name, process }: IconPlace): string[] {
  const server = lab.stateOf<ConfigurationServerState>('confserv');
  const icon = lab.stateOf<IconState>(process);
  if (!server || !icon || icon.gap !== '') return [];
  if (icon.synchronization) return [`${name} still synchronizes its configuration`];
  const view = new AccountView(server.objects, SYSTEM_ACCOUNT);
  const wanted = [...server.objects.values()].filter(
    (object) => OBJECT_TYPES[object.type].cfgObjectType !== undefined && view.sees(object),
  );
  const wrong = wanted.filter(({ type, dbid }) => !icon.objects.has(objectKey(type, dbid)));
  if (wrong.length === 0 && wanted.length === icon.objects.size) return [];
  return [`${name} holds ${icon.objects.size} objects of ${wanted.length}`];
}
