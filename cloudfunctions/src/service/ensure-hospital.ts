import { eq } from 'drizzle-orm';
import type { Ports } from '../ports/ports';
import { hospital } from '../ports/schema';

/** The hospital's row must stand before anything arrives for it, under the name it has today. */
export async function ensureHospital(
  ports: Pick<Ports, 'database' | 'clock'>,
  input: { readonly id: string; readonly code: string; readonly name: string },
): Promise<void> {
  const [known] = await ports.database.select({ name: hospital.name }).from(hospital).where(eq(hospital.id, input.id));
  if (known?.name === input.name) return;
  if (known !== undefined)
    return void (await ports.database.update(hospital).set({ name: input.name }).where(eq(hospital.id, input.id)));
  await ports.database.insert(hospital).values({ ...input, createdAt: ports.clock.now() });
}
