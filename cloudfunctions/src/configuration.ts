import { App, Configuration, CustomModuleDetector, type ILifeCycle } from '@midwayjs/core';
import * as faas from '@midwayjs/faas';
import * as koa from '@midwayjs/koa';
import { ObjectCreatedFunction } from './function/object-created.function';
import { OutboxFunctions } from './function/outbox.function';
import { SweepFunction } from './function/sweep.function';
import { ExamController } from './http/exam.controller';
import { FilmController } from './http/film.controller';
import { OperationsController } from './http/operations.controller';
import { PatientController } from './http/patient.controller';
import { ShareController } from './http/share.controller';
import { StaffController } from './http/staff.controller';
import { AdmissionMiddleware } from './middleware/admission.middleware';
import { EventScopeMiddleware } from './middleware/event-scope.middleware';
import { RequestScopeMiddleware } from './middleware/request-scope.middleware';
import { StaticFilesMiddleware } from './middleware/static-files.middleware';

/**
 * Every class Midway knows, by name. Its default is to require each file it finds; a list costs one line a class, and nothing
 * is a controller because of where it lies (ADR 0005).
 */
export const midwayClasses = [
  ExamController,
  FilmController,
  OperationsController,
  PatientController,
  ShareController,
  StaffController,
  ObjectCreatedFunction,
  OutboxFunctions,
  SweepFunction,
  AdmissionMiddleware,
  EventScopeMiddleware,
  RequestScopeMiddleware,
  StaticFilesMiddleware,
];

@Configuration({
  imports: [koa, faas],
  detector: new CustomModuleDetector({ modules: midwayClasses }),
})
export class YingyunConfiguration implements ILifeCycle {
  @App('koa')
  koaApp!: koa.Application; // injected by Midway before onReady

  @App('faas')
  faasApp!: faas.Application; // injected by Midway before onReady

  async onReady(): Promise<void> {
    // Outermost first: whatever goes wrong further in, the first one answers.
    this.koaApp.useMiddleware([RequestScopeMiddleware, AdmissionMiddleware, StaticFilesMiddleware]);
    this.faasApp.useEventMiddleware([EventScopeMiddleware]);
  }
}
