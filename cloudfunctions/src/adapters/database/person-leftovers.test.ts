import { expect, it } from 'vitest';
import { person } from '../../ports/schema';
import { createHandClock } from '../../testing/fakes';
import { describeEachDatabase } from '../../testing/for-each-database';
import { removePersonLeftovers } from './person-leftovers';
import { insertPersonSession, lastSeen } from './persons';

const day = 86_400_000;

describeEachDatabase('the sweep of persons', (open) => {
  it('forgets no session that still says when its person was last seen', async () => {
    const { database } = await open();
    const clock = createHandClock();
    const createdAt = clock.now();
    const row = { id: 'p', phoneIndex: 'phone', phoneSealed: new Uint8Array(1), createdAt };
    await database.insert(person).values(row);
    // A session used to its very end, 180 days after it began.
    const end = new Date(createdAt.getTime() + 180 * day);
    await insertPersonSession(database, { id: 's', personId: 'p', createdAt, lastUsedAt: end, expiresAt: end });
    clock.advance(190 * day);
    expect(await removePersonLeftovers(database, clock.now())).toBe(0);
    expect(await lastSeen(database, row)).toEqual(end);
    clock.advance(100 * day);
    expect(await removePersonLeftovers(database, clock.now())).toBe(1);
    expect(await lastSeen(database, row)).toEqual(createdAt);
  });
});
