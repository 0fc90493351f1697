import { readFile, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { objectTypeName } from '../contract/commands.ts';
import type { ObjectTypeName } from '../contract/rpc.ts';
import type { LabClient } from '../runtime/worker/lab-client.ts';
import { call } from './call.ts';

/** `:export` and `:import` of the shell: the configuration of a lab as files. */
export async function moveConfiguration(
  client: LabClient,
  verb: 'export' | 'import',
  words: readonly string[],
): Promise<string[]> {
  const [file, typed] = words;
  const format = extname(file ?? '')
    .slice(1)
    .toLowerCase();
  if (!file || words.length > 2 || (format !== 'json' && format !== 'csv')) {
    return [`Write it like: :${verb} all.json or :${verb} people.csv person`];
  }
  const type = objectTypeName.safeParse(typed);
  if (typed !== undefined && !type.success) {
    return [`There is no type "${typed}"; there are: ${objectTypeName.options.join(', ')}.`];
  }
  if (format === 'csv' && !type.success) {
    return [`A table has objects of one type: :${verb} ${file} person`];
  }
  if (verb === 'import' && format === 'json' && typed !== undefined) {
    return ['A JSON file says itself of what types its objects are: leave the type out.'];
  }
  const chosen = type.success ? type.data : undefined;
  try {
    return verb === 'export'
      ? await exportTo(client, file, format, chosen)
      : await importFrom(client, file, format, chosen);
  } catch (error) {
    return [tellFileError(file, error as NodeJS.ErrnoException)];
  }
}

const FILE_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EEXIST: 'it is there already; choose another name',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be opened',
};

function tellFileError(file: string, { code = '', message }: NodeJS.ErrnoException): string {
  return FILE_ERRORS[code] ? `${file}: ${FILE_ERRORS[code]}.` : message;
}

async function exportTo(
  client: LabClient,
  file: string,
  format: 'json' | 'csv',
  type: ObjectTypeName | undefined,
): Promise<string[]> {
  const what = format === 'csv' ? { format, type: type! } : { format, ...(type && { type }) };
  const exported = await call(client, 'configuration.export', what);
  if (!exported.ok) return [`${exported.error.message} ${exported.error.remedy}`];
  // A file that is there already is somebody's work.
  await writeFile(file, exported.text, { flag: 'wx' });
  return [`Written: ${file}`];
}

async function importFrom(
  client: LabClient,
  file: string,
  format: 'json' | 'csv',
  type: ObjectTypeName | undefined,
): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  const what = format === 'csv' ? { format, type: type!, text } : { format, text };
  const preview = await call(client, 'configuration.preview', what);
  if (!preview) return ['Nothing was imported.'];
  const { created, updated, unchanged, problems } = preview;
  if (problems.length > 0) {
    return [
      ...problems.map(({ place, message }) => `${file}, ${place}: ${message}`),
      'Nothing was imported.',
    ];
  }
  const result = await call(client, 'configuration.import', what);
  if (!result.ok) return [`${result.error.message} ${result.error.remedy}`];
  return [`Imported: ${created} created, ${updated} changed, ${unchanged} as they were.`];
}
