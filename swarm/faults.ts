import type { ConfigurationServerState } from '../src/engine/configuration/configuration-server.ts';
import type { ConfigurationObject } from '../src/engine/configuration/object-types.ts';
import { stateTransferKey } from '../src/engine/icm/registry/keys.ts';
import { nextBelow, nextUniform, type RandomState } from '../src/engine/kernel/random.ts';
import type { LabCommand } from '../src/engine/lab/commands.ts';
import type { Lab } from '../src/engine/lab/lab.ts';
import { pick } from './draw.ts';

type Link = { readonly network: string; readonly from: string; readonly to: string };

/** What may go wrong in a lab, by its own hosts and processes. */
export class FaultSource {
  private readonly processes: readonly string[];
  private readonly nodes: readonly string[];
  private readonly hosts: readonly string[];
  private readonly gateways: readonly string[];

  /** `others`: hosts besides those of ICM that may lose power or links. */
  constructor(
    private readonly lab: Lab,
    private readonly random: RandomState,
    private readonly others: readonly string[] = [],
  ) {
    const { world } = lab.simulation;
    const icm = [...world.processes.values()].filter(({ supervisor }) => supervisor !== '');
    this.processes = icm.map(({ name }) => name);
    this.nodes = [...world.processes.keys()]
      .filter((name) => name.endsWith('-nmm'))
      .map((name) => name.slice(0, -'-nmm'.length));
    this.hosts = [...new Set(icm.map(({ host }) => host))];
    this.gateways = this.hosts.filter((host) => host.startsWith('pg'));
  }

  /** The commands of the next fault. */
  next(): LabCommand[] {
    const { random } = this;
    return pick<() => LabCommand[]>(random, [
      () => this.privateLink(),
      () => this.privateLink(),
      () => this.publicLink(),
      () => this.publicLink(),
      () => this.slowLink(),
      () => this.process(),
      () => this.process(),
      () => [{ verb: pick(random, ['stop-node', 'start-node']), node: pick(random, this.nodes) }],
      () => [{ verb: pick(random, ['stop-side', 'start-side']), side: this.side() }],
      () => {
        const host = pick(random, [...this.hosts, ...this.others]);
        return [{ verb: pick(random, ['crash-host', 'boot-host']), host }];
      },
      () => this.transfer(),
      () => this.edit(),
      () => [this.call()],
    ])();
  }

  /** How long until the next one, lab microseconds. */
  pauseUs(meanSeconds: number): number {
    return Math.round(-Math.log(1 - nextUniform(this.random)) * meanSeconds * 1e6);
  }

  private side(): 'A' | 'B' {
    return pick(this.random, ['A', 'B']);
  }

  private pairLink(): Link {
    const node = pick(this.random, ['cc', ...this.gateways.map((name) => name.slice(0, -1))]);
    const [from, to] = pick(this.random, [
      ['a', 'b'],
      ['b', 'a'],
    ]);
    return { network: 'private', from: `${node}${from}`, to: `${node}${to}` };
  }

  private privateLink(): LabCommand[] {
    const link = this.pairLink();
    const back = { ...link, from: link.to, to: link.from };
    const verb = pick(this.random, ['cut', 'repair'] as const);
    const both: LabCommand[] = [
      { verb, ...link },
      { verb, ...back },
    ];
    return pick(this.random, [both, both, [{ verb, ...link }]]);
  }

  private publicLink(): LabCommand[] {
    const gateway = pick(this.random, this.gateways);
    const peer = `${gateway.slice(0, -1)}${gateway.endsWith('a') ? 'b' : 'a'}`;
    const far = ['cca', 'ccb', peer, 'confserv'];
    const ends =
      this.others.length > 0 && nextBelow(this.random, 3) === 0
        ? [pick(this.random, this.others), pick(this.random, [...far, ...this.others])]
        : [gateway, pick(this.random, far)];
    const [from, to] = pick(this.random, [ends, [...ends].reverse()]);
    const verb = pick(this.random, ['cut', 'repair'] as const);
    const link = { verb, network: 'public', from, to } as const;
    return pick<LabCommand[]>(this.random, [[link], [link, { ...link, from: to, to: from }]]);
  }

  private slowLink(): LabCommand[] {
    const delayUs = 1000 * nextBelow(this.random, 150);
    const lossRate = pick(this.random, [0, 0.02, 0.1]);
    const bandwidthBitsPerSecond = pick(this.random, [64_000, 1_000_000, 10_000_000]);
    return [{ verb: 'set-link', ...this.pairLink(), delayUs, lossRate, bandwidthBitsPerSecond }];
  }

