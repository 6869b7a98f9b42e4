import type { CodeSent, PatientSignedIn } from '@yingyun/shared/contract/patient-routes';
import { eq } from 'drizzle-orm';
import type { OutboxEvent } from '../ports/outbox';
import { outbox } from '../ports/schema';
import type { OutgoingTextMessage } from '../ports/text-message';
import { requireCompiled } from './compiled';
import type { TestApp } from './test-app';

/** Runs what waits in the outbox of text messages, as the runner would, and gives the messages that went out by it. */
export async function deliverTextMessages(app: TestApp): Promise<readonly OutgoingTextMessage[]> {
  const before = app.sentMessages.length;
  const due = await app.ports.database.select().from(outbox).where(eq(outbox.kind, 'text-message-due'));
  for (const row of due) {
    const event = { ...JSON.parse(row.payload), kind: 'text-message-due' } as OutboxEvent; // the outbox wrote it
    const done = await app.server.dispatch(event);
    if (done.outcome !== 'retry') await app.ports.database.delete(outbox).where(eq(outbox.id, row.id));
  }
  return app.sentMessages.slice(before);
}

/** Asks for a code and reads it off the phone. */
export async function codeFor(app: TestApp, phone: string): Promise<string> {
  const sent = await app.ask('/api/patient/codes', { json: { phone } });
  if (sent.status !== 200) throw new Error(`no code: ${sent.body.toString()}`);
  sent.json<CodeSent>();
  const [message] = (await deliverTextMessages(app)).filter((one) => one.phone === phone);
  if (message === undefined) throw new Error('no message came');
  return message.params.code;
}

/** A person signed in over HTTP; the first time this registers them. */
export async function signInPerson(app: TestApp, phone: string): Promise<PatientSignedIn> {
  const code = await codeFor(app, phone);
  const answer = await app.ask('/api/patient/sign-in', { json: { phone, code } });
  if (answer.status !== 200) throw new Error(`sign-in failed: ${answer.body.toString()}`);
  return answer.json<PatientSignedIn>();
}

export interface StatedRecord {
  readonly hospitalId: string;
  readonly patientId: string;
  readonly name: string;
  readonly idNumber: string;
  readonly phone: string;
  readonly statedAt?: Date;
}

/** Files a hospital's record of a patient, as the HL7 stage does. */
export async function statePatient(app: TestApp, stated: StatedRecord): Promise<void> {
  const { fileRecord }: typeof import('../adapters/database/patient-records') = requireCompiled()(
    'adapters/database/patient-records',
  );
  const statedAt = stated.statedAt ?? app.ports.clock.now();
  await app.ports.database.transaction((transaction) =>
    fileRecord(app.ports, transaction, stated.hospitalId, { sex: 'M', statedSequence: 0, ...stated, statedAt }),
  );
}
