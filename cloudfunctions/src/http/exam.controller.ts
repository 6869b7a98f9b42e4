import { Controller, Get, Inject, Post, Scope, ScopeEnum } from '@midwayjs/core';
import type { Context } from '@midwayjs/koa';
import { routes } from '@yingyun/shared/contract/routes';
import type { ApiPorts } from '../service/api-ports';
import { examMarks } from '../service/exam-marks';
import { examReports } from '../service/exam-reports';
import { relatedExams } from '../service/related-exams';
import { saveExamMarks } from '../service/save-exam-marks';
import { searchExams } from '../service/search-exams';
import { admitted } from './admitted';
import { answer } from './answer';

/** Exams, for the hospital's doctors. An exam's manifest and frames are a film's (film.controller.ts). */
@Controller('/')
@Scope(ScopeEnum.Singleton)
export class ExamController {
  @Inject('ports')
  ports!: ApiPorts; // injected by Midway

  @Post(routes.searchExams.path)
  async searchExams(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'searchExams');
    answer(ctx, await searchExams(this.ports, caller, input));
  }

  @Get(routes.relatedExams.path)
  async relatedExams(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'relatedExams');
    answer(ctx, await relatedExams(this.ports, caller, input));
  }

  @Get(routes.examReports.path)
  async examReports(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'examReports');
    answer(ctx, await examReports(this.ports, caller, input));
  }

  @Get(routes.examMarks.path)
  async examMarks(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'examMarks');
    answer(ctx, await examMarks(this.ports, caller, input));
  }

  @Post(routes.saveExamMarks.path)
  async saveExamMarks(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'saveExamMarks');
    answer(ctx, await saveExamMarks(this.ports, caller, input));
  }
}
