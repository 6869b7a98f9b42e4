import type { InstanceState } from '@yingyun/shared/domain/instance-state';
import { and, asc, desc, eq, gt, inArray } from 'drizzle-orm';
import type { Queryable } from '../../ports/database';
import { film, instance, notification, series, study } from '../../ports/schema';

export type FilmRow = typeof film.$inferSelect;
export type NotificationRow = typeof notification.$inferSelect;

/** What a phone can be shown: read back from the store and checked. */
const shownStates: readonly InstanceState[] = ['verified', 'packed'];
const statesUnderWay: readonly InstanceState[] = [
  'received',
  'spooled',
  'acknowledged',
  'indexed',
  'transcoded',
  'stored',
];

export async function filmOfStudy(database: Queryable, studyId: string): Promise<FilmRow | undefined> {
  return (await database.select().from(film).where(eq(film.studyId, studyId)))[0];
}

export async function filmById(database: Queryable, filmId: string): Promise<FilmRow | undefined> {
  return (await database.select().from(film).where(eq(film.id, filmId)))[0];
}

export async function insertFilm(database: Queryable, fresh: FilmRow): Promise<void> {
  await database.insert(film).values(fresh);
}

export async function updateFilm(
  database: Queryable,
  filmId: string,
  change: Partial<Pick<FilmRow, 'state' | 'publishedAt' | 'sortAt' | 'updatedAt'>>,
): Promise<void> {
  await database.update(film).set(change).where(eq(film.id, filmId));
}

export async function studyTimes(
  database: Queryable,
  studyId: string,
): Promise<{ readonly studyAt: string; readonly receivedAt: Date } | undefined> {
  const rows = await database
    .select({ studyAt: study.studyAt, receivedAt: study.receivedAt })
    .from(study)
    .where(eq(study.id, studyId));
  return rows[0];
}

/** When the newest of the study's images came; undefined where it has none. */
export async function lastReceivedAt(database: Queryable, studyId: string): Promise<Date | undefined> {
  const rows = await database
    .select({ receivedAt: instance.receivedAt })
    .from(series)
    .innerJoin(instance, eq(instance.seriesId, series.id))
    .where(eq(series.studyId, studyId))
    .orderBy(desc(instance.receivedAt))
    .limit(1);
  return rows[0]?.receivedAt;
}

/** Whether the study has at least one current image that may be shown. */
export async function hasShownInstance(database: Queryable, studyId: string): Promise<boolean> {
  const rows = await database
    .select({ id: instance.id })
    .from(series)
    .innerJoin(instance, eq(instance.seriesId, series.id))
    .where(and(eq(series.studyId, studyId), eq(instance.isCurrent, true), inArray(instance.state, [...shownStates])))
    .limit(1);
  return rows.length > 0;
}

/** Whether an instance of the study is still on its way and has moved since `movedAfter`. Not yet indexed ones count too. */
export async function hasInstanceUnderWay(
  database: Queryable,
  named: { readonly hospitalId: string; readonly studyInstanceUid: string },
  movedAfter: Date,
): Promise<boolean> {
  const rows = await database
    .select({ id: instance.id })
    .from(instance)
    .where(
      and(
        eq(instance.hospitalId, named.hospitalId),
        eq(instance.studyInstanceUid, named.studyInstanceUid),
        inArray(instance.state, [...statesUnderWay]),
        gt(instance.updatedAt, movedAfter),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** Of a study's film, newest first. */
export async function notificationsOfStudy(
  database: Queryable,
  study: Pick<NotificationRow, 'hospitalId' | 'studyInstanceUid'>,
): Promise<NotificationRow[]> {
  return database
    .select()
    .from(notification)
    .where(
      and(eq(notification.hospitalId, study.hospitalId), eq(notification.studyInstanceUid, study.studyInstanceUid)),
    )
    .orderBy(desc(notification.createdAt), asc(notification.id));
}

export async function insertNotifications(database: Queryable, fresh: readonly NotificationRow[]): Promise<void> {
  if (fresh.length > 0) await database.insert(notification).values([...fresh]);
}

/** Every notification about these studies. */
export async function notificationsAbout(
  database: Queryable,
  hospitals: readonly string[],
  studyInstanceUids: readonly string[],
): Promise<NotificationRow[]> {
  if (hospitals.length === 0 || studyInstanceUids.length === 0) return [];
  return database
    .select()
    .from(notification)
    .where(
      and(
        inArray(notification.hospitalId, [...hospitals]),
        inArray(notification.studyInstanceUid, [...studyInstanceUids]),
      ),
    );
}

/** Moves a notification on, and only from `from`: of two handlers at once, one succeeds. */
export async function moveNotification(
  database: Queryable,
  notificationId: string,
  from: readonly string[],
  change: Pick<NotificationRow, 'state' | 'sentAt'>,
): Promise<boolean> {
  const moved = await database
    .update(notification)
    .set(change)
    .where(and(eq(notification.id, notificationId), inArray(notification.state, [...from])))
    .returning({ id: notification.id });
  return moved.length === 1;
}
