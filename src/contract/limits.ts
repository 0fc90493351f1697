/** What `lab.until` waits for: a text in a log line or in a message's type, a row of a table. */
export const UNTIL_WHATS = ['log line', 'message', 'row'] as const;
export type UntilWhat = (typeof UNTIL_WHATS)[number];

/** How a wait ended: what was awaited, its longest time, or somebody who paused the lab. */
export type UntilEnd = 'found' | 'limit' | 'ended';

/** What `lab.until` waits for at most: a lab day, microseconds. */
export const MAX_UNTIL_US = 86_400 * 1e6;
