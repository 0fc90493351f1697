import type { RandomState } from '../src/engine/kernel/random.ts';
import type { LabCommand } from '../src/engine/lab/commands.ts';
import type { Lab } from '../src/engine/lab/lab.ts';
import { pick } from './draw.ts';

const KINDS = ['icon', 'rdbms', 't-server', 'switch', 'configuration-server'];

/** What may go wrong between switches and IDBs: there ICONs lose data, and have to say so. */
export class GenesysFaults {
  private readonly processes: readonly string[];
  private readonly hosts: readonly string[];

  constructor(
    lab: Lab,
    private readonly random: RandomState,
  ) {
    const own = [...lab.simulation.world.processes.values()].filter(({ kind }) =>
      KINDS.includes(kind),
    );
    this.processes = own.map(({ name }) => name);
    this.hosts = own.map(({ host }) => host);
  }

  /** The commands of the next fault; what is broken is mended as often. */
  next(): LabCommand[] {
    const { random } = this;
    const process = pick(random, this.processes);
    const [from, to] = [pick(random, this.hosts), pick(random, this.hosts)];
    const link = { network: 'public', from, to } as const;
    return pick<() => LabCommand[]>(random, [
      () => [{ verb: 'crash-process', process }],
      () => [{ verb: 'stop-process', process }],
      () => this.processes.map((name) => ({ verb: 'start-process', process: name })),
      () => [{ verb: pick(random, ['hang-process', 'release-process']), process }],
      () => this.processes.map((name) => ({ verb: 'release-process', process: name })),
      () => [{ verb: pick(random, ['crash-host', 'boot-host']), host: from }],
      () => [{ verb: 'cut', ...link }],
      () => [
        { verb: 'repair', ...link },
        { verb: 'repair', ...link, from: to, to: from },
      ],
    ])();
  }
}
