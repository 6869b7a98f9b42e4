import { waitingMessages, withdrawEvents } from '../adapters/database/journal-projection';
import type { MessageAcknowledged } from '../ports/journal';
import { dedupeKeyOf, type OutboxEventKind } from '../ports/outbox';
import { type ArchiveMessagePorts, archiveMessage } from './archive-message';

export interface MessageCatchUp {
  /** Kinds of events that must not run meanwhile; none when it is over. */
  heldKinds(): readonly OutboxEventKind[];
  /** Ends after the message under way. What is left waits in the outbox. */
  stop(): Promise<void>;
}

const held: readonly OutboxEventKind[] = ['message-acknowledged', 'study-changed', 'film-published'];

/**
 * Files what stood waiting when the server started, message by message in the order of the journal, before anything is published: after
 * a lost database records and reports become what they were, and nobody is told of a version that a later one has replaced. `inSpool` are
 * acknowledgements whose original is still there, with or without a waiting event: it goes into the object store now.
 */
export function startMessageCatchUp(
  ports: ArchiveMessagePorts,
  inSpool: readonly number[],
  onEnd: () => void,
): MessageCatchUp {
  let isOver = false;
  let isStopping = false;

  async function catchUp(): Promise<void> {
    const wanted = new Set([...(await waitingMessages(ports.database)), ...inSpool]);
    if (wanted.size === 0) return;
    let left = wanted.size;
    const first = [...wanted].reduce((a, b) => Math.min(a, b));
    for await (const { sequence, entry } of ports.journal.read(first - 1)) {
      if (isStopping || left === 0) return;
      if (!wanted.has(sequence)) continue;
      left--;
      if (entry.kind === 'message-acknowledged') await fileOne(sequence, entry);
    }
  }

  /** What can't be filed now must not hold up the rest: the outbox tries it again. */
  async function fileOne(journalSequence: number, entry: MessageAcknowledged): Promise<void> {
    const event = { kind: 'message-acknowledged', journalSequence } as const;
    const outcome = await archiveMessage(ports, { sequence: journalSequence, entry }).catch((cause: unknown) => {
      ports.log.error('message-not-filed', { sequence: journalSequence }, cause);
      return { outcome: 'retry' } as const;
    });
    await ports.database.transaction(async (transaction) => {
      if (outcome.outcome === 'done') await withdrawEvents(transaction, [dedupeKeyOf(event)]);
      if (outcome.outcome === 'retry') await ports.outbox.add(transaction, event);
    });
  }

  const running = catchUp()
    .catch((cause) => ports.log.error('messages-not-caught-up', {}, cause)) // their events still wait
    .finally(() => {
      isOver = true;
      onEnd();
    });
  return {
    heldKinds: () => (isOver ? [] : held),
    stop: () => {
      isStopping = true;
      return running;
    },
  };
}
