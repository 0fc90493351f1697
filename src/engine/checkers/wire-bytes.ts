import type { TransferMessage } from '../icm/messages.ts';
import type { SessionDelivery } from '../kernel/events.ts';
import type { Checker } from './checker.ts';

/** Bytes on the wire of a state transfer = size of the records that it announces. */
export function wireBytes(): Checker {
  const shipped = new Map<number, number>();
  let broken: string | undefined;
  return {
    name: 'wire bytes',
    onEvent(event) {
      if (event.kind !== 'sessionMessage') return;
      const { message, session, network } = event.data as SessionDelivery;
      if (network !== 'private') return;
      const typed = message as unknown as TransferMessage;
      if (typed.type === 'state records') {
        shipped.set(session, (shipped.get(session) ?? 0) + typed.bytes.length);
      } else if (typed.type === 'state end') {
        const bytes = shipped.get(session) ?? 0;
        const announced = typed.sections.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
        if (bytes !== announced || announced !== typed.sizeBytes) {
          broken ??= `Session ${session} shipped ${bytes} bytes of ${announced} announced.`;
        }
        shipped.delete(session);
      }
    },
    onBatch() {
      const sentence = broken;
      broken = undefined;
      return sentence;
    },
  };
}
