import createCharls from '@cornerstonejs/codec-charls/wasmjs';
import createOpenJpeg from '@cornerstonejs/codec-openjpeg/wasmjs';
import createOpenJph from '@cornerstonejs/codec-openjph';
import type { PieceDigest } from '../../ports/sealing';

/** What one worker does pixels with, all WebAssembly: each codec is made when first asked for, and made anew after a fault. */
export interface Codecs {
  openJph(): Promise<WasmOpenJph>;
  charls(): Promise<WasmCharls>;
  openJpeg(): Promise<WasmOpenJpeg>;
  /** For `pixelSm3`. */
  startDigest(): PieceDigest;
  /** After a codec threw, its heap can't be trusted any more. */
  forget(): void;
}

export function createCodecs(startDigest: () => PieceDigest): Codecs {
  // The codecs print on every image and fault. A new object each: Emscripten makes the options into the module itself.
  const quiet = (): WasmOptions => ({ print: () => undefined, printErr: () => undefined });
  let openJph: Promise<WasmOpenJph> | undefined;
  let charls: Promise<WasmCharls> | undefined;
  let openJpeg: Promise<WasmOpenJpeg> | undefined;
  return {
    startDigest,
    openJph() {
      openJph ??= createOpenJph(quiet());
      return openJph;
    },
    charls() {
      charls ??= createCharls(quiet());
      return charls;
    },
    openJpeg() {
      openJpeg ??= createOpenJpeg(quiet());
      return openJpeg;
    },
    forget() {
      openJph = undefined;
      charls = undefined;
      openJpeg = undefined;
    },
  };
}
