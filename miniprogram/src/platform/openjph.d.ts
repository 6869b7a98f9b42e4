declare module '@cornerstonejs/codec-openjph' {
  import type { OpenJphModule } from '@yingyun/shared/imaging/decode-htj2k';

  export default function createOpenJph(options: {
    locateFile?(name: string): string;
    instantiateWasm?(imports: object, onInstance: (instance: object) => void): object;
    print(words: string): void;
    printErr(words: string): void;
  }): Promise<OpenJphModule>;
}
