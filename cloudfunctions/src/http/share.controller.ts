import { Controller, Get, Inject, Post, Scope, ScopeEnum } from '@midwayjs/core';
import type { Context } from '@midwayjs/koa';
import { routes } from '@yingyun/shared/contract/routes';
import type { ApiPorts } from '../service/api-ports';
import { filmDocument } from '../service/film-document';
import { filmFrames } from '../service/film-frames';
import { filmManifest } from '../service/film-manifest';
import { filmOverlay } from '../service/film-overlay';
import { openShare, renewShare } from '../service/open-share';
import { admitted } from './admitted';
import { answer, answerCompressed } from './answer';
import { answerBytes, answerDocument } from './answer-document';
import { streamFrames } from './stream-frames';

/** What a person with a link may ask. */
@Controller('/')
@Scope(ScopeEnum.Singleton)
export class ShareController {
  @Inject('ports')
  ports!: ApiPorts; // injected by Midway

  @Post(routes.openShare.path)
  async openShare(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'openShare');
    await answerCompressed(ctx, await openShare(this.ports, caller, input));
  }

  @Post(routes.renewShare.path)
  async renewShare(ctx: Context): Promise<void> {
    const { caller } = admitted(ctx, 'renewShare');
    answer(ctx, await renewShare(this.ports, caller));
  }

  @Get(routes.sharedFilm.path)
  async sharedFilm(ctx: Context): Promise<void> {
    const { caller } = admitted(ctx, 'sharedFilm');
    await answerCompressed(ctx, await filmManifest(this.ports, caller, { filmId: caller.filmId }));
  }

  @Get(routes.sharedFrames.path)
  async sharedFrames(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'sharedFrames');
    await streamFrames(ctx, this.ports.log, await filmFrames(this.ports, caller, { ...input, filmId: caller.filmId }));
  }

  @Get(routes.sharedDocument.path)
  async sharedDocument(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'sharedDocument');
    await answerDocument(ctx, await filmDocument(this.ports, caller, { ...input, filmId: caller.filmId }));
  }

  @Get(routes.sharedOverlay.path)
  async sharedOverlay(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'sharedOverlay');
    const bits = await filmOverlay(this.ports, caller, { ...input, filmId: caller.filmId });
    answerBytes(ctx, bits, 'application/octet-stream');
  }
}
