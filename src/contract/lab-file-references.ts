import type { LabDefinition } from '../engine/lab/definition.ts';

/** What the parts of a lab file say of each other. */

/** A name that refers to nothing, with its place in the file. */
export type ReferenceProblem = {
  readonly path: readonly (string | number)[];
  readonly message: string;
};

/** Names that must be unique, and names that must exist. */
export function checkReferences(lab: LabDefinition): ReferenceProblem[] {
  const problems: ReferenceProblem[] = [];
  const say = (path: (string | number)[], message: string) => problems.push({ path, message });
  const names = {
    site: lab.sites.map((one) => one.name),
    group: lab.groups.map((one) => one.name),
    script: lab.scripts.map((one) => one.name),
    callType: lab.callTypes.map((one) => one.name),
    service: lab.services.map((one) => one.name),
    skill: [...lab.skills],
  };
  const must = (kind: keyof typeof names, value: string, path: (string | number)[]) => {
    if (names[kind].includes(value)) return;
    say(path, `there is no ${kind} "${value}"; there are: ${names[kind].join(', ')}`);
  };
  for (const [i, { site }] of lab.groups.entries()) must('site', site, ['groups', i, 'site']);
  for (const [i, { script }] of lab.callTypes.entries()) {
    must('script', script, ['callTypes', i, 'script']);
  }
  for (const [i, { site }] of lab.services.entries()) must('site', site, ['services', i, 'site']);
  for (const [i, { service, group }] of lab.routes.entries()) {
    must('service', service, ['routes', i, 'service']);
    must('group', group, ['routes', i, 'group']);
  }
  for (const [i, one] of lab.agents.entries()) {
    must('site', one.site, ['agents', i, 'site']);
    for (const [j, group] of one.groups.entries()) must('group', group, ['agents', i, 'groups', j]);
    for (const [j, skill] of one.skills.entries()) must('skill', skill, ['agents', i, 'skills', j]);
  }
  for (const [i, { callType }] of (lab.networkIcm?.dialedNumbers ?? []).entries()) {
    must('callType', callType, ['networkIcm', 'dialedNumbers', i, 'callType']);
  }
  checkCampaigns(lab, must, say);
  checkMultimedia(lab, must, say);
  for (const [i, one] of lab.sites.entries()) checkSite(one, ['sites', i], must, say);
  checkUnique(lab, say);
  return problems;
}

function checkCampaigns(
  lab: LabDefinition,
  must: (kind: 'group', value: string, path: (string | number)[]) => void,
  say: (path: (string | number)[], message: string) => void,
): void {
  for (const [i, { group, queue, list }] of (lab.outbound?.campaigns ?? []).entries()) {
    const path = ['outbound', 'campaigns', i];
    must('group', group, [...path, 'group']);
    const home = lab.groups.find(({ name }) => name === group)?.site;
    const site = lab.sites.find(({ name }) => name === home);
    if (site && !site.queues.some(({ dn }) => dn === queue)) {
      const queues = site.queues.map(({ dn }) => dn).join(', ');
      say([...path, 'queue'], `must be a queue of the group's site: ${queues}`);
    }
    for (const [j, { name }] of list.fields.entries()) {
      if (!name.startsWith('GSW_')) continue;
      say([...path, 'list', 'fields', j, 'name'], 'GSW_ keys belong to OCS itself');
    }
    for (const [j, { phones }] of list.contacts.entries()) {
      const own = phones.find((phone) => isOwnNumber(lab, phone));
      if (own === undefined) continue;
      say([...path, 'list', 'contacts', j, 'phones'], `${own} is a number of this lab`);
    }
    for (const [j, { fields }] of list.contacts.entries()) {
      const unknown = Object.keys(fields).find((one) => {
        return !list.fields.some((field) => field.name === one);
      });
      if (unknown === undefined) continue;
      const where = [...path, 'list', 'contacts', j, 'fields', unknown];
      say(where, `the list has no field "${unknown}"`);
    }
  }
}

function isOwnNumber({ sites, agents }: LabDefinition, number: string): boolean {
  const isOfSite = sites.some(({ queues, routingPoints, translationNumbers }) => {
    const dns = [...queues, ...routingPoints].map(({ dn }) => dn);
    return dns.includes(number) || translationNumbers.includes(number);
  });
  return isOfSite || agents.some(({ extension }) => extension === number);
}

function checkMultimedia(
  { multimedia }: LabDefinition,
  must: (kind: 'group', value: string, path: (string | number)[]) => void,
  say: (path: (string | number)[], message: string) => void,
): void {
  if (!multimedia) return;
  const { queues, strategies, sources } = multimedia;
  for (const [i, { group }] of strategies.entries()) {
    must('group', group, ['multimedia', 'strategies', i, 'group']);
  }
  for (const [i, { strategy }] of queues.entries()) {
    if (strategy === '' || strategies.some(({ name }) => name === strategy)) continue;
    say(['multimedia', 'queues', i, 'strategy'], `there is no strategy "${strategy}"`);
  }
  for (const [i, { queue }] of sources.entries()) {
    if (queues.some(({ name }) => name === queue)) continue;
    say(['multimedia', 'sources', i, 'queue'], `there is no queue "${queue}"`);
  }
}

