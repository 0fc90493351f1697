import { parse } from 'papaparse';
import { describe, expect, it } from 'vitest';
import { COPY_FORMATS } from '../../src/renderer/features/idb/row-text.ts';

const copied = {
  table: 'G_CALL',
  columns: ['ID', 'NAME', 'NOTE'],
  rows: [
    [1, 'plain', null],
    [2, 'with, comma and "quotes"\nand a line', "it's"],
    [3, '', '0017'],
  ],
} as const;

describe('rows on the clipboard', () => {
  it('CSV is read back as it was', () => {
    const { data } = parse<string[]>(COPY_FORMATS.CSV(copied).trimEnd());
    expect(data[0]).toEqual([...copied.columns]);
    expect(data[2]).toEqual(['2', copied.rows[1][1], "it's"]);
    expect(COPY_FORMATS.CSV(copied)).toContain('1,plain,\r\n');
    expect(COPY_FORMATS.CSV(copied)).toContain('3,"",0017\r\n');
  });

  it('JSON keeps numbers, texts and what is empty apart', () => {
    expect(JSON.parse(COPY_FORMATS.JSON(copied))[2]).toEqual({ ID: 3, NAME: '', NOTE: '0017' });
    expect(JSON.parse(COPY_FORMATS.JSON(copied))[0].NOTE).toBeNull();
  });

  it('INSERT quotes what has to be quoted', () => {
    const lines = COPY_FORMATS.INSERT(copied);
    expect(lines).toContain(`VALUES (1, 'plain', NULL);`);
    expect(lines).toContain(`'it''s');`);
    expect(lines).toContain(`INSERT INTO "G_CALL" ("ID", "NAME", "NOTE")`);
  });
});
