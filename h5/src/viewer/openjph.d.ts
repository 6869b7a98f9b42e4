declare module '@cornerstonejs/codec-openjph' {
  import type { OpenJphModule } from '@yingyun/shared/imaging/decode-htj2k';

  /** The emscripten factory; the package has no types of its own. */
  export default function createOpenJph(options: {
    locateFile(name: string): string;
    print(text: string): void;
    printErr(text: string): void;
  }): Promise<OpenJphModule>;
}

declare module '@cornerstonejs/codec-openjph/wasm?url' {
  const url: string;
  export default url;
}
