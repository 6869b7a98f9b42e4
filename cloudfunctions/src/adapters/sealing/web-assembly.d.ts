/** The part of WebAssembly that we use: TypeScript declares it with the DOM only, and a server has none. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module);
    readonly exports: object;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  interface Global {
    readonly value: number;
  }
  /** Whether this platform can run the module. */
  function validate(bytes: Uint8Array): boolean;
}
