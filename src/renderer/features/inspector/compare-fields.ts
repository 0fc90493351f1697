type Field = { readonly name: string; readonly value: string };

export type ComparedField = {
  readonly name: string;
  /** Null: the message does not have it. */
  readonly one: string | null;
  readonly other: string | null;
  readonly differs: boolean;
};

/** Fields of two messages side by side: in the order of the first, then what only the other has. */
export function compareFields(
  first: readonly Field[],
  second: readonly Field[],
): readonly ComparedField[] {
  const others = new Map(second.map(({ name, value }) => [name, value]));
  const own = new Set(first.map(({ name }) => name));
  const compared = first.map(({ name, value }): ComparedField => {
    const other = others.get(name) ?? null;
    return { name, one: value, other, differs: value !== other };
  });
  const added = second.filter(({ name }) => !own.has(name));
  return [
    ...compared,
    ...added.map(({ name, value }) => ({ name, one: null, other: value, differs: true })),
  ];
}
