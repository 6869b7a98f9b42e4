import { startMidway } from '../bootstrap';
import { createApiPorts } from '../http/api-ports';
import { createRequestMetrics } from '../http/request-metrics';
import type { Ports } from '../ports/ports';
import { type FunctionApp, functionApp } from './function-app';

/** Starts the event functions alone: no port is opened. For SCF event functions and other platforms that call in. */
export async function startFunctions(ports: Ports): Promise<FunctionApp & { close(): Promise<void> }> {
  const apiPorts = createApiPorts(ports, () => '');
  const cookieKey = Buffer.from(ports.random.bytes(32)).toString('hex');
  const objects = {
    ports: apiPorts,
    h5Folder: '',
    patientFolder: '',
    requestMetrics: createRequestMetrics(),
    clientAddress: () => '',
    operationGate: () => false,
  };
  const midway = await startMidway(objects, {}, cookieKey);
  return { ...functionApp(midway.faas), close: () => midway.stop() };
}
