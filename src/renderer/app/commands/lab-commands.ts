import type { useDesk } from '../../stores/desk.ts';
import type { DialogName } from '../../stores/screen.ts';
import type { ScreenCommand } from './screen-command.ts';

/** Which lab is open, and what is known of the program itself. */
export function labCommands(
  desk: ReturnType<typeof useDesk>,
  open: (dialog: DialogName) => () => void,
): ScreenCommand[] {
  return [
    {
      id: 'labs',
      title: 'Labs: go on with one, begin a new one…',
      keys: 'Ctrl O',
      menu: 'Lab',
      group: 'labs',
      run: open('labs'),
    },
    ...desk.recent.map(
      ({ id, name }): ScreenCommand => ({
        id: `open-lab-${id}`,
        title: `Open lab ${name}`,
        menu: 'Lab',
        group: 'recent',
        isDisabled: desk.isBusy,
        run: () => desk.open(id),
      }),
    ),
    {
      id: 'doctor',
      title: 'Doctor: is all well with the program?',
      menu: 'Help',
      group: 'program',
      run: open('doctor'),
    },
    {
      id: 'bundle',
      title: 'Save a debug bundle…',
      menu: 'Help',
      group: 'program',
      run: desk.saveBundle,
    },
  ];
}
