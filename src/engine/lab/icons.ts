import type { LabDefinition } from './definition.ts';

/** An Interaction Concentrator of a lab: what is of it and of nobody else, by name. */
export type IconPlace = {
  /** Of its Application object. */
  readonly name: string;
  readonly process: string;
  readonly host: string;
  /** Process and host of the RDBMS that holds its IDB. */
  readonly database: string;
  /** The Local Control Agent of its host. */
  readonly agent: string;
};

/** Process of the RDBMS of the first ICON. */
export const FIRST_DATABASE = 'idb';

/**
 * HA is two ICONs with an IDB each on the same data sources; they do not know of each other
 * (docs/fidelity/icon.md §7).
 */
export function iconPlaces({ icon: { name, second } }: LabDefinition): readonly IconPlace[] {
  const names = second === undefined ? [name] : [name, second];
  return names.map((one, at) => {
    const number = at === 0 ? '' : String(at + 1);
    const [host, database, agent] = ['icon', FIRST_DATABASE, 'lca'].map(
      (what) => `${what}${number}`,
    );
    return { name: one, process: one.toLowerCase(), host, database, agent };
  });
}
