import type { PatientAccount, PatientLinkItem } from '@yingyun/shared/contract/patient-routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { allHospitals } from '../../adapters/database/hospitals';
import { linksOfPerson, recordsOfIdentities } from '../../adapters/database/patient-links';
import { nameOfRecord, type PatientRecordRow } from '../../adapters/database/patient-records';
import { findPerson } from '../../adapters/database/persons';
import { type ApiPorts, platformTenant } from '../api-ports';
import type { PatientCaller } from '../caller';
import { sexOf } from '../film-manifest';
import { maskedName } from '../masked-name';

/** The person's own account: masked phone, links that hold, hospitals one can bind to. */
export async function patientAccount(
  ports: Pick<ApiPorts, 'database' | 'fields'>,
  caller: PatientCaller,
): Promise<PatientAccount | Problem> {
  const person = await findPerson(ports.database, caller.personId);
  if (person === undefined) return problem('not-found');
  const place = { tenantId: platformTenant, table: 'person', column: 'phone_sealed', rowId: person.id };
  const phone = await ports.fields.open(place, person.phoneSealed);
  const links = await linksOfPerson(ports.database, person.id);
  const records = await recordsOfIdentities(
    ports.database,
    links.map((one) => one.link.identityIndex),
  );
  const items = links.map((one) =>
    linkItem(ports, one, records.get(`${one.link.hospitalId} ${one.link.identityIndex}`)),
  );
  const hospitals = await allHospitals(ports.database);
  return {
    phoneMasked: `${phone.slice(0, 3)}****${phone.slice(-4)}`,
    links: await Promise.all(items),
    hospitals: hospitals.map(({ id, name }) => ({ hospitalId: id, name })),
  };
}

/** A link as its person sees it. Without a name where the hospital's record no longer says what it was made with: it then shows nothing. */
export async function linkItem(
  ports: Pick<ApiPorts, 'fields'>,
  { link, hospitalName }: Awaited<ReturnType<typeof linksOfPerson>>[number],
  record: PatientRecordRow | undefined,
): Promise<PatientLinkItem> {
  return {
    linkId: link.id,
    hospitalId: link.hospitalId,
    hospitalName,
    nameMasked: record === undefined ? '' : maskedName(await nameOfRecord(ports, record)),
    sex: sexOf(record?.sex ?? ''),
    linkedAt: link.createdAt.toISOString(),
  };
}
