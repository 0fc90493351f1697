import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Fault, LinkQuality, TopologyLink, TopologyReport } from '../../contract/rpc.ts';
import { throttle } from '../ui/throttle.ts';
import { useLab } from './lab.ts';

const REFRESH_MS = 500;

/** Mirror of hosts, processes and links; it follows the lab while somebody looks. */
export const useTopology = defineStore('topology', () => {
  const lab = useLab();
  const report = shallowRef<TopologyReport>();
  /** Bytes sent since the last look, by link. */
  const traffic = shallowRef<ReadonlyMap<string, number>>(new Map());
  const watchers = ref(0);
  const processes = computed(() => report.value?.hosts.flatMap((host) => host.processes) ?? []);

  async function refresh(): Promise<void> {
    const next = await lab.attempt(() => lab.call('topology.read', {}));
    if (!next) return;
    const before = new Map(report.value?.links.map((link) => [keyOf(link), link.sentBytes]));
    traffic.value = new Map(
      next.links.map((link) => {
        const sent = before.get(keyOf(link)) ?? link.sentBytes;
        return [keyOf(link), Math.max(0, link.sentBytes - sent)];
      }),
    );
    report.value = next;
  }

  const follow = throttle(() => void refresh(), REFRESH_MS);
  watch(
    () => lab.status,
    () => {
      if (watchers.value > 0) follow();
    },
  );
  watch(
    () => lab.description,
    (known) => {
      if (known) void refresh();
    },
    { immediate: true },
  );

  /** The command that takes a fault back. */
  async function lift({ kind, where, client }: Fault): Promise<void> {
    const [network, from, , to] = where.split(' ');
    if (kind === 'hung process') await lab.execute({ verb: 'release-process', process: where });
    else if (kind === 'stopped service') await lab.execute({ verb: 'start-node', node: where });
    else if (kind === 'stopped process')
      await lab.execute({ verb: 'start-process', process: where });
    else if (kind === 'host down') await lab.execute({ verb: 'boot-host', host: where });
    else if (kind === 'distorted events') {
      const event = 'EventAny';
      await lab.execute({ verb: 'distort-events', process: where, event, count: 0 });
    } else if (kind === 'damaged record' && client) {
      const side = where === 'ra-mds' ? 'A' : 'B';
      await lab.execute({ verb: 'corrupt-record', side, client, count: 0 });
    } else if (kind === 'cut') await lab.execute({ verb: 'repair', network, from, to });
    else {
      const normal = report.value?.networks.find(({ name }) => name === network);
      if (normal) await setLink(network, from, to, normal);
    }
    await refresh();
  }

  async function liftAll(): Promise<void> {
    for (const fault of lab.faults) await lift(fault);
  }

  function setLink(network: string, from: string, to: string, quality: Partial<LinkQuality>) {
    const { delayUs, jitterUs, lossRate, bandwidthBitsPerSecond } = quality;
    const wanted = { delayUs, jitterUs, lossRate, bandwidthBitsPerSecond };
    return lab.execute({ verb: 'set-link', network, from, to, ...wanted });
  }

  return { report, traffic, processes, watchers, refresh, lift, liftAll, setLink };
});

export function keyOf({ network, ends }: TopologyLink): string {
  return `${network} ${ends.join(' ')}`;
}
