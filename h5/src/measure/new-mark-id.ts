/** Unique in the film, whoever draws: 96 random bits. */
export function newMarkId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
