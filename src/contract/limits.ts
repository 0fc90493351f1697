/** What `lab.until` waits for at most: a lab day, microseconds. */
export const MAX_UNTIL_US = 86_400 * 1e6;
