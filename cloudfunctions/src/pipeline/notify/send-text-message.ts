import { phoneOfRecord } from '../../adapters/database/patient-records';
import { findTextMessage, moveTextMessage } from '../../adapters/database/text-messages';
import type { HandlerOutcome } from '../../ports/outbox';
import type { Ports } from '../../ports/ports';
import { type TextMessageContent, type TextMessageTemplate, textMessagePlace } from '../../ports/text-message';

type SendPorts = Pick<Ports, 'database' | 'fields' | 'clock' | 'log' | 'textMessages'>;

/**
 * Sends one text message: `waiting` → `sending` → `sent`. One whose code has expired isn't sent any more. What stood in `sending` when
 * a process died may have gone out: it becomes `unclear` and is not repeated, the person asks for another code.
 */
export async function sendTextMessage(ports: SendPorts, textMessageId: string): Promise<HandlerOutcome> {
  const { database, clock, log, textMessages } = ports;
  const row = await findTextMessage(database, textMessageId);
  if (row === undefined) return { outcome: 'done' };
  if (row.state === 'sending') {
    log.warn('text-message-unclear', { textMessageId });
    await moveTextMessage(database, row.id, ['sending'], 'unclear');
    return { outcome: 'done' };
  }
  if (row.state !== 'waiting') return { outcome: 'done' };
  if (row.expiresAt <= clock.now()) {
    await moveTextMessage(database, row.id, ['waiting'], 'expired');
    return { outcome: 'done' };
  }
  const opened = await ports.fields.open(textMessagePlace(row.id), row.contentSealed);
  const content = JSON.parse(opened) as TextMessageContent; // only queue-text-message writes it, in this form
  const phone = 'phone' in content.to ? content.to.phone : await phoneOfRecord(ports, content.to);
  if (phone === '') {
    await moveTextMessage(database, row.id, ['waiting'], 'void');
    return { outcome: 'done' };
  }
  const template = row.template as TextMessageTemplate; // only queue-text-message writes it, from the union
  if (!(await moveTextMessage(database, row.id, ['waiting'], 'sending'))) return { outcome: 'done' };
  try {
    const result = await textMessages.send({ messageId: row.id, template, phone, params: content.params });
    switch (result) {
      case 'sent':
        await moveTextMessage(database, row.id, ['sending', 'unclear'], 'sent', clock.now());
        return { outcome: 'done' };
      case 'not-sent':
        await moveTextMessage(database, row.id, ['sending'], 'waiting');
        return { outcome: 'retry', reason: 'not-sent' };
      case 'refused':
        log.error('text-message-refused', { textMessageId, channel: textMessages.channel });
        await moveTextMessage(database, row.id, ['sending'], 'refused');
        return { outcome: 'done' };
      default:
        return result satisfies never;
    }
  } catch (cause) {
    log.error('text-message-unclear', { textMessageId, channel: textMessages.channel }, cause);
    await moveTextMessage(database, row.id, ['sending'], 'unclear');
    return { outcome: 'done' };
  }
}