  private process(): LabCommand[] {
    const process = pick(this.random, this.processes);
    const verb = pick(this.random, [
      'crash-process',
      'crash-process',
      'hang-process',
      'release-process',
      'stop-process',
      'start-process',
    ] as const);
    return [{ verb, process }];
  }

  /** Faults that a state transfer meets. */
  private transfer(): LabCommand[] {
    const side = this.side();
    const node = `r${side.toLowerCase()}`;
    const client = pick(this.random, ['rtr', 'clgr', 'hlgr'] as const);
    const { customer } = this.lab.definition.centralController;
    return pick<LabCommand[]>(this.random, [
      [{ verb: 'corrupt-record', side, client }],
      [{ verb: 'crash-process', process: `${node}-rtr` }],
      [
        {
          verb: 'set-registry',
          host: side === 'A' ? 'cca' : 'ccb',
          path: `${stateTransferKey(customer, side)}\\Version`,
          value: pick(this.random, [1, 1, 2]),
        },
      ],
    ]);
  }

  /** Somebody edits the configuration, whatever else is broken; some edits are refused. */
  private edit(): LabCommand[] {
    const server = this.lab.stateOf<ConfigurationServerState>('confserv');
    const { random } = this;
    const all = [...(server?.objects.values() ?? [])];
    if (all.length === 0) return [];
    const ofType = (type: ConfigurationObject['type']) => all.filter((one) => one.type === type);
    const number = 1000 + nextBelow(random, 9000);
    const update = (
      object: ConfigurationObject | undefined,
      change: ConfigurationObject['fields'],
    ): LabCommand[] => {
      if (!object) return [];
      const fields = { ...object.fields, ...change };
      return [{ verb: 'update-object', object: { ...object, fields } }];
    };
    return pick<() => LabCommand[]>(random, [
      () => update(pick(random, ofType('person')), { lastName: `Name ${number}` }),
      () => {
        const agents = ofType('person').filter(() => nextBelow(random, 2) === 0);
        const members = agents.map(({ dbid }) => dbid);
        return update(pick(random, ofType('agentGroup')), { agents: members });
      },
      () => {
        const group = pick(random, ofType('agentGroup'))?.fields['name'];
        const label = pick(random, this.lab.definition.sites).defaultQueue;
        const body = `queue ${group} for ${10 + nextBelow(random, 50)}s\nlabel ${label}`;
        return update(pick(random, ofType('script')), { body });
      },
      () => {
        const fields = { name: `Service ${number}`, peripheral: 101 };
        return [{ verb: 'create-object', object: { type: 'service', state: 1, fields } }];
      },
      () => {
        const { type: objectType, dbid } = pick(random, all);
        return [{ verb: 'delete-object', objectType, dbid }];
      },
    ])();
  }

  private call(): LabCommand {
    const site = pick(this.random, this.lab.definition.sites);
    return { verb: 'place-call', dialedNumber: site.routingPoints[0].dn, ani: '5550100' };
  }
}

/** Takes every fault back: power on, links whole, versions equal, services running. */
export function healEverything(lab: Lab): void {
  const { world } = lab.simulation;
  for (const { name, up } of world.hosts.values()) {
    if (!up) lab.execute({ verb: 'boot-host', host: name });
  }
  for (const { network, from, to } of [...world.paths.values()]) {
    const normal = world.networks.get(network)!;
    if (network === 'loopback') continue;
    const { delayUs, lossRate, bandwidthBitsPerSecond } = normal;
    lab.execute({ verb: 'repair', network, from, to });
    const link = { network, from, to, delayUs, lossRate, bandwidthBitsPerSecond };
    lab.execute({ verb: 'set-link', ...link });
  }
  const { customer } = lab.definition.centralController;
  for (const side of ['A', 'B'] as const) {
    const host = side === 'A' ? 'cca' : 'ccb';
    const path = `${stateTransferKey(customer, side)}\\Version`;
    lab.execute({ verb: 'set-registry', host, path, value: 1 });
  }
  for (const { name, hung } of world.processes.values()) {
    if (hung) lab.execute({ verb: 'release-process', process: name });
  }
  // Managers first: they start what is theirs.
  for (const { name, running, supervisor } of world.processes.values()) {
    if (running || supervisor !== '') continue;
    lab.execute({ verb: 'start-process', process: name });
  }
}

/** Processes that an operator stopped are left alone by their Node Manager: started by hand. */
export function startStopped(lab: Lab): void {
  for (const { name, running } of lab.simulation.world.processes.values()) {
    if (running) continue;
    lab.execute({ verb: 'start-process', process: name });
  }
}
