/** The five characters a message names for itself in MSH-1 and MSH-2 (HL7 2.5.4). None of them is ever assumed. */
export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  /** '' where MSH-2 names none (v2.1). */
  readonly subcomponent: string;
}

/** What an answer uses when the question had no readable MSH. */
export const recommendedDelimiters: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
};

/** Printable ASCII, no letter or digit (they occur in segment names), no blank. */
const allowed = /^[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]$/;

/** `header` is the text of the MSH segment. Undefined where MSH-1 or MSH-2 is missing, ambiguous or not printable ASCII punctuation. */
export function readDelimiters(header: string): Delimiters | undefined {
  const field = header[3] ?? '';
  const end = header.indexOf(field, 4);
  // MSH-2 has 4 characters, 5 with the truncation character of v2.7, fewer in v2.1
  const encoding = header.slice(4, end === -1 ? header.length : end);
  if (encoding.length < 3 || encoding.length > 5) return undefined;
  const all = [field, ...encoding];
  if (new Set(all).size !== all.length || !all.every((character) => allowed.test(character))) return undefined;
  const [component = '', repetition = '', escape = '', subcomponent = ''] = encoding;
  return { field, component, repetition, escape, subcomponent };
}
