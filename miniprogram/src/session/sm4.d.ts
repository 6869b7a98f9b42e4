/** The deep import: the package's entry asks for `crypto` at once and can't start in a mini-program. Texts are UTF-8, the rest hex. */
declare module 'sm-crypto/src/sm4' {
  interface Options {
    readonly mode: 'cbc';
    readonly iv: string;
  }
  export function encrypt(text: string, key: string, options: Options): string;
  export function decrypt(hex: string, key: string, options: Options): string;
}
