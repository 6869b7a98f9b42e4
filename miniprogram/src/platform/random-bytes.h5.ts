/** Bytes from the browser's generator. */
export async function randomBytes(count: number): Promise<number[]> {
  return Array.from(crypto.getRandomValues(new Uint8Array(count)));
}
