import { insertNotifications, type NotificationRow, notificationsAbout } from '../../adapters/database/films';
import type { RandomSource } from '../../ports/clock-and-random';
import type { Transaction } from '../../ports/database';
import type { FilmAnnounced } from '../../ports/journal';

/**
 * What was told, as the notifications that the publish stage looks through before it puts down news. Where the database was not lost the row
 * is there, and the notify stage's own word counts.
 */
export async function recordAnnounced(
  ports: { readonly random: RandomSource },
  transaction: Transaction,
  announced: readonly FilmAnnounced[],
): Promise<void> {
  const rows = announced.map(
    ({ tenantId, studyInstanceUid, topic, channel, state, at }): NotificationRow => ({
      id: ports.random.uuid(),
      hospitalId: tenantId,
      studyInstanceUid,
      topic,
      channel,
      state,
      createdAt: new Date(at),
      sentAt: state === 'sent' ? new Date(at) : null,
    }),
  );
  const known = await notificationsAbout(
    transaction,
    [...new Set(rows.map((row) => row.hospitalId))],
    [...new Set(rows.map((row) => row.studyInstanceUid))],
  );
  const missing = new Map(rows.map((row) => [nameOf(row), row]));
  for (const row of known) missing.delete(nameOf(row));
  await insertNotifications(transaction, [...missing.values()]);
}

function nameOf(row: NotificationRow): string {
  return JSON.stringify([row.hospitalId, row.studyInstanceUid, row.topic, row.channel]);
}
