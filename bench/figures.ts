/** What a screen promises: a number that must stay under a limit, beside a peer of the same run. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'ratio';
  readonly limit: number;
  /** The same with as little as can be in it: what the machine itself takes. */
  readonly peer?: { readonly name: string; readonly value: number };
  readonly note?: string;
};

export type FigureResult = {
  readonly what: string;
  readonly node: string;
  readonly figures: readonly Figure[];
};

export function formatFigures(bench: string, { figures, what }: FigureResult): string[] {
  const width = Math.max(...figures.map(({ name }) => name.length));
  return [`${bench}: ${what}`, ...figures.map((figure) => formatFigure(figure, width))];
}

function formatFigure(figure: Figure, width: number): string {
  const { limit, name, note, peer, unit, value } = figure;
  const text = (number: number) => `${number.toFixed(unit === 'ratio' ? 2 : 1)}`;
  const verdict = value <= limit ? 'holds' : 'TOO MUCH';
  const beside = peer ? `; ${peer.name}: ${text(peer.value)}` : '';
  const more = note ? `; ${note}` : '';
  const against = `${text(value)} ${unit} of ${text(limit)} ${verdict}`;
  return `  ${name.padEnd(width)}  ${against}${beside}${more}`;
}
