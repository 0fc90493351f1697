import { keepEntry, readKept, writeKept } from '../../kernel/kept-map.ts';
import { RECORD_STATUS, RECORD_TYPE } from './outbound-messages.ts';
import type { Campaign, Contact, ListChain, OutboundContext } from './outbound-state.ts';

/**
 * Calling lists, each in a file of the host: a real OCS keeps them in tables of a database
 * (emulator choice). What was tried and what came of it survives a restart of OCS.
 */

const pathOf = (campaign: string) => `calling-lists/${campaign}.db`;

/** Reads the lists, or makes them where there is no file yet. */
export function openCallingLists(context: OutboundContext): void {
  for (const campaign of context.state.campaigns.values()) {
    const { config, list, file } = campaign;
    const path = pathOf(config.name);
    const kept = readKept<ListChain, number>(context, path);
    if (!kept) fillList(context, campaign);
    for (const [id, chain] of kept ?? []) {
      // Nobody works on a record that an earlier run had retrieved.
      const isLost = chain.status === RECORD_STATUS.retrieved;
      list.set(id, { ...chain, status: isLost ? RECORD_STATUS.ready : chain.status });
    }
    for (const chain of [...list.values()].reverse()) {
      if (chain.status === RECORD_STATUS.ready) queueChain(campaign, chain);
    }
    writeKept(context, path, file, list);
  }
}

function fillList(context: OutboundContext, { config, list }: Campaign): void {
  const contacts: Contact[] = [...config.contacts];
  for (let index = 0; index < config.generated; index++) contacts.push(drawContact(context));
  for (const [index, { phones, fields }] of contacts.entries()) {
    list.set(index + 1, {
      id: index + 1,
      phones,
      fields,
      status: RECORD_STATUS.ready,
      type: RECORD_TYPE.general,
      attempts: 0,
      result: 0,
      dueSeconds: 0,
    });
  }
}

/** Emulator choice: shares of drawn numbers by who answers; the last two digits say it. */
const ENDINGS = [
  { ending: '00', share: 0.12 },
  { ending: '99', share: 0.2 },
  { ending: '98', share: 0.1 },
  { ending: '97', share: 0.03 },
  { ending: '96', share: 0.02 },
] as const;

function drawContact(context: OutboundContext): Contact {
  const base = `555${String(Math.floor(context.uniform('contact') * 1e5)).padStart(5, '0')}`;
  let pick = context.uniform('ending');
  const special = ENDINGS.find(({ share }) => {
    pick -= share;
    return pick < 0;
  });
  const person = String(10 + Math.floor(context.uniform('person') * 80));
  return { phones: [base + (special?.ending ?? person)], fields: {} };
}

/** A chain of a list has changed. */
export function keepChain(context: OutboundContext, name: string, { id }: ListChain): void {
  const { list, file } = context.state.campaigns.get(name)!;
  keepEntry(context, pathOf(name), file, list, id);
}

/** A ready chain takes its place among those that wait. */
export function queueChain({ fresh, later }: Campaign, chain: ListChain): void {
  if (chain.dueSeconds === 0) return void fresh.push(chain);
  let [low, high] = [0, later.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (later[middle].dueSeconds <= chain.dueSeconds) low = middle + 1;
    else high = middle;
  }
  later.splice(low, 0, chain);
}

/** Takes the next chain that may be called now; one that was put off comes before a fresh one. */
export function takeDue({ fresh, later }: Campaign, nowSeconds: number): ListChain | undefined {
  if (later.length > 0 && later[0].dueSeconds <= nowSeconds) return later.shift();
  return fresh.pop();
}
