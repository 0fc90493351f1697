import type { useConfiguration } from '../../stores/configuration.ts';
import type { ScreenCommand } from './screen-command.ts';

/** Edits of the configuration, from wherever one is. */
export function editCommands(configuration: ReturnType<typeof useConfiguration>): ScreenCommand[] {
  const inEdit = { menu: 'Edit', group: 'configuration' } as const;
  return [
    {
      id: 'undo-edit',
      title: 'Undo the last edit of the configuration',
      keys: 'Ctrl Z',
      ...inEdit,
      run: () => configuration.step('undo-edit'),
    },
    {
      id: 'redo-edit',
      title: 'Redo the edit of the configuration',
      keys: 'Ctrl Y',
      ...inEdit,
      run: () => configuration.step('redo-edit'),
    },
  ];
}
