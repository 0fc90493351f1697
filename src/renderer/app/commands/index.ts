import { computed } from 'vue';
import { useConfiguration } from '../../stores/configuration.ts';
import { useDesk } from '../../stores/desk.ts';
import { useDock } from '../../stores/dock.ts';
import { useInspector } from '../../stores/inspector.ts';
import { useLab } from '../../stores/lab.ts';
import { usePanelCommands } from '../../stores/panel-commands.ts';
import { type DialogName, useScreen } from '../../stores/screen.ts';
import { useSettings } from '../../stores/settings.ts';
import { useTopology } from '../../stores/topology.ts';
import { copyText } from '../../ui/copy-text.ts';
import { findHere, textHere } from '../find-here.ts';
import { dataCommands } from './data-commands.ts';
import { editCommands } from './edit-commands.ts';
import { faultCommands } from './fault-commands.ts';
import { labCommands } from './lab-commands.ts';
import { runCommands } from './run-commands.ts';
import type { ScreenCommand } from './screen-command.ts';
import { viewCommands } from './view-commands.ts';

/** All that one can do in this window, with the keys that the user has given it. */
export function useCommands() {
  const lab = useLab();
  const screen = useScreen();
  const desk = useDesk();
  const dock = useDock();
  const settings = useSettings();
  const topology = useTopology();
  const inspector = useInspector();
  const configuration = useConfiguration();
  const panels = usePanelCommands();
  const open = (dialog: DialogName) => () => {
    screen.dialog = dialog;
  };
  const own = { menu: 'Lab', group: 'settings' } as const;
  const help = { menu: 'Help', group: 'help' } as const;
  return computed<ScreenCommand[]>(() => {
    const all: ScreenCommand[] = [
      ...labCommands(desk, open),
      ...editCommands(configuration),
      ...runCommands(lab),
      ...viewCommands(screen, dock, settings, inspector),
      ...faultCommands(lab, topology),
      ...dataCommands(lab, desk),
      { id: 'settings', title: 'Settings', keys: 'Ctrl ,', ...own, run: open('settings') },
      { id: 'keys', title: 'Keyboard shortcuts', ...own, run: open('keys') },
      { id: 'palette', title: 'Find or do…', keys: 'Ctrl K', ...help, run: open('palette') },
      { id: 'help', title: 'Keyboard help', keys: '?', ...help, run: open('help') },
      {
        id: 'find-here',
        title: 'Find or filter in this view',
        keys: 'Ctrl F',
        menu: 'Edit',
        group: 'panels',
        run: () => {
          if (!findHere()) lab.say('info', 'There is nothing to find or filter in this view.');
        },
      },
      {
        id: 'copy-panel',
        title: 'Copy what the panel says as text',
        menu: 'Edit',
        group: 'panels',
        run: () => void copyPanel(lab.say),
      },
      {
        id: 'tour',
        title: 'Show the tour again',
        ...help,
        run: () => {
          settings.tourSeen = false;
        },
      },
      ...panels.commands,
    ];
    return all.map((command) => {
      const own = settings.keys[command.id];
      if (own === undefined) return command;
      return { ...command, keys: own || undefined, ownKeys: command.keys };
    });
  });
}

async function copyPanel(say: ReturnType<typeof useLab>['say']): Promise<void> {
  const here = textHere();
  if (!here) return say('info', 'Choose a panel first: F6 goes from one to the next.');
  const done = await copyText(here.text);
  const count = here.text.split('\n').length.toLocaleString('en-US');
  if (done) say('info', `${here.title}: ${count} lines are on the clipboard.`);
  else say('error', 'The browser does not let this page use the clipboard.');
}
