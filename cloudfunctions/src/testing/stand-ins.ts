import { createHash } from 'node:crypto';
export function createFieldCipher(): any {
  const h = (...x: string[]) => createHash('sha256').update(x.join('|')).digest('hex').slice(0, 32);
  return {
    seal: async (p: any, text: string) => new Uint8Array(Buffer.from(JSON.stringify([p, text]))),
    open: async (p: any, s: Uint8Array) => {
      const [q, t] = JSON.parse(Buffer.from(s).toString());
      if (JSON.stringify(q) !== JSON.stringify(p)) throw new Error('moved ' + JSON.stringify(p));
      return t;
    },
    blindIndex: async (t: string, c: string, x: string) => (x === '' ? '' : h(t, c, x.trim().toUpperCase())),
    nameTokens: async (t: string, n: string) => [...n].map((c) => h(t, c)),
    nameQueryTokens: async (t: string, n: string) => [...n].map((c) => h(t, c)),
    nameMatches: (n: string, q: string) => n.includes(q),
  };
}
export function createAuditTrail(): any {
  return { record: async () => {}, firstBreak: async () => undefined };
}
