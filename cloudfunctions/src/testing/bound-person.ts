import type { LinkStarted, PatientFilmList, PatientLinkItem } from '@yingyun/shared/contract/patient-routes';
import { withCheckCharacter } from '@yingyun/shared/domain/id-number';
import { seedFilm } from './seed-film';
import { deliverTextMessages, signInPerson, statePatient } from './signed-in-person';
import type { TestApp } from './test-app';

/** The region 999900 is nobody's. */
export const idNumberOf = (sequence: number): string =>
  withCheckCharacter(`99990019700101${String(sequence).padStart(3, '0')}`);

export interface BoundPerson {
  readonly token: string;
  readonly link: PatientLinkItem;
  /** Of the one film their record has, at the hospital "north". */
  readonly filmId: string;
  bind(): Promise<PatientLinkItem>;
  films(): Promise<PatientFilmList['films']>;
}

/** The `number`th person, signed in and bound to the record of somebody who has one published film. */
export async function createBoundPerson(app: TestApp, number: number): Promise<BoundPerson> {
  const tail = String(number).padStart(4, '0');
  const token = (await signInPerson(app, `1380000${tail}`)).accessToken;
  const identity = { name: '张三丰', idNumber: idNumberOf(number) };
  const film = await seedFilm(app.ports, {
    hospitalId: 'north',
    patientId: `P${number}`,
    slices: 2,
    reportStatus: 'approved',
  });
  await statePatient(app, { hospitalId: 'north', patientId: `P${number}`, phone: `1370000${tail}`, ...identity });
  const bind = async () => {
    const asked = await app.ask('/api/patient/links/start', { token, json: { hospitalId: 'north', ...identity } });
    const [message] = await deliverTextMessages(app);
    const json = { challengeId: asked.json<LinkStarted>().challengeId, code: message?.params.code };
    const answer = await app.ask('/api/patient/links/confirm', { token, json });
    if (answer.status !== 200) throw new Error(`not bound: ${answer.body.toString()}`);
    return answer.json<PatientLinkItem>();
  };
  const films = async () => (await app.ask('/api/patient/films', { token })).json<PatientFilmList>().films;
  return { token, link: await bind(), filmId: film.filmId, bind, films };
}
