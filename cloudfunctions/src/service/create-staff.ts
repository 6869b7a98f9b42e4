import { insertStaff } from '../adapters/database/staff';
import type { ApiPorts } from './api-ports';
import { oneTimeCodeSecret, oneTimeCodeUri } from './one-time-code';

/** No 0 O 1 I l: the password is read off a terminal. 32 letters, 5 bits each. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789#';
const passwordLength = 16;

export interface CreatedStaff {
  readonly staffId: string;
  /** Shown once; only its keyed verifier is kept. */
  readonly password: string;
  /** Base32, for an authenticator app. */
  readonly oneTimeCodeSecret: string;
  readonly oneTimeCodeUri: string;
}

/**
 * Creates an account with a random password (80 bits) and a random one-time-code secret. Not reachable over HTTP: it is called
 * by the loader of the demo hospital. Throws where the account exists.
 */
export async function createStaff(
  ports: Pick<ApiPorts, 'database' | 'secrets' | 'fields' | 'random' | 'clock' | 'audit'>,
  input: { readonly hospitalId: string; readonly account: string; readonly displayName: string; readonly role: string },
): Promise<CreatedStaff> {
  const staffId = ports.random.uuid();
  const password = Array.from(ports.random.bytes(passwordLength), (byte) => alphabet[byte & 31]).join('');
  const secret = oneTimeCodeSecret(ports.random.bytes(20));
  const place = { tenantId: input.hospitalId, table: 'staff', column: 'one_time_code_secret_sealed', rowId: staffId };
  const passwordVerifier = await ports.secrets.make('staff-password', staffId, password);
  const oneTimeCodeSecretSealed = await ports.fields.seal(place, secret);
  await ports.database.transaction(async (transaction) => {
    await insertStaff(transaction, {
      id: staffId,
      ...input,
      passwordVerifier,
      oneTimeCodeSecretSealed,
      createdAt: ports.clock.now(),
    });
    await ports.audit.record(transaction, {
      hospitalId: input.hospitalId,
      actor: { kind: 'system', id: 'create-staff' },
      action: 'staff-create',
      object: { kind: 'staff', id: staffId },
      outcome: 'ok',
      requestId: '',
    });
  });
  return {
    staffId,
    password,
    oneTimeCodeSecret: secret,
    oneTimeCodeUri: oneTimeCodeUri(secret, input.account, '影云'),
  };
}
