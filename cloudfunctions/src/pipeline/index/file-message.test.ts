import { beforeEach, expect, it } from 'vitest';
import { identityIndexOf, recordOfIdentity } from '../../adapters/database/patient-records';
import { acceptMessage } from '../../gateway/hl7/accept-message';
import { createGb18030Encoder } from '../../gateway/hl7/gb18030-encoder';
import { isRefusal } from '../../gateway/hl7/refusal';
import type { JournalRecord, MessageAcknowledged } from '../../ports/journal';
import { auditEvent, film, patient, patientLink, patientRecord, person, share } from '../../ports/schema';
import { describeEachDatabase } from '../../testing/for-each-database';
import { messageEntry, oruMessage } from '../../testing/report-fixtures';
import { createReportWorld, type ReportWorld } from '../../testing/report-world';
import { archiveMessage } from '../archive-message';

/** The examples of GB 11643-1999. */
const idNumber = '11010519491231002X';
const otherIdNumber = '440524188001010014';

interface Adt {
  readonly at?: string;
  readonly event?: string;
  readonly name?: string;
  readonly idNumber?: string;
  readonly phone?: string;
  readonly characterSet?: string;
}

const adt = ({ at = '20260301090000', event = 'A08', name = '张^三丰', ...more }: Adt): string =>
  [
    `MSH|^~\\&|HIS|H|YY|H|${at}||ADT^${event}^ADT_A01|${at}|P|2.5.1||||||${more.characterSet ?? 'UNICODE UTF-8'}`,
    `EVN|${event}|${at}`,
    `PID|1||P001^^^H^MR~${more.idNumber ?? idNumber}^^^^NI||${name}||19491231|M|||||${more.phone ?? '13800138000'}`,
    'PV1|1|O\r',
  ].join('\r');
const utf8 = (text: string) => new Uint8Array(Buffer.from(text));

