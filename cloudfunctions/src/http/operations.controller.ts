import { Controller, Get, Inject, Scope, ScopeEnum } from '@midwayjs/core';
import type { Context } from '@midwayjs/koa';
import type { ApiPorts } from '../service/api-ports';
import { instanceMetrics } from '../service/instance-metrics';
import { readiness } from '../service/readiness';
import { operationRoutes } from './operation-routes';
import type { RequestMetrics } from './request-metrics';

const [healthPath, readyPath, metricsPath] = operationRoutes;

/** Probes and metrics (design §8). Counts and names of dependencies only. */
@Controller('/')
@Scope(ScopeEnum.Singleton)
export class OperationsController {
  @Inject('ports')
  ports!: ApiPorts; // injected by Midway

  @Inject('requestMetrics')
  requestMetrics!: RequestMetrics; // injected by Midway

  /** The process answers; says nothing of what it depends on. */
  @Get(healthPath)
  async health(ctx: Context): Promise<void> {
    ctx.body = { status: 'ok' };
  }

  /** 200 where every dependency answers, otherwise 503 with the names of those that don't. */
  @Get(readyPath)
  async ready(ctx: Context): Promise<void> {
    const result = await readiness(this.ports);
    ctx.status = result.isReady ? 200 : 503;
    ctx.body = { status: result.isReady ? 'ready' : 'not-ready', dependencies: result.dependencies };
  }

  @Get(metricsPath)
  async metrics(ctx: Context): Promise<void> {
    ctx.type = 'text/plain; version=0.0.4; charset=utf-8';
    ctx.body = `${await instanceMetrics(this.ports)}${this.requestMetrics.text()}`;
  }
}
