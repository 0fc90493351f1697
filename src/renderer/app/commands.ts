import { computed } from 'vue';
import { useLab } from '../stores/lab.ts';
import { type Theme, useScreen, VIEWS } from '../stores/screen.ts';

/** One table of commands: it feeds the palette, the shortcuts and the help. */
export interface ScreenCommand {
  readonly id: string;
  readonly title: string;
  /** Keys as shown; `g o` is two keys one after the other. */
  readonly keys?: string;
  readonly run: () => void;
}

const VIEW_TITLES = {
  overview: 'Overview',
  nodes: 'ICM nodes and events',
  configuration: 'Configuration',
  consoles: 'Consoles',
  registry: 'Registry',
  state: 'Router state, side by side',
  calls: 'Calls',
  sessions: 'Data source sessions and gaps',
  tables: 'IDB tables',
} as const;
const VIEW_KEYS = {
  overview: 'g o',
  nodes: 'g n',
  configuration: 'g c',
  consoles: 'g k',
  registry: 'g r',
  state: 'g s',
  calls: 'g a',
  sessions: 'g d',
  tables: 'g t',
} as const;
const THEMES: readonly { theme: Theme; title: string }[] = [
  { theme: 'system', title: 'Theme: follow the system' },
  { theme: 'light', title: 'Theme: light' },
  { theme: 'dark', title: 'Theme: dark' },
];
export const SPEEDS = [1, 10, 60, 600, 0] as const;

export function speedLabel(speed: number): string {
  return speed === 0 ? 'max' : `${speed}×`;
}

export function useCommands() {
  const lab = useLab();
  const screen = useScreen();
  const link = (verb: 'cut' | 'repair', network: string, from: string, to: string) =>
    lab.execute({ verb, network, from, to });
  const both = async (verb: 'cut' | 'repair') => {
    await link(verb, 'private', 'cca', 'ccb');
    await link(verb, 'private', 'ccb', 'cca');
  };

  return computed<ScreenCommand[]>(() => [
    { id: 'run', title: 'Run or pause the lab', keys: 'Space', run: lab.toggle },
    { id: 'step-event', title: 'Step one event', keys: '.', run: () => void lab.step('event') },
    {
      id: 'step-message',
      title: 'Step to the next message',
      keys: 'n',
      run: () => void lab.step('message'),
    },
    {
      id: 'step-second',
      title: 'Step one lab second',
      keys: '>',
      run: () => void lab.step('second'),
    },
    ...SPEEDS.map((speed) => ({
      id: `speed-${speed}`,
      title: `Run at ${speed === 0 ? 'full speed' : `${speed}× lab time`}`,
      run: () => void lab.run(speed),
    })),
    ...VIEWS.map((view) => ({
      id: `view-${view}`,
      title: `Go to ${VIEW_TITLES[view]}`,
      keys: VIEW_KEYS[view],
      run: () => {
        screen.view = view;
      },
    })),
    ...(['A', 'B'] as const).flatMap((side) => [
      {
        id: `stop-${side}`,
        title: `Stop side ${side}`,
        run: () => void lab.execute({ verb: 'stop-side', side }),
      },
      {
        id: `start-${side}`,
        title: `Start side ${side}`,
        run: () => void lab.execute({ verb: 'start-side', side }),
      },
    ]),
    ...(['A', 'B'] as const).flatMap((side) => {
      const router = `r${side.toLowerCase()}-rtr`;
      return [
        {
          id: `crash-router-${side}`,
          title: `Crash the router of side ${side}`,
          run: () => void lab.execute({ verb: 'crash-process', process: router }),
        },
        {
          id: `hang-router-${side}`,
          title: `Hang the router of side ${side}`,
          run: () => void lab.execute({ verb: 'hang-process', process: router }),
        },
        {
          id: `corrupt-state-${side}`,
          title: `Flip a bit in the router state of side ${side}`,
          run: () => void lab.execute({ verb: 'corrupt-state', side }),
        },
        {
          id: `corrupt-record-${side}`,
          title: `Damage the next router state record that side ${side} passes on`,
          run: () => void lab.execute({ verb: 'corrupt-record', side, client: 'rtr' }),
        },
      ];
    }),
    { id: 'cut-private', title: 'Cut the private link', run: () => void both('cut') },
    { id: 'repair-private', title: 'Repair the private link', run: () => void both('repair') },
    ...THEMES.map(({ theme, title }) => ({
      id: `theme-${theme}`,
      title,
      run: () => {
        screen.theme = theme;
      },
    })),
    {
      id: 'palette',
      title: 'Find or do…',
      keys: 'Ctrl K',
      run: () => {
        screen.dialog = 'palette';
      },
    },
    {
      id: 'help',
      title: 'Keyboard help',
      keys: '?',
      run: () => {
        screen.dialog = 'help';
      },
    },
  ]);
}
