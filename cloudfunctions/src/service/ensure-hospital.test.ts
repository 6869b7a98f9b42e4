import { expect, it } from 'vitest';
import { hospital } from '../ports/schema';
import { createHandClock } from '../testing/fakes';
import { describeEachDatabase } from '../testing/for-each-database';
import { ensureHospital } from './ensure-hospital';

describeEachDatabase('the hospital of a server', (open) => {
  it('has one row, under the name that is set today', async () => {
    const { database } = await open();
    const ports = { database, clock: createHandClock() };
    const named = (name: string) => ensureHospital(ports, { id: 'demo', code: 'DEMO', name });
    const rows = () => database.select({ id: hospital.id, name: hospital.name }).from(hospital);
    await named('影云示范医院');
    await named('影云示范医院');
    expect(await rows()).toEqual([{ id: 'demo', name: '影云示范医院' }]);
    await named('市一医院');
    expect(await rows()).toEqual([{ id: 'demo', name: '市一医院' }]);
  });
});
