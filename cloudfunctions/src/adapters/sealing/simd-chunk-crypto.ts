import { timingSafeEqual } from 'node:crypto';
import { sealedObjectInvalid, tagLength } from './cfe1-format';
import type { ChunkCrypto } from './chunk-crypto';
import { type ChunkRun, cutPlain, cutSealed, type PlacedChunk } from './chunk-run';
import type { ObjectKeys } from './object-keys';

/** What cloudfunctions/wasm/chunk-crypto.ts exports. */
interface ChunkModule {
  readonly memory: WebAssembly.Memory;
  readonly keysAt: WebAssembly.Global;
  readonly lengthsAt: WebAssembly.Global;
  readonly tagsAt: WebAssembly.Global;
  readonly dataAt: WebAssembly.Global;
  readonly overhead: WebAssembly.Global;
  prepare(): void;
  crypt(first: number, count: number, stride: number): void;
  tagSlots(first: number, last: number, stride: number): void;
  digestSlots(stride: number): void;
  forgetKeys(): void;
}

/** As many chunks as the module hashes at once. */
const slotCount = 4;
const pageBytes = 65_536;

/** Four chunks at once in WebAssembly (cloudfunctions/wasm, ADR 0021). `moduleBytes` must have been validated on this platform. */
export function createSimdChunkCrypto(moduleBytes: Uint8Array): ChunkCrypto {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes));
  const wasm = instance.exports as unknown as ChunkModule; // we built it from cloudfunctions/wasm/chunk-crypto.ts
  const keysAt = wasm.keysAt.value;
  const lengthsAt = wasm.lengthsAt.value;
  const tagsAt = wasm.tagsAt.value;
  const dataAt = wasm.dataAt.value;
  const overhead = wasm.overhead.value;
  let memory = new Uint8Array(wasm.memory.buffer);
  let lengths = new DataView(wasm.memory.buffer, lengthsAt, 4 * slotCount);

  function makeRoom(stride: number): void {
    const missing = dataAt + slotCount * stride - memory.length;
    if (missing <= 0) return;
    wasm.memory.grow(Math.ceil(missing / pageBytes));
    memory = new Uint8Array(wasm.memory.buffer);
    lengths = new DataView(wasm.memory.buffer, lengthsAt, 4 * slotCount);
  }

  function withKeys(keys: ObjectKeys, run: ChunkRun, work: (stride: number) => void): void {
    const stride = run.chunkLength + overhead;
    makeRoom(stride);
    memory.set(keys.encryptionKey, keysAt);
    memory.set(keys.macKey, keysAt + 16);
    memory.set(keys.nonceBase, keysAt + 48);
    try {
      wasm.prepare();
      work(stride);
    } finally {
      wasm.forgetKeys();
    }
  }

  /** Puts up to four chunks (without their tags) into the slots; which slot holds the object's last chunk, if any. */
  function load(group: readonly PlacedChunk[], stride: number, lengthOf: (chunk: PlacedChunk) => number): number {
    for (let slot = 0; slot < slotCount; slot++) {
      const chunk = group[slot];
      const length = chunk === undefined ? 0 : lengthOf(chunk);
      if (chunk !== undefined) memory.set(chunk.bytes.subarray(0, length), dataAt + slot * stride);
      lengths.setUint32(4 * slot, length, true);
    }
    const last = group.findIndex((chunk) => chunk.isLast);
    return last < 0 ? slotCount : last;
  }

  function seal(keys: ObjectKeys, run: ChunkRun, plain: Uint8Array, out: Uint8Array, at: number): void {
    let to = at;
    withKeys(keys, run, (stride) => {
      for (const group of inGroups(cutPlain(run, plain))) {
        const first = group[0]?.index ?? 0;
        const last = load(group, stride, (chunk) => chunk.bytes.length);
        wasm.crypt(first, group.length, stride);
        wasm.tagSlots(first, last, stride);
        for (const [slot, { bytes }] of group.entries()) {
          const from = dataAt + slot * stride;
          out.set(memory.subarray(from, from + bytes.length), to);
          out.set(tagOf(slot), to + bytes.length);
          to += bytes.length + tagLength;
        }
      }
    });
  }

  function open(keys: ObjectKeys, run: ChunkRun, sealed: Uint8Array, out: Uint8Array, at: number): void {
    let to = at;
    withKeys(keys, run, (stride) => {
      for (const group of inGroups(cutSealed(run, sealed))) {
        const first = group[0]?.index ?? 0;
        const last = load(group, stride, (chunk) => chunk.bytes.length - tagLength);
        wasm.tagSlots(first, last, stride);
        for (const [slot, { index, bytes }] of group.entries()) {
          if (timingSafeEqual(tagOf(slot), bytes.subarray(bytes.length - tagLength))) continue;
          throw sealedObjectInvalid(`tag of chunk ${index} does not match`);
        }
        wasm.crypt(first, group.length, stride);
        for (const [slot, { bytes }] of group.entries()) {
          const from = dataAt + slot * stride;
          const length = bytes.length - tagLength;
          out.set(memory.subarray(from, from + length), to);
          to += length;
        }
      }
    });
  }

  function digests(pieces: readonly Uint8Array[]): Uint8Array {
    const stride = Math.max(0, ...pieces.map((piece) => piece.length)) + overhead;
    makeRoom(stride);
    const out = Buffer.alloc(pieces.length * tagLength);
    for (let first = 0; first < pieces.length; first += slotCount) {
      const group = pieces.slice(first, first + slotCount);
      for (let slot = 0; slot < slotCount; slot++) {
        const piece = group[slot];
        if (piece !== undefined) memory.set(piece, dataAt + slot * stride);
        lengths.setUint32(4 * slot, piece?.length ?? 0, true);
      }
      wasm.digestSlots(stride);
      out.set(memory.subarray(tagsAt, tagsAt + group.length * tagLength), first * tagLength);
    }
    return out;
  }

  function tagOf(slot: number): Uint8Array {
    return memory.subarray(tagsAt + slot * tagLength, tagsAt + (slot + 1) * tagLength);
  }

  return { kind: 'simd', seal, open, digests };
}

function inGroups(chunks: readonly PlacedChunk[]): readonly (readonly PlacedChunk[])[] {
  return Array.from({ length: Math.ceil(chunks.length / slotCount) }, (_, i) =>
    chunks.slice(i * slotCount, (i + 1) * slotCount),
  );
}
