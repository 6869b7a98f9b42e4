import { Controller, Get, Inject, Post, Scope, ScopeEnum } from '@midwayjs/core';
import type { Context } from '@midwayjs/koa';
import { routes } from '@yingyun/shared/contract/routes';
import type { ApiPorts } from '../service/api-ports';
import { confirmLink } from '../service/patient/confirm-link';
import { patientAccount } from '../service/patient/patient-account';
import { patientFilm, patientFilms, patientFrames } from '../service/patient/patient-films';
import { patientDocument, patientOverlay } from '../service/patient/patient-objects';
import { createPatientShare, patientShares, revokePatientShare } from '../service/patient/patient-shares';
import { removeLink } from '../service/patient/remove-link';
import { renewPatient, signOutPatient } from '../service/patient/renew-patient';
import { sendSignInCode } from '../service/patient/send-sign-in-code';
import { signInPatient } from '../service/patient/sign-in-patient';
import { startLink } from '../service/patient/start-link';
import { admitted } from './admitted';
import { answer, answerCompressed } from './answer';
import { answerBytes, answerDocument } from './answer-document';
import { streamFrames } from './stream-frames';

/** What a person asks about themselves and their own films. */
@Controller('/')
@Scope(ScopeEnum.Singleton)
export class PatientController {
  @Inject('ports')
  ports!: ApiPorts; // injected by Midway

  @Post(routes.sendSignInCode.path)
  async sendSignInCode(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'sendSignInCode');
    answer(ctx, await sendSignInCode(this.ports, caller, input));
  }

  @Post(routes.signInPatient.path)
  async signInPatient(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'signInPatient');
    answer(ctx, await signInPatient(this.ports, caller, input));
  }

  @Post(routes.renewPatient.path)
  async renewPatient(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'renewPatient');
    answer(ctx, await renewPatient(this.ports, caller, input));
  }

  @Post(routes.signOutPatient.path)
  async signOutPatient(ctx: Context): Promise<void> {
    const { caller } = admitted(ctx, 'signOutPatient');
    answer(ctx, await signOutPatient(this.ports, caller));
  }

  @Get(routes.patientAccount.path)
  async patientAccount(ctx: Context): Promise<void> {
    const { caller } = admitted(ctx, 'patientAccount');
    answer(ctx, await patientAccount(this.ports, caller));
  }

  @Post(routes.startLink.path)
  async startLink(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'startLink');
    answer(ctx, await startLink(this.ports, caller, input));
  }

  @Post(routes.confirmLink.path)
  async confirmLink(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'confirmLink');
    answer(ctx, await confirmLink(this.ports, caller, input));
  }

  @Post(routes.removeLink.path)
  async removeLink(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'removeLink');
    answer(ctx, await removeLink(this.ports, caller, input));
  }

  @Get(routes.patientFilms.path)
  async patientFilms(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'patientFilms');
    answer(ctx, await patientFilms(this.ports, caller, input));
  }

  @Get(routes.patientFilm.path)
  async patientFilm(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'patientFilm');
    await answerCompressed(ctx, await patientFilm(this.ports, caller, input));
  }

  @Get(routes.patientFrames.path)
  async patientFrames(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'patientFrames');
    await streamFrames(ctx, this.ports.log, await patientFrames(this.ports, caller, input));
  }

  @Get(routes.patientDocument.path)
  async patientDocument(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'patientDocument');
    await answerDocument(ctx, await patientDocument(this.ports, caller, input));
  }

  @Get(routes.patientOverlay.path)
  async patientOverlay(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'patientOverlay');
    answerBytes(ctx, await patientOverlay(this.ports, caller, input), 'application/octet-stream');
  }

  @Post(routes.createPatientShare.path)
  async createPatientShare(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'createPatientShare');
    answer(ctx, await createPatientShare(this.ports, caller, input));
  }

  @Get(routes.patientShares.path)
  async patientShares(ctx: Context): Promise<void> {
    const { caller } = admitted(ctx, 'patientShares');
    answer(ctx, await patientShares(this.ports, caller));
  }

  @Post(routes.revokePatientShare.path)
  async revokePatientShare(ctx: Context): Promise<void> {
    const { caller, input } = admitted(ctx, 'revokePatientShare');
    answer(ctx, await revokePatientShare(this.ports, caller, input));
  }
}