function checkSite(
  one: LabDefinition['sites'][number],
  path: (string | number)[],
  must: (kind: 'group' | 'callType', value: string, path: (string | number)[]) => void,
  say: (path: (string | number)[], message: string) => void,
): void {
  for (const [j, { group }] of one.queues.entries()) {
    must('group', group, [...path, 'queues', j, 'group']);
  }
  for (const [j, { callType }] of one.routingPoints.entries()) {
    must('callType', callType, [...path, 'routingPoints', j, 'callType']);
  }
  for (const [j, { dn, overflow }] of one.queues.entries()) {
    const isKnown = one.queues.some((queue) => queue.dn === overflow?.to && queue.dn !== dn);
    if (!overflow || isKnown) continue;
    say([...path, 'queues', j, 'overflow', 'to'], 'must be another queue of this site');
  }
  if (!one.queues.some((queue) => queue.dn === one.defaultQueue)) {
    const queues = one.queues.map((queue) => queue.dn).join(', ');
    say([...path, 'defaultQueue'], `must be a queue of this site: ${queues}`);
  }
}

function checkUnique(
  lab: LabDefinition,
  say: (path: (string | number)[], message: string) => void,
): void {
  const seen = new Map<string, string>();
  const once = (kind: string, value: string, path: (string | number)[]) => {
    const key = `${kind} ${value}`;
    const before = seen.get(key);
    if (before) say(path, `${kind} "${value}" is already used by ${before}`);
    else seen.set(key, path.slice(0, 2).join(' '));
  };
  for (const [i, one] of lab.sites.entries()) {
    once('site', one.name, ['sites', i, 'name']);
    once('Peripheral Gateway', one.peripheralGateway, ['sites', i, 'peripheralGateway']);
    for (const [j, { dn }] of one.routingPoints.entries()) {
      once('DN', dn, ['sites', i, 'routingPoints', j, 'dn']);
    }
    for (const [j, { virtualQueue }] of one.routingPoints.entries()) {
      // Several routing points may share one.
      const first = one.routingPoints.findIndex((point) => point.virtualQueue === virtualQueue);
      if (virtualQueue === undefined || first !== j) continue;
      once('DN', virtualQueue, ['sites', i, 'routingPoints', j, 'virtualQueue']);
    }
    for (const [j, number] of one.translationNumbers.entries()) {
      once('DN', number, ['sites', i, 'translationNumbers', j]);
    }
    for (const [j, { dn }] of one.queues.entries()) once('DN', dn, ['sites', i, 'queues', j, 'dn']);
  }
  for (const [i, { dn }] of (lab.networkIcm?.dialedNumbers ?? []).entries()) {
    once('DN', dn, ['networkIcm', 'dialedNumbers', i, 'dn']);
  }
  for (const [i, one] of lab.agents.entries()) {
    once('employee id', one.employeeId, ['agents', i, 'id']);
    once('DN', one.extension, ['agents', i, 'extension']);
    once('login', one.login, ['agents', i, 'login']);
  }
  for (const [i, { name, list }] of (lab.outbound?.campaigns ?? []).entries()) {
    once('campaign', name, ['outbound', 'campaigns', i, 'name']);
    once('calling list', list.name, ['outbound', 'campaigns', i, 'list', 'name']);
    for (const [j, field] of list.fields.entries()) {
      once('field', field.name, ['outbound', 'campaigns', i, 'list', 'fields', j, 'name']);
    }
  }
  once('application', lab.icon.name, ['icon', 'name']);
  if (lab.icon.second) once('application', lab.icon.second, ['icon', 'second']);
  for (const [i, { backupTServer, tServer }] of lab.sites.entries()) {
    once('application', tServer, ['sites', i, 'tServer']);
    if (backupTServer) once('application', backupTServer, ['sites', i, 'backupTServer']);
  }
  if (lab.outbound) once('application', lab.outbound.name, ['outbound', 'name']);
  if (lab.multimedia) once('application', lab.multimedia.name, ['multimedia', 'name']);
  for (const [i, one] of lab.groups.entries()) once('group', one.name, ['groups', i, 'name']);
  for (const [i, one] of lab.scripts.entries()) once('script', one.name, ['scripts', i, 'name']);
  const { queues = [], strategies = [], workbins = [] } = lab.multimedia ?? {};
  // All of these are Script objects.
  for (const [i, one] of queues.entries()) {
    once('script', one.name, ['multimedia', 'queues', i, 'name']);
  }
  for (const [i, one] of strategies.entries()) {
    once('script', one.name, ['multimedia', 'strategies', i, 'name']);
  }
  for (const [i, one] of workbins.entries()) once('script', one, ['multimedia', 'workbins', i]);
}
