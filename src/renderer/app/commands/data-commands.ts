import type { useLab } from '../../stores/lab.ts';
import { saveFile } from '../../ui/save-file.ts';
import type { ScreenCommand } from './screen-command.ts';

export function dataCommands(lab: ReturnType<typeof useLab>): ScreenCommand[] {
  const icons = lab.description?.icons ?? [];
  return icons.map(({ database, name }) => ({
    id: `snapshot-${database}`,
    title: `Export the IDB of ${name} as a SQLite file`,
    menu: 'Data',
    run: () => void exportSnapshot(lab, database, name),
  }));
}

async function exportSnapshot(
  lab: ReturnType<typeof useLab>,
  database: string,
  icon: string,
): Promise<void> {
  const found = await lab.attempt(() => lab.call('idb.snapshot', { database }));
  if (!found) return;
  const bytes = Uint8Array.from(atob(found.base64), (character) => character.charCodeAt(0));
  const name = `${lab.description?.name ?? 'lab'}-${icon.toLowerCase()}.sqlite`;
  saveFile(name, bytes);
  const size = bytes.length.toLocaleString('en-US');
  lab.say('info', `${name}: ${size} bytes, as IDB is at this lab moment.`);
}
