/** Time and randomness come in from outside, so that tests can hold them still. */
export interface Clock {
  now(): Date;
}
export interface RandomSource {
  bytes(length: number): Uint8Array;
  uuid(): string;
}
