/** Queries that the user has run or kept, and those that come along. */

export type KeptQuery = { readonly name: string; readonly sql: string };

const HISTORY_KEY = 'duplexlab.sql-history';
const SAVED_KEY = 'duplexlab.sql-saved';
const DRAFT_KEY = 'duplexlab.sql-draft';
const MAX_HISTORY = 50;
/** A text that would make every start slow is not kept. */
const MAX_CHARACTERS = 100_000;

const files = import.meta.glob<string>('../../../../docs/sql/*.sql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

export const EXAMPLES: readonly KeptQuery[] = [
  {
    name: 'Calls by type and hour',
    sql: `SELECT strftime('%H', CREATED) AS hour, CALLTYPE, count(*) AS calls
FROM G_CALL GROUP BY hour, CALLTYPE ORDER BY hour, CALLTYPE;`,
  },
  {
    name: 'Parties of the newest calls',
    sql: `SELECT c.CALLID, c.CALLANI, p.ENDPOINTDN, p.STATE, p.CREATED, p.TERMINATED
FROM G_CALL c JOIN G_PARTY p ON p.CALLID = c.CALLID
ORDER BY c.CREATED_TS DESC, p.ID LIMIT 100;`,
  },
  ...Object.entries(files).map(([path, sql]) => ({
    name: path.slice(path.lastIndexOf('/') + 1, -4).replaceAll('-', ' '),
    sql,
  })),
];

export const readHistory = (): string[] => readList(HISTORY_KEY, (one) => typeof one === 'string');
export const readSaved = (): KeptQuery[] => readList(SAVED_KEY, isKeptQuery);
export const readDraft = (): string => localStorage.getItem(DRAFT_KEY) ?? EXAMPLES[1].sql;

export function keepDraft(sql: string): void {
  if (sql.length <= MAX_CHARACTERS) keep(DRAFT_KEY, sql);
}

/** The newest first, each once. */
export function addToHistory(history: readonly string[], sql: string): string[] {
  if (sql.length > MAX_CHARACTERS) return [...history];
  const others = history.filter((one) => one !== sql);
  let next = [sql, ...others].slice(0, MAX_HISTORY);
  // Where the browser has no more room the oldest go.
  while (next.length > 0 && !keep(HISTORY_KEY, next)) next = next.slice(0, -1);
  return next;
}

/** Null: the browser has no room for it. */
export function save(saved: readonly KeptQuery[], query: KeptQuery): KeptQuery[] | null {
  const next = [...saved.filter(({ name }) => name !== query.name), query];
  return keep(SAVED_KEY, next) ? next : null;
}

export function forget(saved: readonly KeptQuery[], name: string): KeptQuery[] {
  const next = saved.filter((query) => query.name !== name);
  keep(SAVED_KEY, next);
  return next;
}

/** False: a browser keeps some megabytes only. */
function keep(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(key, typeof value === 'string' ? value : JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function readList<T>(key: string, isOne: (value: unknown) => boolean): T[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(found) ? (found.filter(isOne) as T[]) : [];
  } catch {
    return [];
  }
}

function isKeptQuery(value: unknown): boolean {
  const { name, sql } = (value ?? {}) as Partial<KeptQuery>;
  return typeof name === 'string' && typeof sql === 'string';
}
