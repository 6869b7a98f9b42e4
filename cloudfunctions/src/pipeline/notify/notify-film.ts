import { filmById, moveNotification, type NotificationRow, notificationsOfFilm } from '../../adapters/database/films';
import { editionOf, isWithdrawal, type Notifier } from '../../ports/notifier';
import type { HandlerOutcome } from '../../ports/outbox';
import type { Ports } from '../../ports/ports';

export type NotifyPorts = Pick<Ports, 'database' | 'clock' | 'log'> & { readonly notifier: Notifier };

/**
 * Sends what the publish stage put down for this film, on the notifier's channel: `pending` → `sending` → `sent`. Only the newest
 * news is sent, and only while it is true; older ones become `superseded`. What stood in `sending` when a process died may have
 * been sent or not: it becomes `unclear` and rests for a person, so that nobody is told twice.
 */
export async function notifyFilm(ports: NotifyPorts, filmId: string): Promise<HandlerOutcome> {
  const { database, notifier, log } = ports;
  const film = await filmById(database, filmId);
  if (film === undefined) return { outcome: 'done' };
  const all = (await notificationsOfFilm(database, filmId)).filter((one) => one.channel === notifier.channel);
  for (const one of all.filter(({ state }) => state === 'sending')) {
    log.warn('notification-unclear', { notificationId: one.id, topic: one.topic });
    await moveNotification(database, one.id, ['sending'], { state: 'unclear', sentAt: null });
  }
  const pending = all.filter(({ state }) => state === 'pending');
  const newest = pending.reduce<NotificationRow | undefined>(
    (best, one) => (best === undefined || editionOf(one.topic) > editionOf(best.topic) ? one : best),
    undefined,
  );
  // who was never told of a film need not hear that it is gone
  const wasTold = all.some(
    ({ state, topic }) => !isWithdrawal(topic) && ['sending', 'unclear', 'sent'].includes(state),
  );
  let outcome: HandlerOutcome = { outcome: 'done' };
  for (const one of pending) {
    const isTrue = isWithdrawal(one.topic) ? film.state === 'withdrawn' && wasTold : film.state === 'published';
    if (one !== newest || !isTrue)
      await moveNotification(database, one.id, ['pending'], { state: 'superseded', sentAt: null });
    else outcome = await sendOne(ports, one);
  }
  return outcome;
}

async function sendOne({ database, notifier, clock, log }: NotifyPorts, one: NotificationRow): Promise<HandlerOutcome> {
  const isMine = await moveNotification(database, one.id, ['pending'], { state: 'sending', sentAt: null });
  if (!isMine) return { outcome: 'done' };
  try {
    const result = await notifier.send({ notificationId: one.id, topic: one.topic, filmId: one.filmId });
    switch (result) {
      case 'sent':
        // also from 'unclear': another run may have taken us for dead
        await moveNotification(database, one.id, ['sending', 'unclear'], { state: 'sent', sentAt: clock.now() });
        return { outcome: 'done' };
      case 'not-sent':
        await moveNotification(database, one.id, ['sending'], { state: 'pending', sentAt: null });
        return { outcome: 'retry', reason: 'not-sent' };
      case 'refused':
        await moveNotification(database, one.id, ['sending'], { state: 'refused', sentAt: null });
        return { outcome: 'dead', reason: 'refused' };
      default:
        return result satisfies never;
    }
  } catch (cause) {
    log.error('notification-unclear', { notificationId: one.id, topic: one.topic }, cause);
    await moveNotification(database, one.id, ['sending'], { state: 'unclear', sentAt: null });
    return { outcome: 'done' };
  }
}
