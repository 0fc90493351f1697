import { z } from 'zod';

/**
 * What a screen may ask of the program beside the lab that is open: which labs there are, another
 * one to open, files for the user, what is wrong. Answered by the host and not by the lab's thread.
 */

const none = z.strictObject({});
const id = z.string().min(1).max(64);

/** Also the name of a folder, on every system that the program runs on. */
export const labName = z
  .string()
  .max(60, 'it has 60 characters at most')
  .regex(/^[\p{L}\p{N}]/u, 'it begins with a letter or a digit')
  .regex(/^[\p{L}\p{N} ._-]*$/u, 'letters, digits, spaces, dots, hyphens and underscores only')
  .regex(/[^ .]$/, 'it does not end with a dot or a space')
  .refine(
    (name) => !/^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i.test(name),
    'this name is taken by Windows',
  );

/** A name and nothing else: no path, nothing that a system would understand otherwise. */
const fileName = z
  .string()
  .max(120)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]*$/u)
  .regex(/[^ .]$/);

/** A lab file is text of a few kilobytes. */
export const MAX_LAB_FILE_CHARACTERS = 4_000_000;

const labFile = z.strictObject({
  name: z.string().min(1).max(255),
  text: z.string().max(MAX_LAB_FILE_CHARACTERS),
});

export const DESK_PARAMETERS = {
  'desk.state': none,
  'desk.labs': none,
  /** What is wrong with a lab file, and what it describes. */
  'desk.check': labFile,
  /** Begins a new lab, in a folder of that name, and opens it. */
  'desk.create': z.strictObject({
    name: labName,
    from: z.union([z.strictObject({ shipped: z.string().max(64) }), labFile]),
  }),
  'desk.open': z.strictObject({ id }),
  /** Ends a lab that no longer answers, and opens it again at its last durable moment. */
  'desk.revive': none,
  /** Gives up opening a lab; the one that is open stays. */
  'desk.cancel': none,
  /** Takes a lab off the list, and its folder aside. */
  'desk.remove': z.strictObject({ id }),
  'desk.restore': z.strictObject({ id }),
  'desk.doctor': none,
  /** Something went wrong in the window: for the log file. */
  'desk.report': z.strictObject({ message: z.string().max(2000), where: z.string().max(500) }),
  /** Where a file for the user is to go: asks in the desktop application. */
  'files.target': z.strictObject({ name: fileName }),
  /** Writes it; a token is good for one file. */
  'files.write': z.strictObject({
    token: id,
    what: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('idb'), database: z.string().max(64) }),
      z.strictObject({ kind: z.literal('bundle') }),
    ]),
  }),
  'files.cancel': z.strictObject({ token: id }),
} as const;

export type DeskMethodName = keyof typeof DESK_PARAMETERS;
export type DeskParameters<M extends DeskMethodName> = z.output<(typeof DESK_PARAMETERS)[M]>;
export type FileContent = DeskParameters<'files.write'>['what'];

export type LabFileProblemLine = { readonly line: number; readonly message: string };

/** What a lab file says of itself. */
export type LabSummary = {
  readonly name: string;
  readonly description: string;
  readonly sites: number;
  readonly agents: number;
  readonly icons: number;
};

export type LabFileCheck =
  | { readonly ok: true; readonly summary: LabSummary }
  | { readonly ok: false; readonly problems: readonly LabFileProblemLine[] };

export type KeptLab = {
  readonly id: string;
  /** Of its folder. */
  readonly name: string;
  readonly description: string;
  readonly folder: string;
  /** Wall time, milliseconds of the epoch. */
  readonly usedMs: number;
  readonly sizeBytes: number;
  readonly state: 'open' | 'in another program' | 'closed';
};

export type LabShelf = {
  readonly shipped: readonly ({ readonly file: string } & LabSummary)[];
  /** Last used first. */
  readonly kept: readonly KeptLab[];
};

export type DeskState = {
  /** Another one: another lab is open, and the window begins anew. */
  readonly serial: number;
  readonly labName: string;
  readonly opening: { readonly name: string; readonly fraction: number | null } | null;
};

export type DoctorCheck = {
  readonly name: string;
  readonly verdict: 'good' | 'warning' | 'bad';
  readonly text: string;
  /** What to do about it; empty where nothing is wrong. */
  readonly remedy: string;
};

export type FileWritten = {
  readonly name: string;
  readonly sizeBytes: number;
  /** Where a browser gets it from; null: it stands where the user wanted it. */
  readonly download: string | null;
};

export type DeskResults = {
  'desk.state': DeskState;
  'desk.labs': LabShelf;
  'desk.check': LabFileCheck;
  'desk.create': DeskState;
  'desk.open': DeskState;
  'desk.revive': null;
  'desk.cancel': null;
  /** Null: it was only taken off the list, its folder stays where it is. */
  'desk.remove': { readonly undo: string | null };
  'desk.restore': null;
  'desk.doctor': readonly DoctorCheck[];
  'desk.report': null;
  'files.target': { readonly token: string; readonly name: string } | null;
  'files.write': FileWritten;
  'files.cancel': null;
};

export type DeskMethods = {
  [M in DeskMethodName]: (
    parameters: DeskParameters<M>,
  ) => DeskResults[M] | Promise<DeskResults[M]>;
};

export type FileProgress = { readonly token: string; readonly fraction: number | null };
