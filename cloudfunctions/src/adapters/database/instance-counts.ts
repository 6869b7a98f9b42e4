import { type InstanceState, instanceStates } from '@yingyun/shared/domain/instance-state';
import { count } from 'drizzle-orm';
import type { Queryable } from '../../ports/database';
import { instance } from '../../ports/schema';

/**
 * How many instances stand in each state, all hospitals together: the gauge `yingyun_instances`. Every state is there, with 0 where none.
 * `received` and `spooled` last for milliseconds before the acknowledgement and have no rows. Reads the whole state index: for a scrape
 * every few seconds, not for every request.
 */
export async function countInstances(database: Queryable): Promise<Record<InstanceState, number>> {
  const rows = await database.select({ state: instance.state, count: count() }).from(instance).groupBy(instance.state);
  const counted = new Map(rows.map((row) => [row.state, row.count]));
  return Object.fromEntries(instanceStates.map((state) => [state, counted.get(state) ?? 0])) as Record<
    InstanceState,
    number
  >; // one entry for every state
}
