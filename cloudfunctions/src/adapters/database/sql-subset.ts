/**
 * The SQL this product writes (docs/adr/0006-sql-subset.md): an allow-list of words and operators that PostgreSQL, openGauss and
 * KingbaseES read alike. What isn't listed isn't written; listing more needs a look into the manuals of all three.
 */
const allowedWords = new Set(
  [
    'select distinct from where and or not in is null true false as on using',
    'join inner left outer cross group by having order asc desc nulls first last limit offset union all exists between like escape',
    'case when then else end cast with over partition for of',
    'insert into values default update set delete returning',
    'begin commit rollback to savepoint release transaction isolation level read write only committed repeatable serializable',
    'lock table share exclusive mode',
    'truncate create alter add drop column unique index btree constraint primary foreign key references no action restrict cascade if',
    'text bigint integer int boolean bytea timestamp time zone numeric',
    'count sum min max avg coalesce nullif least greatest lower upper length substring abs row_number',
  ].flatMap((line) => line.split(' ')),
);
const allowedOperators = new Set([
  '=',
  '<>',
  '!=',
  '<',
  '>',
  '<=',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '||',
  '::',
  '(',
  ')',
  ',',
  '.',
]);
const beginnings = [
  /^(select|insert into|update|delete from|with) /,
  /^(begin|commit|rollback|savepoint|release savepoint|lock table)( |$)/,
  /^create (table|index|unique index) /,
  /^alter table \S+ (add|drop|alter) /,
  /^drop index /,
  /^truncate /,
];
/** Word sequences that none of the words betrays alone. */
const forbiddenPhrases: readonly (readonly [RegExp, string])[] = [
  [/^with .*\b(insert|update|delete)\b/, 'a common table expression that writes'],
  [/ select distinct on /, 'DISTINCT ON'],
  [/ create (unique )?index if /, 'CREATE INDEX IF NOT EXISTS'],
  [/ (add|drop) column if /, 'COLUMN IF (NOT) EXISTS'],
];
// A string, a quoted name, a parameter, a number, a word, an operator (longest first), or any one character that is none of these.
const tokenPattern =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\d+|\d+(?:\.\d+)?|[\p{L}_][\p{L}\p{N}_]*|::|->>?|#>>?|<>|!=|<=|>=|\|\||@>|<@|&&|!?~\*?|--|\/\*|\S/gu;

/** What a statement uses beyond the subset, in words; empty: nothing. Unquoted names count as unknown words: quote them. */
export function subsetViolations(sql: string): string[] {
  const violations = new Set<string>();
  const tokens = (sql.match(tokenPattern) ?? []).filter((token, at, all) => !(token === ';' && at === all.length - 1));
  for (const token of tokens) {
    if (/^['"$\d]/.test(token) || /^sp\d+$/.test(token)) continue; // sp1, sp2 …: Drizzle's savepoints
    if (/^[\p{L}_]/u.test(token)) {
      if (!allowedWords.has(token.toLowerCase())) violations.add(`the word ${token}`);
    } else if (!allowedOperators.has(token)) violations.add(`the operator ${token}`);
  }
  const flat = tokens
    .map((token) => (token.startsWith("'") ? "''" : token.startsWith('"') ? '""' : token.toLowerCase()))
    .join(' ');
  if (!beginnings.some((beginning) => beginning.test(flat)))
    violations.add(`a statement that begins with ${tokens[0] ?? 'nothing'}`);
  for (const [phrase, name] of forbiddenPhrases) if (phrase.test(` ${flat}`) || phrase.test(flat)) violations.add(name);
  return [...violations];
}
