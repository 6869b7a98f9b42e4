import { instanceStates } from '@yingyun/shared/domain/instance-state';
import { countInstances } from '../adapters/database/instance-counts';
import type { ApiPorts } from './api-ports';

/** The gauge `yingyun_instances{state}` (design §8), Prometheus text; every state stands there, also with 0. */
export async function instanceMetrics(ports: Pick<ApiPorts, 'database'>): Promise<string> {
  const counts = await countInstances(ports.database);
  const name = 'yingyun_instances';
  const lines = [`# HELP ${name} Instances by state.`, `# TYPE ${name} gauge`];
  for (const state of instanceStates) lines.push(`${name}{state="${state}"} ${counts[state]}`);
  return `${lines.join('\n')}\n`;
}
