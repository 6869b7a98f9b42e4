import { Controller, Inject, Post, Scope, ScopeEnum } from '@midwayjs/core';
import type { Context } from '@midwayjs/koa';
import { routes } from '@yingyun/shared/contract/routes';
import type { ApiPorts } from '../service/api-ports';
import { signIn, signOut } from '../service/sign-in';
import { admitted } from './admitted';
import { answer } from './answer';

/** Signing in and out. */
@Controller('/')
@Scope(ScopeEnum.Singleton)
export class StaffController {
  @Inject('ports')
  ports!: ApiPorts; // injected by Midway

  @Post(routes.signIn.path)
  async signIn(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'signIn');
    answer(ctx, await signIn(this.ports, caller, input));
  }

  @Post(routes.signOut.path)
  async signOut(ctx: Context): Promise<void> {
    const { caller } = admitted(ctx, 'signOut');
    answer(ctx, await signOut(this.ports, caller));
  }
}
