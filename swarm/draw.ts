import {
  createRandomState,
  nextBelow,
  nextUniform,
  type RandomState,
} from '../src/engine/kernel/random.ts';
import type { LabDefinition, SiteDefinition } from '../src/engine/lab/definition.ts';
import { MEDIA_NAMES } from '../src/engine/telephony/interaction-server/interaction-messages.ts';

/** What one seed of the swarm lives through. */
export interface Draw {
  readonly definition: LabDefinition;
  readonly faultMinutes: number;
  /** Mean lab seconds between two faults. */
  readonly meanFaultSeconds: number;
}

const MEGABIT = 1_000_000;
/** So often the lab has two ICONs. */
const EVERY_PAIR = 5;
/** So often those have a redundant pair of T-Servers. */
const EVERY_BACKUP = 10;

export function pick<T>(random: RandomState, choices: readonly T[]): T {
  return choices[nextBelow(random, choices.length)];
}

/** Topology, traffic and fault rates of a seed: the same for the same seed. */
export function draw(seed: number, minutes: number | undefined): Draw {
  const random = createRandomState(seed, 'swarm');
  const siteCount = 1 + nextBelow(random, 4);
  const backup = seed % EVERY_BACKUP === 2 ? { backupTServer: 'TS_Site1_B' } : {};
  const sites = Array.from({ length: siteCount }, (_, index) => {
    return { ...drawSite(index), ...(index === 0 ? backup : {}) };
  });
  const agents = sites.flatMap((site, index) => {
    const count = 2 + nextBelow(random, 4);
    return Array.from({ length: count }, (_unused, seat) => drawAgent(site, index, seat));
  });
  const callsPerHour = pick(random, [30, 120, 600]);
  const definition: LabDefinition = {
    name: `swarm${seed}`,
    description: '',
    seed,
    epochSeconds: 1_772_463_600,
    utcOffsetSeconds: -21_600,
    diskSyncUs: pick(random, [1000, 4000, 50_000]),
    networks: {
      private: drawNetwork(random, [1, 10, 100]),
      public: drawNetwork(random, [2, 10, 50]),
    },
    centralController: {
      customer: 'swarm',
      stateSizeThresholdMb: 30,
      startUs: { A: 0, B: pick(random, [0, 0, 1_000_000, 45_000_000]) },
      settings: {},
    },
    ...(nextBelow(random, 3) === 0 ? { networkIcm: NETWORK } : {}),
    tenant: 'Swarm',
    skills: [],
    sites,
    groups: sites.map(({ name }) => ({ name: `${name}_Group`, site: name })),
    agents,
    scripts: sites.map((site, index) => ({
      name: `${site.name}_Script`,
      steps: drawScript(random, sites, index),
    })),
    callTypes: sites.map(({ name }) => ({ name: `${name}_Type`, script: `${name}_Script` })),
    services: sites.map(({ name }) => ({ name: `${name}.svc`, site: name })),
    routes: sites.map(({ name }) => {
      return { name: `${name}.1`, service: `${name}.svc`, group: `${name}_Group` };
    }),
    traffic: {
      callsPerHour: Array.from({ length: 24 }, () => callsPerHour),
      meanAnswerSeconds: 3,
      meanTalkSeconds: pick(random, [10, 60]),
      meanAfterCallSeconds: 5,
      meanPatienceSeconds: 60,
      digits: [{ digits: '1', share: 0.5 }],
      agentsBy: 'themselves',
      transferShare: 0.15,
      conferenceShare: 0.1,
      holdShare: 0.1,
      attachedDataShare: 0.5,
      breaksPerHour: pick(random, [0, 1]),
      outboundCallsPerHour: pick(random, [0, 2]),
    },
    ...drawChannels(createRandomState(seed, 'channels'), sites[0]),
    icon: {
      ...(seed % EVERY_PAIR === 2 ? { second: 'ICON2' } : {}),
      name: 'ICON1',
      roles: ['all'],
      options: { 'use-dss-monitor': '1' },
    },
    configurationServer: { version: '8.1', options: {} },
  };
  const faultMinutes = minutes ?? pick(random, [10, 20, 60, 120]);
  return { definition, faultMinutes, meanFaultSeconds: pick(random, [5, 20, 60, 300]) };
}

/** Half of the labs have campaigns, e-mail, chat and work items at their first site. */
function drawChannels(random: RandomState, site: SiteDefinition): Partial<LabDefinition> {
  if (nextBelow(random, 2) === 0) return {};
  const group = `${site.name}_Group`;
  return {
    multimedia: {
      name: 'IXN1',
      version: '8.5.1',
      queues: [{ name: 'Mail', strategy: 'Offer' }],
      strategies: [{ name: 'Offer', group }],
      workbins: [],
      sources: MEDIA_NAMES.map((media) => ({ media, queue: 'Mail', perHour: 60 })),
      meanHandleSeconds: 30,
    },
    outbound: {
      name: 'OCS1',
      campaigns: [
        {
          name: 'Campaign',
          group,
          queue: site.defaultQueue,
          mode: pick(random, ['predictive', 'progressive', 'preview'] as const),
          optimization: { method: 'overdialRate', goal: 5 },
          attempts: 2,
          retrySeconds: 60,
          answerSeconds: 20,
          startSeconds: 90,
          list: { name: 'List', fields: [], contacts: [], generated: 300 },
        },
      ],
    },
  };
}

const NETWORK = {
  name: 'NAM1',
  dialedNumbers: [{ dn: '9001', callType: 'Site1_Type' }],
  requestsPerHour: 120,
};

function drawNetwork(random: RandomState, delaysMs: readonly number[]) {
  return {
    delayUs: 1000 * pick(random, delaysMs) * (0.5 + nextUniform(random)),
    jitterUs: pick(random, [0, 500]),
    bandwidthBitsPerSecond: pick(random, [2, 10, 100]) * MEGABIT,
    lossRate: 0,
  };
}

function drawSite(index: number): SiteDefinition {
  const name = `Site${index + 1}`;
  const number = index + 1;
  return {
    name,
    switch: `${name}_PBX`,
    tServer: `TS_${name}`,
    peripheralGateway: `PG${number}`,
    peripheral: `${name}_ACD`,
    queues: [{ dn: `7${number}01`, name: 'queue', group: `${name}_Group` }],
    routingPoints: [{ dn: `8${number}01`, name: 'line', callType: `${name}_Type`, share: 1 }],
    defaultQueue: `7${number}01`,
    translationNumbers: [`89${number}1`, `89${number}2`],
    trunkGroups: [{ name: `${name}_Trunks`, trunks: 24 }],
  };
}

function drawAgent(site: SiteDefinition, index: number, seat: number) {
  const extension = `${index + 1}2${String(seat).padStart(2, '0')}`;
  return {
    employeeId: `E${extension}`,
    firstName: 'Agent',
    lastName: extension,
    site: site.name,
    extension,
    login: `${index + 1}4${String(seat).padStart(2, '0')}`,
    groups: [`${site.name}_Group`],
    skills: [],
    level: 5,
  };
}

function drawScript(random: RandomState, sites: readonly SiteDefinition[], own: number): string {
  const { name, defaultQueue } = sites[own];
  const other = pick(random, sites).name;
  const steps = [
    'play 2s',
    'collect 1 for 4s',
    `digits 1: select ${name}_Group`,
    `30%: select ${other}_Group`,
    `queue ${name}_Group ${other}_Group for 30s priority ${nextBelow(random, 3)}`,
    `select ${name}_Group`,
  ].filter(() => nextBelow(random, 2) === 0);
  return [...steps, `label ${defaultQueue}`].join('\n');
}
