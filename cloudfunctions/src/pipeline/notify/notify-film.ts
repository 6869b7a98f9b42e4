import type { FilmState } from '@yingyun/shared/domain/instance-state';
import { filmById, moveNotification, type NotificationRow, notificationsOfStudy } from '../../adapters/database/films';
import { matchableStudy } from '../../adapters/database/reports';
import type { FilmAnnounced } from '../../ports/journal';
import { isAbout, isWithdrawal, type Notifier } from '../../ports/notifier';
import type { HandlerOutcome } from '../../ports/outbox';
import type { Ports } from '../../ports/ports';
import { currentVersions, editionOf } from '../film-edition';

export type NotifyPorts = Pick<Ports, 'database' | 'journal' | 'clock' | 'log'> & { readonly notifier: Notifier };

/**
 * Sends what the publish stage put down for this film, on the notifier's channel: `pending` → `sending` → `sent`. Only what is about
 * the versions that count now is sent; the rest becomes `superseded`. What stood in `sending` when a process died may have
 * been sent or not: it becomes `unclear` and rests for a person, so that nobody is told twice. The journal keeps what was told.
 */
export async function notifyFilm(ports: NotifyPorts, filmId: string): Promise<HandlerOutcome> {
  const { database, notifier, log } = ports;
  const film = await filmById(database, filmId);
  const study = film === undefined ? undefined : await matchableStudy(database, film.studyId);
  if (film === undefined || study === undefined) return { outcome: 'done' };
  const all = (await notificationsOfStudy(database, study)).filter((one) => one.channel === notifier.channel);
  for (const one of all.filter(({ state }) => state === 'sending')) {
    log.warn('notification-unclear', { notificationId: one.id, topic: one.topic });
    await announce(ports, one, 'unclear');
    await moveNotification(database, one.id, ['sending'], { state: 'unclear', sentAt: null });
  }
  const state = film.state as FilmState; // only the publish stage and a person's hold write it, from the union
  const edition = editionOf(state, await currentVersions(database, film.studyId));
  // who was never told of a film need not hear that it is gone
  const wasTold = all.some((one) => !isWithdrawal(one.topic) && ['sending', 'unclear', 'sent'].includes(one.state));
  let outcome: HandlerOutcome = { outcome: 'done' };
  for (const one of all.filter((other) => other.state === 'pending')) {
    const isTrue = isWithdrawal(one.topic) ? state === 'withdrawn' && wasTold : state === 'published';
    if (isTrue && isAbout(one.topic, edition)) outcome = await sendOne(ports, one, filmId);
    else await moveNotification(database, one.id, ['pending'], { state: 'superseded', sentAt: null });
  }
  return outcome;
}

async function sendOne(ports: NotifyPorts, one: NotificationRow, filmId: string): Promise<HandlerOutcome> {
  const { database, clock } = ports;
  const isMine = await moveNotification(database, one.id, ['pending'], { state: 'sending', sentAt: null });
  if (!isMine) return { outcome: 'done' };
  const result = await send(ports, one, filmId);
  if (result === 'not-sent') {
    await moveNotification(database, one.id, ['sending'], { state: 'pending', sentAt: null });
    return { outcome: 'retry', reason: 'not-sent' };
  }
  await announce(ports, one, result);
  // sent also from 'unclear': another run may have taken us for dead
  const from = result === 'sent' ? ['sending', 'unclear'] : ['sending'];
  await moveNotification(database, one.id, from, { state: result, sentAt: result === 'sent' ? clock.now() : null });
  return result === 'refused' ? { outcome: 'dead', reason: 'refused' } : { outcome: 'done' };
}

async function send(
  { notifier, log }: NotifyPorts,
  { id, topic }: NotificationRow,
  filmId: string,
): Promise<FilmAnnounced['state'] | 'not-sent'> {
  try {
    return await notifier.send({ notificationId: id, topic, filmId });
  } catch (cause) {
    log.error('notification-unclear', { notificationId: id, topic }, cause);
    return 'unclear';
  }
}

async function announce(
  { journal, clock }: NotifyPorts,
  { hospitalId, studyInstanceUid, channel, topic }: NotificationRow,
  state: FilmAnnounced['state'],
): Promise<void> {
  const at = clock.now().toISOString();
  await journal.append({ kind: 'film-announced', tenantId: hospitalId, studyInstanceUid, channel, topic, state, at });
}
