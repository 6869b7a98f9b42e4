import { eq } from 'drizzle-orm';
import type { Ports } from '../ports/ports';
import { hospital } from '../ports/schema';

/** The hospital's row must stand before anything arrives for it. Does nothing where it already does. */
export async function ensureHospital(
  ports: Pick<Ports, 'database' | 'clock'>,
  input: { readonly id: string; readonly code: string; readonly name: string },
): Promise<void> {
  const found = await ports.database.select({ id: hospital.id }).from(hospital).where(eq(hospital.id, input.id));
  if (found.length > 0) return;
  await ports.database.insert(hospital).values({ ...input, createdAt: ports.clock.now() });
}
