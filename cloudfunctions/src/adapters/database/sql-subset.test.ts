import { describe, expect, it } from 'vitest';
import { subsetViolations } from './sql-subset';

const inside = [
  `select "id", count(*) from "film" where "hospital_id" = $1 and ("sort_at", "id") < ($2, $3) group by "id" order by "sort_at" desc nulls last limit $4`,
  `select "a"."id" from "study" "a" left join "film" on "film"."study_id" = "a"."id" where "a"."id" in ($1, $2) for update`,
  `insert into "film" ("id", "state", "views") values ($1, 'it''s; -- not a comment', default), ($2, $3, default) returning "id"`,
  `update "outbox" set "state" = case when "attempts" >= $1 then 'dead' else 'waiting' end where "id" in (select "id" from "outbox" limit 3)`,
  `delete from "outbox" where "run_again" = false returning "id"`,
  `begin isolation level read committed`,
  `savepoint sp1`,
  `rollback to savepoint sp1`,
  `with "newest" as (select max("version") as "v" from "report") select "v" from "newest"`,
  `TRUNCATE "film", "study"`,
  `CREATE UNIQUE INDEX "film_of_study" ON "film" USING btree ("study_id")`,
  `ALTER TABLE "film" ADD CONSTRAINT "x" FOREIGN KEY ("study_id") REFERENCES "public"."study"("id") ON DELETE no action ON UPDATE no action;`,
];

const outside: readonly (readonly [string, string])[] = [
  [`insert into "t" ("id") values ($1) on conflict ("id") do nothing`, 'the word conflict'],
  [`insert into "t" ("id") values ($1) on duplicate key update "id" = $1`, 'the word duplicate'],
  [`select "id" from "t" for update skip locked`, 'the word skip'],
  [`select * from "t" left join lateral (select 1) "x" on true`, 'the word lateral'],
  [`select "id" from "t" where "id" = any($1)`, 'the word any'],
  [`select array[1, 2]`, 'the operator ['],
  [`select "j"->>'a' from "t"`, 'the operator ->>'],
  [`select "j" @> $1 from "t"`, 'the operator @>'],
  [`select "a" from "t" where "a" ilike $1`, 'the word ilike'],
  [`select "a" from "t" where "a" ~ $1`, 'the operator ~'],
  [`select count(*) filter (where "a") from "t"`, 'the word filter'],
  [`select now()`, 'the word now'],
  [`merge into "t" using "s" on "t"."id" = "s"."id" when matched then delete`, 'the word merge'],
  [`with "x" as (delete from "t" returning "id") select "id" from "x"`, 'a common table expression that writes'],
  [`with "x" as (select 1) insert into "t" select 1 from "x"`, 'a common table expression that writes'],
  [`select distinct on ("a") "b" from "t"`, 'DISTINCT ON'],
  [`create table "t" ("id" bigint generated always as identity)`, 'the word generated'],
  [`create index if not exists "i" on "t" using btree ("a")`, 'CREATE INDEX IF NOT EXISTS'],
  [`create table "t" ("j" jsonb)`, 'the word jsonb'],
  [`drop table "t"`, 'a statement that begins with drop'],
  [`select 1; drop table "t"`, 'the operator ;'],
  [`select 1 -- comment`, 'the operator --'],
];

describe('the SQL subset', () => {
  it.each(inside)('takes %s', (statement) => {
    expect(subsetViolations(statement)).toEqual([]);
  });

  it.each(outside)('refuses %s', (statement, violation) => {
    expect(subsetViolations(statement)).toContain(violation);
  });
});
