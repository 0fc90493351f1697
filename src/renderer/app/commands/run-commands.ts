import type { useLab } from '../../stores/lab.ts';
import type { ScreenCommand } from './screen-command.ts';

export const SPEEDS = [0.1, 1, 10, 60, 600, 0] as const;

export function speedLabel(speed: number): string {
  return speed === 0 ? 'max' : `${speed}×`;
}

export function runCommands(lab: ReturnType<typeof useLab>): ScreenCommand[] {
  const wanted = lab.wantedSpeed ?? lab.speed;
  const step = (by: 'event' | 'message' | 'second') => () => void lab.step(by);
  return [
    { id: 'run', title: 'Run or pause the lab', keys: 'Space', menu: 'Run', run: lab.toggle },
    {
      id: 'step-event',
      title: 'Step one event',
      keys: '.',
      menu: 'Run',
      group: 'step',
      run: step('event'),
    },
    {
      id: 'step-message',
      title: 'Step to the next message',
      keys: 'n',
      menu: 'Run',
      group: 'step',
      run: step('message'),
    },
    {
      id: 'step-second',
      title: 'Step one lab second',
      keys: '>',
      menu: 'Run',
      group: 'step',
      run: step('second'),
    },
    ...SPEEDS.map(
      (speed): ScreenCommand => ({
        id: `speed-${speed}`,
        title: speed === 0 ? 'Speed: as fast as it goes' : `Speed: ${speed}× lab time`,
        menu: 'Run',
        group: 'speed',
        isChecked: wanted === speed,
        run: () => lab.chooseSpeed(speed),
      }),
    ),
  ];
}
