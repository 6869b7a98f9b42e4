import { instanceStates } from '@yingyun/shared/domain/instance-state';
import { sql } from 'drizzle-orm';
import { instance } from '../ports/schema';
import type { ApiPorts } from './api-ports';

/** The gauge `yingyun_instances{state}` (design §8), Prometheus text; every state stands there, also with 0. */
export async function instanceMetrics(ports: Pick<ApiPorts, 'database'>): Promise<string> {
  const rows = await ports.database
    .select({ state: instance.state, count: sql<number>`count(*)` })
    .from(instance)
    .groupBy(instance.state);
  const counts = new Map(rows.map((row) => [row.state, Number(row.count)]));
  const name = 'yingyun_instances';
  const lines = [`# HELP ${name} Instances by state.`, `# TYPE ${name} gauge`];
  for (const state of instanceStates) lines.push(`${name}{state="${state}"} ${counts.get(state) ?? 0}`);
  return `${lines.join('\n')}\n`;
}
