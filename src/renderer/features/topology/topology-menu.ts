import type { TopologyHost, TopologyLink, TopologyProcess } from '../../../contract/rpc.ts';
import type { useLab } from '../../stores/lab.ts';
import type { useTopology } from '../../stores/topology.ts';

/** What can be done to what is under the pointer or has the focus: faults first. */

export type Target =
  | { readonly kind: 'process'; readonly process: TopologyProcess; readonly host: TopologyHost }
  | { readonly kind: 'host'; readonly host: TopologyHost }
  | { readonly kind: 'link'; readonly link: TopologyLink };

export type Action = {
  readonly title: string;
  readonly group: string;
  readonly isDisabled?: boolean;
  readonly run: () => unknown;
};

export type Doors = {
  readonly lab: ReturnType<typeof useLab>;
  readonly topology: ReturnType<typeof useTopology>;
  readonly openConsole: (host: string) => void;
  readonly why: (process: string) => void;
};

export function titleOf(target: Target): string {
  if (target.kind === 'process') return `${target.process.name}: ${target.process.state}`;
  if (target.kind === 'host') return `Host ${target.host.name}`;
  const { ends, network } = target.link;
  return `${network} network, ${ends[0]} and ${ends[1]}`;
}

export function actionsOf(target: Target, doors: Doors): Action[] {
  if (target.kind === 'process') {
    const { host, process } = target;
    const why = {
      group: 'why',
      title: `Why ${process.name} is ${process.state}`,
      run: () => doors.why(process.name),
    };
    return [why, ...processActions(host, process, doors.lab), consoleAction(host, doors)];
  }
  return target.kind === 'host' ? hostActions(target.host, doors) : linkActions(target.link, doors);
}

type ProcessVerb =
  | 'crash-process'
  | 'hang-process'
  | 'release-process'
  | 'stop-process'
  | 'start-process'
  | 'exit-process';

/** Faults and commands of one process; those that mean nothing now are disabled. */
export function processActions(
  host: TopologyHost,
  { isSupervised, name, state }: TopologyProcess,
  lab: Doors['lab'],
): Action[] {
  const isUp = state === 'running' || state === 'hung';
  const action = (
    group: string,
    title: string,
    verb: ProcessVerb,
    isDisabled: boolean,
  ): Action => ({ group, title, isDisabled, run: () => lab.execute({ verb, process: name }) });
  return [
    action('fault', `Crash ${name}`, 'crash-process', !isUp),
    action('fault', `Hang ${name}`, 'hang-process', state !== 'running'),
    action('fault', `Release ${name}`, 'release-process', state !== 'hung'),
    action('process', `Stop ${name}`, 'stop-process', !isUp),
    action('process', `Start ${name}`, 'start-process', isUp || !host.isUp),
    ...(isSupervised
      ? [action('process', `Have ${name} exit and start again`, 'exit-process', !isUp)]
      : []),
  ];
}

const consoleAction = ({ name }: TopologyHost, { openConsole }: Doors): Action => ({
  title: `Open the console of ${name}`,
  group: 'look',
  run: () => openConsole(name),
});

function hostActions(host: TopologyHost, doors: Doors): Action[] {
  const { isUp, name } = host;
  const { lab } = doors;
  return [
    {
      title: `Switch ${name} off without warning`,
      group: 'fault',
      isDisabled: !isUp,
      run: () => lab.execute({ verb: 'crash-host', host: name }),
    },
    {
      title: `Switch ${name} on`,
      group: 'fault',
      isDisabled: isUp,
      run: () => lab.execute({ verb: 'boot-host', host: name }),
    },
    consoleAction(host, doors),
  ];
}

const SLOW_US = 250_000;
const LOSSY_RATE = 0.2;

function linkActions({ directions, ends, network }: TopologyLink, doors: Doors): Action[] {
  const { lab, topology } = doors;
  const [there, back] = directions;
  const ways = [[...ends], [ends[1], ends[0]]] as const;
  const both = async (work: (from: string, to: string) => Promise<unknown>) => {
    for (const [from, to] of ways) await work(from, to);
  };
  const normal = topology.report?.networks.find(({ name }) => name === network);
  const cut = (from: string, to: string) => lab.execute({ verb: 'cut', network, from, to });
  const quality = (wanted: Parameters<typeof topology.setLink>[3]) => () =>
    both((from, to) => topology.setLink(network, from, to, wanted));
  return [
    {
      title: 'Cut both directions',
      group: 'cut',
      isDisabled: there.isCut && back.isCut,
      run: () => both(cut),
    },
    ...ways.map(
      ([from, to], at): Action => ({
        title: `Cut from ${from} to ${to}`,
        group: 'cut',
        isDisabled: directions[at].isCut,
        run: () => cut(from, to),
      }),
    ),
    {
      title: 'Repair',
      group: 'cut',
      isDisabled: !(there.isCut || back.isCut),
      run: () => both((from, to) => lab.execute({ verb: 'repair', network, from, to })),
    },
    { title: 'Slow: 250 ms each way', group: 'quality', run: quality({ delayUs: SLOW_US }) },
    {
      title: 'Lossy: 20 % in each direction',
      group: 'quality',
      run: quality({ lossRate: LOSSY_RATE }),
    },
    {
      title: 'As the lab file has it',
      group: 'quality',
      isDisabled: !normal || !(there.isChanged || back.isChanged),
      run: quality(normal ?? {}),
    },
  ];
}
