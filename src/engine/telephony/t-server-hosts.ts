/**
 * Hosts of a T-Server as its clients know them: its own and, of a redundant pair, that of its
 * backup. Only the primary takes clients: who is not let in by one tries the other.
 */
export type TServerHosts = readonly string[];

export function nextHost(hosts: TServerHosts, last: string | undefined): string {
  return hosts[(hosts.indexOf(last ?? '') + 1) % hosts.length];
}
