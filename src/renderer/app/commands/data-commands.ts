import type { useDesk } from '../../stores/desk.ts';
import type { useLab } from '../../stores/lab.ts';
import type { ScreenCommand } from './screen-command.ts';

export function dataCommands(
  lab: ReturnType<typeof useLab>,
  desk: ReturnType<typeof useDesk>,
): ScreenCommand[] {
  const icons = lab.description?.icons ?? [];
  return icons.map(({ database, name }) => ({
    id: `snapshot-${database}`,
    title: `Export the IDB of ${name} as a SQLite file`,
    menu: 'Data',
    run: () => {
      const file = `${desk.labName}-${name.toLowerCase()}.sqlite`;
      return desk.writeFile(file, { kind: 'idb', database }, 'IDB as it was at this lab moment');
    },
  }));
}
