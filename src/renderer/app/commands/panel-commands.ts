import { COPY_FORMATS } from '../../features/idb/row-text.ts';
import { FORMATS } from '../../features/ladder/formats.ts';
import { TIME_MODES } from '../../features/ladder/ladder-text.ts';

type Titled = { readonly title: string; readonly keys?: string };

/** What panels do when they are asked to: there by name, and with its keys, in every view. */
export const PANEL_COMMANDS: Readonly<Record<string, Titled>> = {
  'ladder-mark': { title: 'Ladder: mark the chosen message', keys: 'b' },
  'ladder-live': { title: 'Ladder: follow the newest' },
  'ladder-exchange': { title: 'Ladder: the exchange of Figure 1 only' },
  'ladder-words': { title: 'Ladder: as words' },
  'ladder-widen': { title: 'Ladder: show all again' },
  ...each('ladder-time', 'Ladder times:', TIME_MODES),
  ...each('ladder-export', 'Ladder: export as', FORMATS),
  'inspector-compare': { title: 'Inspector: compare other messages with this one' },
  'inspector-no-comparison': { title: 'Inspector: no more comparison' },
  'inspector-why': { title: 'Inspector: why' },
  'inspector-followed': { title: 'Inspector: what followed' },
  'inspector-fields': { title: 'Inspector: fields' },
  'inspector-hex': { title: 'Inspector: bytes in hex' },
  'idb-newest': { title: 'IDB: newest rows first' },
  'idb-unfilter': { title: 'IDB: remove all filters' },
  ...each('idb-copy', 'IDB: copy the page as', COPY_FORMATS),
  'sql-run': { title: 'SQL: run the query' },
  'sql-cancel': { title: 'SQL: cancel the query' },
};

/** One for each choice, called by its word or else by its name. */
function each(id: string, title: string, choices: object): Record<string, Titled> {
  return Object.fromEntries(
    Object.entries(choices).map(([name, word]) => [
      `${id}-${name}`,
      { title: `${title} ${typeof word === 'string' ? word : name}` },
    ]),
  );
}
