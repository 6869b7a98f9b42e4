import { expect, it } from 'vitest';
import { person } from '../../ports/schema';
import { createHandClock } from '../../testing/fakes';
import { describeEachDatabase } from '../../testing/for-each-database';
import { removePersonLeftovers } from './person-leftovers';
import { insertPersonSession, phoneProvedAt } from './persons';

const day = 86_400_000;

describeEachDatabase('the sweep of persons', (open) => {
  it('forgets no session that still says when its person proved the phone', async () => {
    const { database } = await open();
    const clock = createHandClock();
    const createdAt = clock.now();
    const row = { id: 'p', phoneIndex: 'phone', phoneSealed: new Uint8Array(1), createdAt };
    await database.insert(person).values(row);
    clock.advance(day);
    const provedAt = clock.now();
    // Used to its very end, which proves nothing about the phone.
    const end = new Date(provedAt.getTime() + 60 * day);
    await insertPersonSession(database, {
      id: 's',
      personId: 'p',
      createdAt: provedAt,
      lastUsedAt: end,
      expiresAt: end,
    });
    clock.advance(90 * day);
    expect(await removePersonLeftovers(database, clock.now())).toBe(0);
    expect(await phoneProvedAt(database, row)).toEqual(provedAt);
    clock.advance(11 * day);
    expect(await removePersonLeftovers(database, clock.now())).toBe(1);
    expect(await phoneProvedAt(database, row)).toEqual(createdAt);
  });
});
