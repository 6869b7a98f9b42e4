import { Controller, Get, Inject, Post, Scope, ScopeEnum } from '@midwayjs/core';
import type { Context } from '@midwayjs/koa';
import { routes } from '@yingyun/shared/contract/routes';
import type { ApiPorts } from '../service/api-ports';
import { createShare } from '../service/create-share';
import { filmDocument } from '../service/film-document';
import { filmFrames } from '../service/film-frames';
import { filmManifest } from '../service/film-manifest';
import { filmOverlay } from '../service/film-overlay';
import { listFilms } from '../service/list-films';
import { listShares } from '../service/list-shares';
import { revokeShare } from '../service/revoke-share';
import { admitted } from './admitted';
import { answer, answerCompressed } from './answer';
import { answerBytes, answerDocument } from './answer-document';
import { streamFrames } from './stream-frames';

/** Films and their shares, for the hospital's staff. */
@Controller('/')
@Scope(ScopeEnum.Singleton)
export class FilmController {
  @Inject('ports')
  ports!: ApiPorts; // injected by Midway

  @Post(routes.listFilms.path)
  async listFilms(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'listFilms');
    answer(ctx, await listFilms(this.ports, caller, input));
  }

  @Get(routes.film.path)
  async film(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'film');
    await answerCompressed(ctx, await filmManifest(this.ports, caller, input));
  }

  @Get(routes.filmFrames.path)
  async filmFrames(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'filmFrames');
    await streamFrames(ctx, this.ports.log, await filmFrames(this.ports, caller, input));
  }

  @Get(routes.filmDocument.path)
  async filmDocument(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'filmDocument');
    await answerDocument(ctx, await filmDocument(this.ports, caller, input));
  }

  @Get(routes.filmOverlay.path)
  async filmOverlay(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'filmOverlay');
    answerBytes(ctx, await filmOverlay(this.ports, caller, input), 'application/octet-stream');
  }

  @Post(routes.createShare.path)
  async createShare(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'createShare');
    answer(ctx, await createShare(this.ports, caller, input));
  }

  @Get(routes.listShares.path)
  async listShares(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'listShares');
    answer(ctx, await listShares(this.ports, caller, input));
  }

  @Post(routes.revokeShare.path)
  async revokeShare(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'revokeShare');
    answer(ctx, await revokeShare(this.ports, caller, input));
  }
}