describeEachDatabase('filing who a patient is', (open) => {
  let world: ReportWorld;
  beforeEach(async () => {
    world = await createReportWorld((await open()).database);
  });

  /** As the gateway acknowledges it. */
  async function acknowledge(bytes: Uint8Array): Promise<JournalRecord<MessageAcknowledged>> {
    const accepted = acceptMessage(bytes, 480);
    if (isRefusal(accepted)) throw new Error(accepted.reason);
    const writer = await world.ports.spool.open('h1');
    await writer.write(bytes);
    return writer.commit<MessageAcknowledged>({ ...messageEntry('h1'), ...accepted });
  }
  async function receive(bytes: Uint8Array) {
    const record = await acknowledge(bytes);
    expect(await archiveMessage(world.ports, record)).toEqual({ outcome: 'done' });
    await world.project();
    return record;
  }
  const records = async () =>
    Promise.all(
      (await world.database.select().from(patientRecord)).map(async (row) => {
        const at = (column: string) => ({ tenantId: 'h1', table: 'patient_record', column, rowId: row.id });
        return [
          await world.ports.fields.open(at('name_sealed'), row.nameSealed),
          await world.ports.fields.open(at('id_number_sealed'), row.idNumberSealed),
          await world.ports.fields.open(at('phone_sealed'), row.phoneSealed),
          row.sex,
        ].join(' ');
      }),
    );

  it('makes the hospital’s record from an ADT in either character set, and touches nothing that came by DICOM', async () => {
    await receive(createGb18030Encoder()(adt({ characterSet: 'GB 18030-2000' })));
    expect(await records()).toEqual([`张三丰 ${idNumber} 13800138000 M`]);
    expect(await world.database.select().from(patient)).toEqual([]);
    const index = await identityIndexOf(world.ports, 'h1', { name: '张 三丰', idNumber });
    expect(await recordOfIdentity(world.database, 'h1', index)).toBeDefined();
    for (const other of [
      { name: '张三丰', idNumber: otherIdNumber },
      { name: '张三', idNumber },
    ]) {
      const strange = await identityIndexOf(world.ports, 'h1', other);
      expect(await recordOfIdentity(world.database, 'h1', strange)).toBeUndefined();
    }
  });

  it('takes it from the PID of a report as well, and files the report', async () => {
    const report = Buffer.from(oruMessage({ accession: 'A1' }))
      .toString()
      .replace('PID|1||P001^^^H^MR||测^试甲', `PID|1||P001^^^H^MR||测^试甲||||||||13800138000||||||${idNumber}`);
    await receive(utf8(report));
    expect(await records()).toEqual([`测试甲 ${idNumber} 13800138000 `]);
    expect(await world.reports()).toHaveLength(1);
  });

  it('lets the newest message win by its own time, in whatever order and however often they are filed', async () => {
    const messages = [
      adt({ at: '20260301090000', phone: '13800000001' }),
      adt({ at: '20260301100000', phone: '13800000003', name: '张^三峰' }),
      adt({ at: '20260301093000', phone: '13800000002' }),
    ];
    const filed: JournalRecord<MessageAcknowledged>[] = [];
    for (const message of messages) filed.push(await receive(utf8(message)));
    const final = [`张三峰 ${idNumber} 13800000003 M`];
    expect(await records()).toEqual(final);
    for (const record of [...filed, ...filed.reverse()]) {
      expect(await archiveMessage(world.ports, record)).toEqual({ outcome: 'done' });
    }
    expect(await records()).toEqual(final);
  });

  it('lets the later of two messages of one second win', async () => {
    const first = await receive(utf8(adt({ phone: '13800000001' })));
    await receive(utf8(adt({ phone: '13800000002' })));
    await archiveMessage(world.ports, first);
    expect(await records()).toEqual([`张三丰 ${idNumber} 13800000002 M`]);
  });

  it('keeps what a newer message doesn’t state, and a Han name against one in letters', async () => {
    await receive(utf8(adt({})));
    await receive(utf8(adt({ at: '20260301100000', name: 'Zhang^Sanfeng', idNumber: '', phone: '010-65551234' })));
    expect(await records()).toEqual([`张三丰 ${idNumber} 13800138000 M`]);
  });

  it('isn’t frozen by a sender whose clock runs years ahead', async () => {
    await receive(utf8(adt({ at: '20990101000000', phone: '13800000001' })));
    const record = await acknowledge(utf8(adt({ at: '20260301120500', phone: '13800000002' })));
    const later = { ...record, entry: { ...record.entry, receivedAt: '2026-03-01T04:06:00.000Z' } };
    expect(await archiveMessage(world.ports, later)).toEqual({ outcome: 'done' });
    expect(await records()).toEqual([`张三丰 ${idNumber} 13800000002 M`]);
  });

  it('ends what persons shared of a record whose identity is corrected, and only that', async () => {
    const { database, ports } = world;
    const now = ports.clock.now();
    await receive(utf8(adt({})));
    await world.arrive({ id: 's1', patientId: 'P001' });
    const [theFilm] = await database.update(film).set({ state: 'published' }).returning();
    await database.insert(person).values({ id: 'me', phoneIndex: 'x', phoneSealed: new Uint8Array(1), createdAt: now });
    const identityIndex = await identityIndexOf(ports, 'h1', { name: '张三丰', idNumber });
    await database
      .insert(patientLink)
      .values({ id: 'link', hospitalId: 'h1', personId: 'me', identityIndex, assurance: '', createdAt: now });
    for (const [id, createdByKind] of [
      ['mine', 'person'],
      ['of-staff', 'staff'],
    ] as const) {
      await database.insert(share).values({
        id,
        hospitalId: 'h1',
        filmId: theFilm?.id ?? '',
        tokenIndex: id,
        passcodeVerifier: '',
        purpose: 'family',
        maxViews: 9,
        expiresAt: new Date(now.getTime() + 86_400_000),
        createdByKind,
        createdById: 'me',
        createdAt: now,
      });
    }
    const open = async () =>
      (await database.select().from(share))
        .filter((row) => row.revokedAt === null)
        .map((row) => row.id)
        .sort();
    await receive(utf8(adt({ at: '20260301100000', phone: '13800000002' })));
    expect(await open()).toEqual(['mine', 'of-staff']);
    await receive(utf8(adt({ at: '20260301110000', idNumber: otherIdNumber })));
    expect(await open()).toEqual(['of-staff']);
  });

  it('keeps nothing of it in clear, and says in the trail that an identity changed without saying whose', async () => {
    await receive(utf8(adt({})));
    await receive(utf8(adt({ at: '20260301100000', idNumber: otherIdNumber })));
    const rows = [
      ...(await world.database.select().from(patientRecord)),
      ...(await world.database.select().from(auditEvent)),
    ];
    const text = JSON.stringify(rows, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    for (const secret of [idNumber, otherIdNumber, '13800138000', '三丰', 'P001']) expect(text).not.toContain(secret);
    expect(world.audited.map((act) => act.action)).toEqual(['patient-identity-changed']);
    expect(JSON.stringify(world.log.lines)).not.toContain('三丰');
  });
});

it('acknowledges the ADT events that say who somebody is, and no others', () => {
  const answer = (event: string) => {
    const accepted = acceptMessage(utf8(adt({ event })), 480);
    return isRefusal(accepted) ? `${accepted.acknowledgementCode} ${accepted.errorCode}` : accepted.messageType;
  };
  for (const event of ['A01', 'A04', 'A08', 'A28', 'A31']) expect(answer(event)).toBe(`ADT^${event}`);
  for (const event of ['A03', 'A11', 'A40', 'R01', '']) expect(answer(event)).toBe('AR 201');
});
