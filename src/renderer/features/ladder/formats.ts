/** What a ladder is saved as. */
export const FORMATS = { svg: 'SVG', png: 'PNG', md: 'Markdown' } as const;
export type Format = keyof typeof FORMATS;
