import { createCipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';

const moduleFile = path.join(__dirname, '../../../dist/wasm/chunk-crypto.wasm');

interface RawModule {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly keysAt: { readonly value: number };
  readonly dataAt: { readonly value: number };
  prepare(): void;
  forgetKeys(): void;
  applyKeyStream(index: number, first: number, data: number, length: number): void;
}

function startModule() {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(moduleFile)));
  const wasm = instance.exports as unknown as RawModule; // built from cloudfunctions/wasm
  return { wasm, memory: Buffer.from(wasm.memory.buffer), keysAt: wasm.keysAt.value, dataAt: wasm.dataAt.value };
}

/** One block through the bit-sliced cipher: as the counter block of the batch of 128 that it falls into. */
function encrypterOf(key: Uint8Array) {
  const { wasm, memory, keysAt, dataAt } = startModule();
  memory.set(key, keysAt);
  wasm.prepare();
  return (block: Buffer): void => {
    memory.set(block.subarray(0, 8), keysAt + 48);
    const lane = block.readUInt32BE(12) % 128;
    const at = dataAt + 16 * lane;
    memory.fill(0, at, at + 16);
    wasm.applyKeyStream(block.readUInt32BE(8), block.readUInt32BE(12) - lane, dataAt, 2048);
    memory.copy(block, 0, at, at + 16);
  };
}

describe.skipIf(!existsSync(moduleFile))('SM4 in WebAssembly', () => {
  const key = Buffer.from('0123456789abcdeffedcba9876543210', 'hex');

  it('gives the published vector of GB/T 32907-2016 A.1', () => {
    const block = Buffer.from(key);
    encrypterOf(key)(block);
    expect(block.toString('hex')).toBe('681edf34d206965e86b3e94f536e4246');
  });

  const rounds = process.env.YINGYUN_LONG === '1' ? 1_000_000 : 20_000;

  it(`encrypts its own output ${rounds} times as OpenSSL does; a million times gives the vector of GB/T 32907-2016 A.2`, () => {
    const [ours, theirs] = [Buffer.from(key), Buffer.from(key)];
    const encrypt = encrypterOf(key);
    const openssl = createCipheriv('sm4-ecb', key, null).setAutoPadding(false);
    for (let i = 0; i < rounds; i++) {
      encrypt(ours);
      openssl.update(theirs).copy(theirs);
    }
    expect(ours.equals(theirs)).toBe(true);
    if (rounds === 1_000_000) expect(ours.toString('hex')).toBe('595298c7c6fd271f0402f804c33d3f66');
  });

  it('is counter mode as OpenSSL knows it across every carry of the block number', () => {
    const { wasm, memory, keysAt, dataAt } = startModule();
    for (const first of [0, 128, 0xff80, 0x10000, 0xffff80, 0x7fffff80, 0xffffff00]) {
      const bytes = randomBytes(56);
      const iv = Buffer.concat([bytes.subarray(48), randomBytes(8)]);
      iv.writeUInt32BE(first, 12);
      const plain = randomBytes(4096);
      memory.set(bytes, keysAt);
      memory.set(plain, dataAt);
      wasm.prepare();
      wasm.applyKeyStream(iv.readUInt32BE(8), first, dataAt, plain.length);
      const expected = createCipheriv('sm4-ctr', bytes.subarray(0, 16), iv).update(plain);
      expect(memory.subarray(dataAt, dataAt + plain.length).equals(expected)).toBe(true);
    }
  });

  it('leaves nothing of a key in memory when told to forget it', () => {
    const { wasm, memory, keysAt, dataAt } = startModule();
    memory.set(randomBytes(56), keysAt);
    wasm.prepare();
    wasm.applyKeyStream(1, 0, dataAt, 2048);
    expect(memory.subarray(0, dataAt).some((byte) => byte !== 0)).toBe(true);
    wasm.forgetKeys();
    expect(memory.subarray(0, dataAt).every((byte) => byte === 0)).toBe(true);
  });
});
