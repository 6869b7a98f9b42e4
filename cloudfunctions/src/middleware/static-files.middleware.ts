import { type IMiddleware, Inject, Middleware } from '@midwayjs/core';
import type { Context, NextFunction } from '@midwayjs/koa';
import { problem } from '@yingyun/shared/domain/problem';
import { answerProblem } from '../http/answer';
import { pageOf } from '../http/page-of';
import { patientPagePolicy } from '../http/security-headers';
import { sendFile } from '../http/send-file';

/** Serves the built web surfaces. Only admitted requests and probes go on to the router; everything else ends here. */
@Middleware()
export class StaticFilesMiddleware implements IMiddleware<Context, NextFunction> {
  @Inject('h5Folder')
  h5Folder!: string; // injected by Midway

  @Inject('patientFolder')
  patientFolder!: string; // injected by Midway

  resolve() {
    return async (ctx: Context, next: NextFunction): Promise<void> => {
      if (ctx.state.admission !== undefined || ctx.state.isOperation === true) return next();
      if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return answerProblem(ctx, problem('not-found'));
      if (ctx.path === '/') {
        ctx.state.page = 'home';
        return ctx.redirect('/console');
      }
      if (ctx.path === '/m') return ctx.redirect('/m/');
      const page = pageOf(ctx.path);
      ctx.state.page = page?.name ?? 'none';
      if (page?.name === 'patient') ctx.set('Content-Security-Policy', patientPagePolicy);
      const folder = page?.surface === 'patient' ? this.patientFolder : this.h5Folder;
      if (page === undefined || !(await sendFile(ctx, folder, page))) answerProblem(ctx, problem('not-found'));
    };
  }
}
