/** An IPv4 address that arrived on a dual-stack socket ("::ffff:10.0.0.1"), as IPv4; lower case. */
export function plainAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
}
