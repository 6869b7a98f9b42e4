import { type MidwayContainer, MidwayWebRouterService } from '@midwayjs/core';
import { routes } from '@yingyun/shared/contract/routes';
import { operationRoutes } from './operation-routes';

/** `METHOD path` of every route the router knows. */
export async function routerTable(container: MidwayContainer): Promise<string[]> {
  const service = await container.getAsync(MidwayWebRouterService);
  const table = await service.getFlattenRouterTable();
  return table.map((route) => `${route.requestMethod.toUpperCase()} ${String(route.fullUrl ?? route.url)}`).sort();
}

/** Throws where a route has no contract entry, or an entry no route: the server does not start. */
export async function assertRoutesAreContract(container: MidwayContainer): Promise<void> {
  const served = await routerTable(container);
  const written = [
    ...Object.values(routes).map((route) => `${route.method} ${route.path}`),
    ...operationRoutes.map((path) => `GET ${path}`),
  ].sort();
  const unwritten = served.filter((route) => !written.includes(route));
  const unserved = written.filter((route) => !served.includes(route));
  if (unwritten.length + unserved.length === 0) return;
  throw new Error(`routes without contract: [${unwritten}]; contract without route: [${unserved}]`);
}
