import { processActions } from '../../features/topology/topology-menu.ts';
import type { useLab } from '../../stores/lab.ts';
import type { useTopology } from '../../stores/topology.ts';
import type { ScreenCommand } from './screen-command.ts';

export function faultCommands(
  lab: ReturnType<typeof useLab>,
  topology: ReturnType<typeof useTopology>,
): ScreenCommand[] {
  const both = async (verb: 'cut' | 'repair') => {
    await lab.execute({ verb, network: 'private', from: 'cca', to: 'ccb' });
    await lab.execute({ verb, network: 'private', from: 'ccb', to: 'cca' });
  };
  const link = { menu: 'Fault', group: 'private' } as const;
  const ends = /^private cc[ab] > cc[ab]$/;
  const cuts = lab.faults.filter(({ kind, where }) => kind === 'cut' && ends.test(where));
  return [
    {
      id: 'cut-private',
      title: 'Cut the private link',
      ...link,
      isDisabled: cuts.length === 2,
      run: () => void both('cut'),
    },
    {
      id: 'repair-private',
      title: 'Repair the private link',
      ...link,
      isDisabled: cuts.length === 0,
      run: () => void both('repair'),
    },
    ...(['A', 'B'] as const).flatMap((side) => sideCommands(lab, side)),
    {
      id: 'lift-faults',
      title: 'Lift all faults',
      menu: 'Fault',
      group: 'lift',
      isDisabled: lab.faults.length === 0,
      run: () => void topology.liftAll(),
    },
    ...processCommands(lab, topology),
  ];
}

function sideCommands(lab: ReturnType<typeof useLab>, side: 'A' | 'B'): ScreenCommand[] {
  const router = `r${side.toLowerCase()}-rtr`;
  const ofSide = { menu: 'Fault', group: `side ${side}` } as const;
  return [
    {
      id: `stop-${side}`,
      title: `Stop side ${side}`,
      ...ofSide,
      run: () => void lab.execute({ verb: 'stop-side', side }),
    },
    {
      id: `start-${side}`,
      title: `Start side ${side}`,
      ...ofSide,
      run: () => void lab.execute({ verb: 'start-side', side }),
    },
    {
      id: `crash-router-${side}`,
      title: `Crash the router of side ${side}`,
      ...ofSide,
      run: () => void lab.execute({ verb: 'crash-process', process: router }),
    },
    {
      id: `hang-router-${side}`,
      title: `Hang the router of side ${side}`,
      ...ofSide,
      run: () => void lab.execute({ verb: 'hang-process', process: router }),
    },
    {
      id: `corrupt-state-${side}`,
      title: `Flip a bit in the router state of side ${side}`,
      ...ofSide,
      run: () => void lab.execute({ verb: 'corrupt-state', side }),
    },
    {
      id: `corrupt-record-${side}`,
      title: `Damage the next router state record that side ${side} passes on`,
      ...ofSide,
      run: () => void lab.execute({ verb: 'corrupt-record', side, client: 'rtr' }),
    },
  ];
}

/** What the menu of each process in the topology has, for the palette. */
function processCommands(
  lab: ReturnType<typeof useLab>,
  topology: ReturnType<typeof useTopology>,
): ScreenCommand[] {
  const hosts = topology.report?.hosts ?? [];
  return hosts.flatMap((host) =>
    host.processes.flatMap((process) =>
      processActions(host, process, lab).map(({ isDisabled, run, title }) => ({
        id: `process: ${title}`,
        title,
        isDisabled,
        run: async () => {
          await run();
          await topology.refresh();
        },
      })),
    ),
  );
}
