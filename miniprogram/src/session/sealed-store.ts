import { decrypt, encrypt } from 'sm-crypto/src/sm4';

/** Where texts are kept on the device. */
export interface KeptTexts {
  read(key: string): Promise<string | null>;
  write(key: string, text: string): Promise<void>;
  remove(key: string): Promise<void>;
}

export interface SealedStore {
  /** Null where nothing is kept, or what is kept can't be opened. */
  read<T>(name: string): Promise<T | null>;
  write(name: string, value: unknown): Promise<void>;
  remove(name: string): Promise<void>;
}

const keyName = 'yingyun.device-key';

/**
 * Keeps values sealed with SM4-CBC under a random key of this device. The key lies in the same device's storage, because a
 * mini-program has no better place: this keeps names and tokens out of backups, logs and curious eyes that see one entry. It does
 * **not** protect from someone who owns the unlocked phone; that is what the short life and the single use of a refresh token are for.
 */
export function createSealedStore(texts: KeptTexts, randomBytes: (count: number) => Promise<number[]>): SealedStore {
  const deviceKey = async (): Promise<string> => {
    const kept = await texts.read(keyName);
    if (kept !== null && /^[0-9a-f]{32}$/.test(kept)) return kept;
    const fresh = toHex(await randomBytes(16));
    await texts.write(keyName, fresh);
    return fresh;
  };
  return {
    async read<T>(name: string): Promise<T | null> {
      const sealed = await texts.read(name);
      if (sealed === null) return null;
      try {
        const options = { mode: 'cbc', iv: sealed.slice(0, 32) } as const;
        return JSON.parse(decrypt(sealed.slice(32), await deviceKey(), options)) as T; // only `write` wrote it
      } catch {
        return null; // damaged, or sealed under a key that is gone
      }
    },
    async write(name, value) {
      const iv = toHex(await randomBytes(16));
      await texts.write(name, iv + encrypt(JSON.stringify(value), await deviceKey(), { mode: 'cbc', iv }));
    },
    remove: (name) => texts.remove(name),
  };
}

function toHex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
