import type { FilmState } from '@yingyun/shared/domain/instance-state';
import {
  type FilmRow,
  filmOfStudy,
  hasInstanceUnderWay,
  hasShownInstance,
  insertFilm,
  insertNotifications,
  lastReceivedAt,
  moveNotification,
  notificationsOfStudy,
  studyTimes,
  updateFilm,
} from '../../adapters/database/films';
import { endSharesOfFilm } from '../../adapters/database/person-shares';
import { lockReports, type MatchableStudy, matchableStudy } from '../../adapters/database/reports';
import type { AuditRecord } from '../../ports/audit-trail';
import type { Transaction } from '../../ports/database';
import type { Notifier } from '../../ports/notifier';
import type { HandlerOutcome } from '../../ports/outbox';
import type { Ports } from '../../ports/ports';
import { currentVersions } from '../film-edition';
import { attachReports } from './attach-reports';
import { decideFilm, topicOf } from './decide-film';
import { sortInstant } from './sort-instant';

export type PublishPorts = Pick<
  Ports,
  'database' | 'fields' | 'outbox' | 'audit' | 'clock' | 'random' | 'log' | 'publishing'
> & {
  readonly notifier: Pick<Notifier, 'channel'>;
};

/** An image on its way keeps its film waiting for so long after it last moved. */
const settlingMs = 60_000;

/**
 * Runs after anything about a study changed: makes its film, attaches the reports that name it, decides what the patient may see, and
 * where that is news, puts down what is to be told. All in one transaction; a second run changes nothing. `retry` while images are
 * still coming in.
 */
export async function publishFilm(ports: PublishPorts, studyId: string): Promise<HandlerOutcome> {
  const isSettling = await ports.database.transaction(async (transaction) => {
    const found = await matchableStudy(transaction, studyId);
    if (found === undefined) return false;
    await lockReports(transaction, found.hospitalId);
    const study = (await matchableStudy(transaction, studyId)) ?? found; // it may have changed while we waited
    const acts = await attachReports(ports, transaction, study);
    const film =
      (await filmOfStudy(transaction, studyId)) ?? (await makeFilm(ports, transaction, study.hospitalId, studyId));
    const reports = await currentVersions(transaction, studyId);
    const now = ports.clock.now();
    const unreported = await unreportedSince(ports, transaction, studyId, now);
    const decision = decideFilm({
      state: film.state as FilmState, // only this file and a person's hold write it, from the union
      reports,
      hasImages: await hasShownInstance(transaction, studyId),
      isReceiving: await hasInstanceUnderWay(transaction, study, new Date(now.getTime() - settlingMs)),
      isShownUnreported: unreported === 'due',
    });
    if (decision.state === 'waiting' && typeof unreported === 'number') {
      await ports.outbox.add(transaction, { kind: 'study-changed', studyId }, { delayMs: unreported });
    }
    if (decision.state !== film.state) {
      const publishedAt = decision.state === 'published' ? (film.publishedAt ?? now) : film.publishedAt;
      await updateFilm(transaction, film.id, { state: decision.state, publishedAt, updatedAt: now });
      // whoever has a link to it may hold a finding that was taken back; a film that comes again is shared anew
      if (decision.state === 'withdrawn') await endSharesOfFilm(transaction, film.id, now);
    }
    const topic = await putDownNews(ports, transaction, study, film.id, (earlier) =>
      topicOf(decision.state, reports, earlier),
    );
    if (decision.state !== film.state || topic !== '') acts.push(actOf(film, decision.state, topic));
    for (const act of acts) await ports.audit.record(transaction, act);
    return decision.isSettling;
  });
  ports.outbox.wake();
  return isSettling ? { outcome: 'retry', reason: 'images-under-way' } : { outcome: 'done' };
}

/** 'due': it may be shown without a report; a number: in so many ms; 'never': the hospital lets it wait, or it has no image. */
async function unreportedSince(
  ports: PublishPorts,
  transaction: Transaction,
  studyId: string,
  now: Date,
): Promise<'due' | 'never' | number> {
  const { unreportedAfterMs } = ports.publishing;
  const lastAt = unreportedAfterMs === null ? undefined : await lastReceivedAt(transaction, studyId);
  if (unreportedAfterMs === null || lastAt === undefined) return 'never';
  const leftMs = lastAt.getTime() + unreportedAfterMs - now.getTime();
  return leftMs <= 0 ? 'due' : leftMs;
}

async function makeFilm(
  ports: PublishPorts,
  transaction: Transaction,
  hospitalId: string,
  studyId: string,
): Promise<FilmRow> {
  const times = await studyTimes(transaction, studyId);
  const now = ports.clock.now();
  const fresh: FilmRow = {
    id: ports.random.uuid(),
    hospitalId,
    studyId,
    state: 'waiting',
    publishedAt: null,
    viewUntil: null,
    sortAt: sortInstant(times?.studyAt ?? '') ?? times?.receivedAt ?? now,
    updatedAt: now,
  };
  await insertFilm(transaction, fresh);
  return fresh;
}

/** What has gone out, or may have. */
const toldStates: readonly string[] = ['sending', 'unclear', 'sent', 'refused'];

/** The topic that is new, or ''. The obligation to tell is recorded with what is to be told; the notify stage only sends. */
async function putDownNews(
  ports: PublishPorts,
  transaction: Transaction,
  study: MatchableStudy,
  filmId: string,
  topicAfter: (earlier: readonly string[]) => string,
): Promise<string> {
  const { channel } = ports.notifier;
  const earlier = (await notificationsOfStudy(transaction, study)).filter((one) => one.channel === channel);
  const topic = topicAfter(earlier.map((one) => one.topic));
  if (topic === '') return '';
  const known = earlier.find((one) => one.topic === topic);
  if (known === undefined) {
    await insertNotifications(transaction, [
      {
        id: ports.random.uuid(),
        hospitalId: study.hospitalId,
        studyInstanceUid: study.studyInstanceUid,
        topic,
        channel,
        state: 'pending',
        createdAt: ports.clock.now(),
        sentAt: null,
      },
    ]);
  } else {
    // it was overtaken before it was told, and is true again: nobody has heard of this film
    const isUntold = known.state === 'superseded' && !earlier.some((one) => toldStates.includes(one.state));
    if (!isUntold) return '';
    await moveNotification(transaction, known.id, ['superseded'], { state: 'pending', sentAt: null });
  }
  await ports.outbox.add(transaction, { kind: 'film-published', filmId });
  return topic;
}

function actOf(film: FilmRow, state: FilmState, topic: string): AuditRecord {
  return {
    hospitalId: film.hospitalId,
    actor: { kind: 'system', id: 'publish-film' },
    action: `film-${state}`,
    object: { kind: 'film', id: film.id },
    outcome: 'ok',
    reason: topic,
    requestId: `study:${film.studyId}`,
  };
}
