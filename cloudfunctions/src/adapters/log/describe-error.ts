/** What a log line holds of an error and its causes. */
export type DescribedError = { readonly [key: string]: string | readonly string[] | DescribedError };

const maxDepth = 5;
const maxText = 500;

/**
 * An error in words that hold no row data. Errors of the database quote values: node-postgres in `detail`, `where` and in many messages,
 * Drizzle in its message ("params: …") and `params`. Of these only codes, names of tables and constraints, and the statement's text
 * (its values are parameters) are kept. Stacks lose their first lines, which repeat the message.
 */
export function describeError(error: unknown, depth = 1): DescribedError {
  if (!(error instanceof Error)) return { name: 'not-an-error', type: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const described: Record<string, string | readonly string[] | DescribedError> = { name: error.name };
  if (code !== undefined) described.code = code;
  if (isDrizzleFailure(error)) described.statement = error.query.slice(0, maxText);
  else if (isDatabaseError(error)) Object.assign(described, databaseFields(error, code));
  else described.message = error.message.slice(0, maxText);
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  described.stack = frames.slice(0, 12).map((line) => line.trim());
  if (error.cause !== undefined && depth < maxDepth) described.cause = describeError(error.cause, depth + 1);
  return described;
}

function isDrizzleFailure(error: Error): error is Error & { readonly query: string } {
  return 'query' in error && 'params' in error && typeof error.query === 'string';
}

/** node-postgres' DatabaseError: a SQLSTATE, and the server's severity. */
function isDatabaseError(error: Error): boolean {
  return 'severity' in error && 'code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code);
}

function databaseFields(error: Error, code = ''): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const name of ['schema', 'table', 'column', 'constraint', 'routine'] as const) {
    const value: unknown = Reflect.get(error, name);
    if (typeof value === 'string') fields[name] = value;
  }
  // Classes whose messages speak of connections, locks, resources and names, never of values. 22P02 for one quotes its input.
  if (/^(08|25|3D|40|42|53|55|57|58)/.test(code)) fields.message = error.message.slice(0, maxText);
  return fields;
}
