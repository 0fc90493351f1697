import { decodeRecords, encodeRecord, encodeRecords } from '../../kernel/record-log.ts';
import { RECORD_STATUS, RECORD_TYPE } from './outbound-messages.ts';
import type { Campaign, Contact, ListChain, OutboundContext } from './outbound-state.ts';

/**
 * Calling lists, kept in a file of the host: a real OCS keeps them in tables of a database
 * (emulator choice). What was tried and what came of it survives a restart of OCS.
 */

export const CALLING_LISTS_FILE = 'calling-lists.db';

type StoredChain = { readonly campaign: string; readonly chain: ListChain };

/** Reads the lists, or makes them where there is no file yet. */
export function openCallingLists(context: OutboundContext): void {
  const { campaigns } = context.state;
  const stored = context.readFile(CALLING_LISTS_FILE);
  for (const { campaign, chain } of stored ? readChains(context, stored) : []) {
    // Nobody works on a record that an earlier run had retrieved.
    const isLost = chain.status === RECORD_STATUS.retrieved;
    const status = isLost ? RECORD_STATUS.ready : chain.status;
    campaigns.get(campaign)?.list.set(chain.id, { ...chain, status });
  }
  for (const campaign of campaigns.values()) {
    if (campaign.list.size === 0) fillList(context, campaign);
    for (const chain of [...campaign.list.values()].reverse()) {
      if (chain.status === RECORD_STATUS.ready) queueChain(campaign, chain);
    }
  }
  writeWhole(context);
}

function readChains(context: OutboundContext, stored: Uint8Array): readonly StoredChain[] {
  const { records, goodBytes } = decodeRecords(stored);
  if (goodBytes < stored.length) {
    context.log('warn', 'The file of calling lists is damaged: its last results are lost.');
  }
  return records as unknown as readonly StoredChain[];
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
export function keepChain(context: OutboundContext, campaign: string, chain: ListChain): void {
  const record = encodeRecord({ campaign, chain } satisfies StoredChain);
  context.appendFile(CALLING_LISTS_FILE, record);
  context.syncFile(CALLING_LISTS_FILE);
}

function writeWhole(context: OutboundContext): void {
  const stored: StoredChain[] = [];
  for (const [campaign, { list }] of context.state.campaigns) {
    for (const chain of list.values()) stored.push({ campaign, chain });
  }
  context.replaceFile(CALLING_LISTS_FILE, encodeRecords(stored));
  context.syncFile(CALLING_LISTS_FILE);
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
