import { runsOf, type Unit, type WrittenName, writtenNames } from './name-units';

/**
 * The tokens of a name before they are keyed (docs/adr/0014-searchable-sealed-names.md):
 *   h:张 h:三 h:张三      Han characters, and pairs of neighbours
 *   l:zh … l:zhangs     the spelling from each unit on, its first 2 … 6 letters
 *   l:z l:zs l:s        initials from each unit on, 1 … 6
 * Spellings and initials share one form, so that one word of a query is one token whichever it means.
 */
export function tokensOfName(name: string): string[] {
  const tokens = new Set<string>();
  for (const written of writtenNames(name)) {
    const characters = [...written.han];
    characters.forEach((character, at) => {
      tokens.add(`h:${character}`);
      const next = characters[at + 1];
      if (next !== undefined) tokens.add(`h:${character}${next}`);
    });
    for (let from = 0; from < written.units.length; from++) addLetters(tokens, written, from);
  }
  return [...tokens].slice(0, maxTokens);
}

/**
 * The tokens that a name must have all of to match the query ("张三", "zhang san", "zhangs", "zs", "张san"). A name that matches
 * (`nameMatches`) always has them; one that has them need not match. Empty: the query holds nothing to search by.
 */
export function tokensOfQuery(query: string): string[] {
  const tokens = new Set<string>();
  for (const run of runsOf(query)) {
    if (!run.isHan) {
      tokens.add(`l:${run.text.slice(0, maxLetters)}`);
      continue;
    }
    const characters = [...run.text];
    if (characters.length === 1) tokens.add(`h:${run.text}`);
    for (let at = 0; at + 1 < characters.length; at++)
      tokens.add(`h:${characters[at] ?? ''}${characters[at + 1] ?? ''}`);
  }
  return [...tokens];
}

/** Whether the name holds every part of the query: Han runs as they stand, words as a spelling or as initials from some unit on. */
export function nameMatches(name: string, query: string): boolean {
  const runs = runsOf(query);
  const names = writtenNames(name);
  return (
    runs.length > 0 &&
    runs.every((run) =>
      names.some((written) => (run.isHan ? written.han.includes(run.text) : isSpelt(written.units, run.text))),
    )
  );
}

const maxLetters = 6;
/** Readings of neighbours multiply; more combinations than these from one place aren't stored. */
const maxCombinations = 48;
const maxTokens = 600;

function addLetters(tokens: Set<string>, { units }: WrittenName, from: number): void {
  let spellings = [''];
  let initials = [''];
  for (let at = from; at < units.length && at < from + maxLetters; at++) {
    const unit = units[at] ?? [];
    if (unit.length === 0) break; // a character without a known reading can't be spelt across
    initials = combine(initials, [...new Set(unit.map((one) => one.slice(0, 1)))]);
    for (const one of initials) tokens.add(`l:${one}`);
    const open = spellings.filter((one) => one.length < maxLetters);
    spellings = combine(open, unit);
    for (const one of spellings) {
      for (let length = 2; length <= Math.min(one.length, maxLetters); length++)
        tokens.add(`l:${one.slice(0, length)}`);
    }
  }
}

function combine(beginnings: readonly string[], endings: readonly string[]): string[] {
  return [...new Set(beginnings.flatMap((beginning) => endings.map((ending) => beginning + ending)))].slice(
    0,
    maxCombinations,
  );
}

function isSpelt(units: readonly Unit[], word: string): boolean {
  return units.some((_unit, from) => spellsFrom(units, from, word, new Set()) || initialsFrom(units, from, word));
}

/** `tried` keeps a name of many equal readings from being walked again and again. */
function spellsFrom(units: readonly Unit[], at: number, rest: string, tried: Set<string>): boolean {
  const place = `${at} ${rest.length}`;
  if (tried.has(place)) return false;
  tried.add(place);
  return (units[at] ?? []).some(
    (spelling) =>
      spelling.startsWith(rest) ||
      (rest.startsWith(spelling) && spellsFrom(units, at + 1, rest.slice(spelling.length), tried)),
  );
}

function initialsFrom(units: readonly Unit[], from: number, word: string): boolean {
  return [...word].every((letter, at) => (units[from + at] ?? []).some((spelling) => spelling.startsWith(letter)));
}
