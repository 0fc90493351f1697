import {
  type ConfigurationObject,
  numberField,
  objectKey,
  textField,
} from '../configuration/object-types.ts';
import { T_SERVER_PORT } from '../telephony/messages.ts';
import { nextHost } from '../telephony/t-server-hosts.ts';
import type { IconContext, IconState, TServerLink } from './icon-state.ts';
import { awaitCalls, loseCalls } from './interactions/reconnection.ts';
import type { IconRole } from './options.ts';

/** The sessions with the T-Servers, and for which DNs ICON is registered there. */

const RETRY_US = 2_000_000;

export function connectTServers(context: IconContext): void {
  const { config, links, options } = context.state;
  const wanted: readonly IconRole[] = ['gcc', 'gls', 'gud', 'lrm'];
  if (!wanted.some((role) => options.roles.includes(role))) return;
  for (const { name, dbid } of config.tServers) {
    if (!links.has(name) && isConnected(context, dbid)) connectTServer(context, name);
  }
}

/** ICON is a client of the data sources on its Connections tab, and of no others (source). */
export function isConnected({ state }: IconContext, dbid: number): boolean {
  return state.connections?.includes(dbid) ?? true;
}

export function connectTServer(context: IconContext, name: string): void {
  const { config, links } = context.state;
  const { hosts, switchDbid } = config.tServers.find((server) => server.name === name)!;
  const host = nextHost(hosts, links.get(name)?.host);
  const session = context.connect({ host, port: T_SERVER_PORT, network: 'public' });
  const registered = new Set<string>();
  const fresh = { open: false, ahead: null, nextReference: 1 };
  links.set(name, { name, switchDbid, host, session, registered, ...fresh });
}

export function linkOfSession({ links }: IconState, session: number): TServerLink | undefined {
  for (const link of links.values()) if (link.session === session) return link;
  return undefined;
}

export function onTServerOpened(context: IconContext, session: number): void {
  for (const [name, link] of context.state.links) {
    if (link.session !== session) continue;
    link.open = true;
    ask(context, link, 'RequestStartCallMonitoring');
    registerNumbers(context, name, link);
    awaitCalls(context, link);
  }
}

export function onTServerClosed(context: IconContext, session: number): void {
  for (const [name, link] of context.state.links) {
    if (link.session !== session) continue;
    link.open = false;
    link.registered.clear();
    loseCalls(context, link);
    context.cancelTimer(`restore ${name}`);
    context.setTimer(`connect ${name}`, RETRY_US);
  }
}

/** Registers for the DNs that ICON knows, and for no others. */
export function followNumbers(context: IconContext): void {
  for (const [name, link] of context.state.links) {
    if (link.open) registerNumbers(context, name, link);
  }
}

/** One object came, changed or went. */
export function followNumber(
  context: IconContext,
  before: ConfigurationObject | undefined,
  now: ConfigurationObject | undefined,
): void {
  if (before?.type !== 'dn' && now?.type !== 'dn') return;
  const [was, is] = [before && textField(before, 'number'), now && textField(now, 'number')];
  if (before && was !== undefined && !isSameNumber(before, now)) {
    const link = linkOf(context, before);
    const heir = context.state.directory.endpoints.get(was);
    const taken = context.state.objects.get(objectKey('dn', heir ?? 0));
    // Two DNs that swap their numbers in one edit: somebody has it again.
    const isTaken = taken !== undefined && linkOf(context, taken) === link;
    if (!isTaken && link?.registered.delete(was))
      ask(context, link, 'RequestUnregisterAddress', was);
  }
  const link = now && linkOf(context, now);
  if (link && is !== undefined && !link.registered.has(is)) register(context, link, is);
}

function isSameNumber(one: ConfigurationObject, other: ConfigurationObject | undefined): boolean {
  return (
    other !== undefined &&
    textField(one, 'number') === textField(other, 'number') &&
    numberField(one, 'switch') === numberField(other, 'switch')
  );
}

function linkOf({ state }: IconContext, dn: ConfigurationObject): TServerLink | undefined {
  const home = numberField(dn, 'switch');
  const server = state.config.tServers.find(({ switchDbid }) => switchDbid === home);
  const link = server && state.links.get(server.name);
  return link?.open ? link : undefined;
}

function registerNumbers(context: IconContext, name: string, link: TServerLink): void {
  const { config, objects } = context.state;
  const { switchDbid } = config.tServers.find((server) => server.name === name)!;
  const wanted = new Set<string>();
  for (const object of objects.values()) {
    if (object.type === 'dn' && numberField(object, 'switch') === switchDbid) {
      wanted.add(textField(object, 'number'));
    }
  }
  for (const dn of [...link.registered]) {
    if (wanted.has(dn)) continue;
    link.registered.delete(dn);
    ask(context, link, 'RequestUnregisterAddress', dn);
  }
  for (const dn of wanted) if (!link.registered.has(dn)) register(context, link, dn);
}

function register(context: IconContext, link: TServerLink, dn: string): void {
  link.registered.add(dn);
  ask(context, link, 'RequestRegisterAddress', dn);
}

function ask(context: IconContext, link: TServerLink, type: string, dn?: string): void {
  const ReferenceID = link.nextReference++;
  context.send(link.session, { type, ReferenceID, ...(dn !== undefined && { ThisDN: dn }) });
}
