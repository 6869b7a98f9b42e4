import { readFileSync } from 'node:fs';
import path from 'node:path';
import { problemMessages } from '@yingyun/shared/contract/problem-messages';
import { problemCodes } from '@yingyun/shared/domain/problem';
import { expect, it } from 'vitest';

const document = path.resolve(import.meta.dirname, '../../../docs/errors.md');

it('docs/errors.md lists every problem with its status, message and whether a retry is safe', () => {
  const rows = readFileSync(document, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const expected = problemCodes.map((code) => {
    const { status, message, retrySafe } = problemMessages[code];
    return `| \`${code}\` | ${status} | ${message} | ${retrySafe === 'later' ? '稍后可重试' : '否'} |`;
  });
  expect(rows).toEqual(expected);
});

it('every message is Chinese and names no patient, number or engineer’s detail', () => {
  for (const { message } of Object.values(problemMessages))
    expect(message).toMatch(/^[\p{Script=Han}，、。（）A-Z0-9 ]+$/u);
});
