import { createHmac, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import type { RandomSource } from '../../ports/clock-and-random';
import type { KeyProvider } from '../../ports/sealing';
import { platformTenant, type SecretKind, type SecretVerifier } from '../../service/api-ports';

interface Cost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/**
 * Passwords are chosen by people and get the dearer cost. A passcode is 40 random bits and locks after five failures, so that
 * its cost only has to make a stolen table useless; the pepper does that as well.
 */
const costs: Readonly<Record<SecretKind, Cost>> = {
  'staff-password': { logN: 15, r: 8, p: 1 },
  'share-passcode': { logN: 13, r: 8, p: 1 },
  // lives five minutes and five tries; no cost makes a million codes many, the pepper makes a stolen table useless
  'text-message-code': { logN: 10, r: 8, p: 1 },
};
/** scrypt runs on the same four threads as the spool's syncs: guesses must never hold up an acknowledgement. */
const concurrentStretches = 2;
const form = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([0-9a-f]{32})\$([0-9a-f]{64})$/;

/**
 * `scrypt$log2(N)$r$p$salt$mac` with mac = HMAC-SM3(pepper, scrypt(secret, salt) ‖ row id). The pepper stays with the key
 * provider, so that a copy of the database allows no guessing (GB/T 39786-2021 8.4), and the row id keeps a verifier in its row.
 */
export function createSecretVerifier(ports: {
  readonly keyProvider: KeyProvider;
  readonly random: RandomSource;
}): SecretVerifier {
  const turn = takeTurns(concurrentStretches);
  const macOf = async (kind: SecretKind, rowId: string, cost: Cost, salt: Uint8Array, secret: string) => {
    const pepper = await ports.keyProvider.derive(platformTenant, 'pepper', kind);
    const stretched = await turn(() => stretch(secret.normalize('NFKC'), salt, cost));
    return createHmac('sm3', pepper).update(stretched).update(rowId, 'utf8').digest();
  };
  return {
    async make(kind, rowId, secret) {
      const salt = ports.random.bytes(16);
      const cost = costs[kind];
      const mac = await macOf(kind, rowId, cost, salt, secret);
      return `scrypt$${cost.logN}$${cost.r}$${cost.p}$${Buffer.from(salt).toString('hex')}$${mac.toString('hex')}`;
    },
    async matches(kind, rowId, verifier, secret) {
      const parts = verifier === undefined ? null : form.exec(verifier);
      const cost = parts === null ? costs[kind] : { logN: Number(parts[1]), r: Number(parts[2]), p: Number(parts[3]) };
      const salt = Buffer.from(parts?.[4] ?? '00'.repeat(16), 'hex');
      const mac = await macOf(kind, rowId, cost, salt, secret);
      const isEqual = timingSafeEqual(mac, Buffer.from(parts?.[5] ?? '00'.repeat(32), 'hex'));
      return parts !== null && isEqual;
    },
  };
}

/** At most `places` tasks at once, the others wait in the order they came. */
function takeTurns(places: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let taken = 0;
  return async (task) => {
    if (taken >= places) await new Promise<void>((resolve) => waiting.push(resolve));
    else taken++;
    try {
      return await task();
    } finally {
      // a place that somebody waits for passes on without becoming free in between
      const next = waiting.shift();
      if (next === undefined) taken--;
      else next();
    }
  };
}

function stretch(secret: string, salt: Uint8Array, cost: Cost): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** cost.logN, r: cost.r, p: cost.p, maxmem: 128 * 1024 * 1024 };
  return new Promise((resolve, reject) =>
    scrypt(secret, salt, 32, options, (error, key) => (error === null ? resolve(key) : reject(error))),
  );
}
