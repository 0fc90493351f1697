import type { CellValue } from '../../../contract/rpc.ts';

/** Rows as text for the clipboard. */
export type CopiedRows = {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CellValue[])[];
};

export const COPY_FORMATS = {
  CSV: toCsv,
  JSON: toJson,
  INSERT: toInserts,
} as const satisfies Record<string, (copied: CopiedRows) => string>;
export type CopyFormat = keyof typeof COPY_FORMATS;

function toCsv({ columns, rows }: CopiedRows): string {
  const lines = [columns, ...rows].map((row) => row.map(csvCell).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

/** RFC 4180; an empty cell is nothing, an empty text is two quotes. */
function csvCell(value: CellValue): string {
  if (value === null) return '';
  const text = String(value);
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function toJson({ columns, rows }: CopiedRows): string {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map((column, at) => [column, row[at]])),
  );
  return `${JSON.stringify(objects, null, 2)}\n`;
}

function toInserts({ columns, rows, table }: CopiedRows): string {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const lines = rows.map((row) => {
    const values = row.map((value) => {
      if (value === null) return 'NULL';
      return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
    });
    return `INSERT INTO "${table}" (${names}) VALUES (${values.join(', ')});`;
  });
  return `${lines.join('\n')}\n`;
}
