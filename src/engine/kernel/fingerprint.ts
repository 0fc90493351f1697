import { type Delivery, EVENT_KINDS, type LabEvent, type Message } from './events.ts';
import { type PlainData, PlainDataWriter } from './plain-data.ts';
import { foldWords, putWhole, textWord } from './running-hash.ts';

/** What a message is on the wire. */
export interface Weight {
  readonly sizeBytes: number;
  /** Stands for the message in the journal hash, so that it is encoded once in its life. */
  readonly check: number;
}

/** Size and check word of messages, and the journal hash made from them. */
export class Fingerprint {
  private readonly writer = new PlainDataWriter();
  private readonly words = new Uint32Array(16);

  weigh(value: Message | PlainData): Weight {
    const { writer } = this;
    writer.reset();
    writer.write(value);
    return { check: writer.checkWord(), sizeBytes: writer.sizeBytes };
  }

  /** Takes an executed event into the journal hash; `encoded` is the same data, to be weighed. */
  add(journalHash: Uint32Array, event: LabEvent, encoded: unknown = event.data): void {
    const { words } = this;
    putWhole(words, 0, event.seq);
    putWhole(words, 2, event.dueUs);
    putWhole(words, 4, event.cause);
    words[6] = EVENT_KINDS[event.kind].id;
    words[7] = textWord(event.target);
    foldWords(journalHash, words, 8 + this.putData(event, encoded));
  }

  private putData({ kind, data }: LabEvent, encoded: unknown): number {
    if (kind === 'datagram' || kind === 'sessionMessage') return this.putDelivery(data as Delivery);
    const { words } = this;
    words.fill(0, 8, 12);
    if (kind === 'timer') {
      const timer = data as { name: string; data: PlainData };
      words[8] = textWord(timer.name);
      if (timer.data !== undefined) words[9] = this.weigh(timer.data).check;
    } else words[8] = this.weigh(encoded as PlainData).check;
    return 4;
  }

  private putDelivery(delivery: Delivery): number {
    const { words } = this;
    const { session = 0, number = 0 } = delivery as { session?: number; number?: number };
    words[8] = textWord(delivery.from);
    words[9] = textWord(delivery.network);
    putWhole(words, 10, delivery.sentUs);
    words[12] = session;
    words[13] = number;
    words[14] = delivery.sizeBytes;
    words[15] = delivery.check;
    return 8;
  }
}
