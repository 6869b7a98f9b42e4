import { insertTextMessage } from '../../adapters/database/text-messages';
import type { Transaction } from '../../ports/database';
import { type OutgoingTextMessage, type TextMessageContent, textMessagePlace } from '../../ports/text-message';
import type { ApiPorts } from '../api-ports';

/** How long a code can be used, and for how long after it was sent none is sent again. */
export const codeLifeMs = 5 * 60_000;
export const resendAfterMs = 60_000;

/** Six digits, each code as likely as any other (rejection sampling). */
export function newCode(random: ApiPorts['random']): string {
  const most = Math.floor(2 ** 32 / 1_000_000) * 1_000_000;
  for (;;) {
    const [a = 0, b = 0, c = 0, d = 0] = random.bytes(4);
    const number = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    if (number < most) return String(number % 1_000_000).padStart(6, '0');
  }
}

/**
 * Puts a text message down in the caller's transaction: it goes out once that commits, once, and never after its code has expired.
 * To a record that doesn't exist it is put down all the same, and nobody gets it: whoever asks must not learn the difference.
 */
export async function queueTextMessage(
  ports: Pick<ApiPorts, 'fields' | 'outbox' | 'random'>,
  transaction: Transaction,
  message: Pick<OutgoingTextMessage, 'template'> & {
    readonly to: TextMessageContent['to'];
    readonly code: string;
    readonly now: Date;
  },
): Promise<void> {
  const { to, template, code, now } = message;
  const id = ports.random.uuid();
  const params = { code, validMinutes: codeLifeMs / 60_000 };
  const content: TextMessageContent = { to, params };
  await insertTextMessage(transaction, {
    id,
    template,
    contentSealed: await ports.fields.seal(textMessagePlace(id), JSON.stringify(content)),
    state: 'waiting',
    expiresAt: new Date(now.getTime() + codeLifeMs),
    createdAt: now,
  });
  await ports.outbox.add(transaction, { kind: 'text-message-due', textMessageId: id });
}
