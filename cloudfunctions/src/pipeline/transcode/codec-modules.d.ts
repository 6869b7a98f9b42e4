// The WebAssembly codecs ship no types. Declared here is what we call, and nothing else.

interface WasmFrameInfo {
  width: number;
  height: number;
  bitsPerSample: number;
  componentCount: number;
  isSigned: boolean;
  isUsingColorTransform?: boolean;
}

/** Views into the WebAssembly heap: dead after the next allocation, so copied or consumed at once. */
interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): WasmFrameInfo;
  delete(): void;
}

interface WasmHtj2kDecoder extends WasmDecoder {
  readHeader(): void;
  getNumDecompositions(): number;
  decodeSubResolution(decompositionLevel: number): void;
  calculateSizeAtDecompositionLevel(decompositionLevel: number): { width: number; height: number };
}

interface WasmHtj2kEncoder {
  getDecodedBuffer(info: WasmFrameInfo): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
  setDecompositions(levels: number): void;
  setTLMMarker(on: boolean): void;
  setTilePartDivisionsAtResolutions(on: boolean): void;
  setQuality(isLossless: boolean, step: number): void;
  /** 2 = RPCL */
  setProgressionOrder(order: number): void;
  delete(): void;
}

interface WasmOptions {
  print?: (text: string) => void;
  printErr?: (text: string) => void;
}

interface WasmOpenJph {
  HTJ2KDecoder: new () => WasmHtj2kDecoder;
  HTJ2KEncoder: new () => WasmHtj2kEncoder;
}
interface WasmCharls {
  JpegLSDecoder: new () => WasmDecoder & { getInterleaveMode(): number; getNearLossless(): number };
}
interface WasmOpenJpeg {
  J2KDecoder: new () => WasmDecoder;
}

declare module '@cornerstonejs/codec-openjph' {
  const create: (options?: WasmOptions) => Promise<WasmOpenJph>;
  export = create;
}
declare module '@cornerstonejs/codec-charls/wasmjs' {
  const create: (options?: WasmOptions) => Promise<WasmCharls>;
  export = create;
}
declare module '@cornerstonejs/codec-openjpeg/wasmjs' {
  const create: (options?: WasmOptions) => Promise<WasmOpenJpeg>;
  export = create;
}
declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    decode(buffer: ArrayBuffer, offset: number, length: number, bytesPerSample: number): Uint8Array | Uint16Array;
  }
}
