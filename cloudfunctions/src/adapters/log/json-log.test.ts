import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { hospital, journalPosition } from '../../ports/schema';
import { createHandClock } from '../../testing/fakes';
import { describeEachDatabase } from '../../testing/for-each-database';
import { createJsonLog } from './json-log';

function setUp() {
  const lines: string[] = [];
  const log = createJsonLog((line) => lines.push(line), createHandClock('2026-03-01T08:00:00.123Z'));
  const first = () => JSON.parse(lines[0] ?? 'null') as Record<string, unknown>; // what we wrote ourselves
  return { log, lines, first };
}

describe('the JSON log', () => {
  it('writes one object a line', () => {
    const { log, lines } = setUp();
    log.info('started', { port: 7001, tls: true });
    expect(lines).toEqual([
      '{"at":"2026-03-01T08:00:00.123Z","level":"info","event":"started","port":7001,"tls":true}',
    ]);
  });

  it('lets nothing from outside break a line or play with a terminal', () => {
    const { log, lines, first } = setUp();
    const hostile = 'a\r\n{"level":"info"}\u001b[31m\u0085\u2028\u202e\u007f\u0000';
    log.warn('association-refused', { callingAeTitle: hostile });
    expect(lines[0]).toMatch(/^[\x20-\x7e]+$/);
    expect(first()).toMatchObject({ level: 'warn', callingAeTitle: hostile });
  });

  it('lets no field replace when, what and how bad', () => {
    const { log, first } = setUp();
    log.error('real', { at: 'never', level: 'info', event: 'other' });
    expect(first()).toEqual({ at: '2026-03-01T08:00:00.123Z', level: 'error', event: 'real' });
  });

  it('tells of an error, where it came from, and its causes', () => {
    const { log, first } = setUp();
    const cause = new ProblemError(problem('key-unavailable', 'key 7'), { cause: new Error('disk gone') });
    log.error('failed', { attempt: 2 }, new Error('outer', { cause }));
    expect(first()).toMatchObject({
      attempt: 2,
      error: {
        name: 'Error',
        message: 'outer',
        cause: { name: 'ProblemError', message: 'key-unavailable: key 7', cause: { message: 'disk gone' } },
      },
    });
    expect(JSON.stringify(first())).toContain('json-log.test.ts');
  });

  it('takes thrown things that aren’t errors, and causes without end', () => {
    const { log, lines } = setUp();
    log.error('failed', {}, '张三');
    const endless = new Error('round');
    endless.cause = endless;
    log.error('failed', {}, endless);
    expect(lines.join()).not.toContain('张三');
    expect(lines).toHaveLength(2);
  });
});

describeEachDatabase('the JSON log, of a failed statement', (open) => {
  it.each([
    ['a broken constraint', '23505'],
    ['a value of the wrong form', '22P02'],
    ['a value that is too large', '22003'],
    ['a missing table', '42P01'],
  ])('keeps the code of %s and none of the values', async (_name, code) => {
    const { database } = await open();
    const secret = '张三 13800138000';
    const at = new Date();
    const failing = {
      '23505': async () => {
        for (const id of ['1', '2'])
          await database.insert(hospital).values({ id, code: secret, name: secret, createdAt: at });
      },
      '22P02': () =>
        database.execute(sql`select 1 from ${journalPosition} where ${journalPosition.sequence} = ${secret}`),
      '22003': () => database.insert(journalPosition).values({ id: secret, sequence: 13800138000e10 }),
      '42P01': () => database.execute(sql`select 1 from "nowhere" where "x" = ${secret}`),
    }[code];
    const error = await failing?.().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const { log, lines, first } = setUp();
    log.error('failed', {}, error);
    expect(first()).toMatchObject({ error: { name: 'Error', cause: { code } } });
    expect(lines[0]).not.toMatch(/张三|13800138000/);
    expect(JSON.stringify(first().error)).toMatch(/insert into|select/);
  });
});
