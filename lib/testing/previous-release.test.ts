import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OwnDatabase, ownDatabase } from './own-database.ts';
import { findIncompatibilities, parseSnapshot, readSchema, type Snapshot } from './previous-release.ts';

// Processes of the release before run on this release's schema: docs/operations.md, "Upgrades".

const snapshot = parseSnapshot(readFileSync('prisma/previous-release.json', 'utf8'));
/** Columns that no longer take null or have another type, and that the release before always writes so. With the reason. */
const REVIEWED = new Set<string>();

let own: OwnDatabase;
let runtime: pg.Client;
beforeAll(async () => {
  own = await ownDatabase();
  runtime = new pg.Client({ connectionString: own.url });
  await runtime.connect();
});
afterAll(async () => {
  await runtime.end();
  await own.drop();
});

test('every statement of the release before is valid, permitted and complete on this schema', async () => {
  expect(await findIncompatibilities(runtime, snapshot, REVIEWED)).toEqual([]);
});

test('the record covers the product’s reads and writes', () => {
  const writing = (table: string, verb: string) =>
    snapshot.statements.filter((each) => new RegExp(`${verb}\\s+(?:"public"\\.)?"?${table}\\b`, 'i').test(each)).length;
  for (const table of [
    'connections',
    'accounts',
    'transactions',
    'truelayer_calls',
    'audit_entries',
    'attempts',
    'users',
  ]) {
    expect(writing(table, 'insert into'), `insert into ${table}`).toBeGreaterThan(0);
    expect(writing(table, 'from'), `select from ${table}`).toBeGreaterThan(0);
  }
  expect(snapshot.statements.length).toBeGreaterThan(500);
});

describe('finds what would break the release before', () => {
  const STATEMENTS = [
    'select amount from old_table where id = $1',
    'insert into old_table (id, amount) values ($1, $2::numeric)',
    'INSERT INTO "public"."old_table" ("id","state") VALUES ($1,CAST($2::text AS "old_state")) RETURNING "public"."old_table"."id"',
    'update old_table set amount = amount + $2 where id = $1',
    'delete from old_table where id = $1',
  ];
  let before: Snapshot;
  beforeAll(async () => {
    await own.query(`set role linkwell_owner; create type old_state as enum ('on', 'off');
      create table old_table (id int not null, amount numeric, state old_state); reset role`);
    before = { release: 'before', statements: STATEMENTS, ...(await readSchema(runtime)) };
  });

  /** What is found after `change`, which is undone. */
  async function foundAfter(change: string, reviewed?: ReadonlySet<string>): Promise<string[]> {
    const owner = new pg.Client({ connectionString: own.ownerUrl });
    await owner.connect();
    try {
      await owner.query(change);
      return await findIncompatibilities(runtime, before, reviewed);
    } finally {
      await owner.query(`drop table if exists old_table, new_table; drop type if exists old_state;
        create type old_state as enum ('on', 'off'); create table old_table (id int not null, amount numeric, state old_state)`);
      await owner.end();
    }
  }

  test.each([
    ['nothing', 'select 1'],
    ['a new table', 'create table new_table (id int not null)'],
    ['a new column that takes null', 'alter table old_table add column note text'],
    ['a new column with a default', "alter table old_table add column note text not null default ''"],
    ['a new identity column', 'alter table old_table add column place int generated always as identity'],
    ['a new enum label', "alter type old_state add value 'unknown'"],
  ])('not after %s', async (_, change) => {
    expect(await foundAfter(change)).toEqual([]);
  });

  test.each([
    ['a dropped column', 'alter table old_table drop column amount', /column "amount" .*does not exist/],
    ['a renamed column', 'alter table old_table rename amount to total', /column "amount" .*does not exist/],
    ['a dropped table', 'drop table old_table', /relation "old_table" does not exist/],
    [
      'a required column without a default',
      'alter table old_table add column note text not null',
      /old_table\.note is required and has no default/,
    ],
    [
      'a column that no longer takes null',
      'alter table old_table alter column amount set not null',
      /old_table\.amount took null/,
    ],
    [
      'another type',
      'alter table old_table alter column amount type bigint',
      /old_table\.amount was numeric and is bigint/,
    ],
    [
      'an enum label that is gone',
      `alter table old_table drop column state; drop type old_state; create type old_state as enum ('on');
       alter table old_table add column state old_state`,
      /old_state has lost off/,
    ],
    [
      'a grant that is gone',
      'revoke delete on old_table from linkwell_runtime',
      /permission denied for table old_table/,
    ],
  ])('after %s', async (_, change, problem) => {
    expect((await foundAfter(change)).join('\n')).toMatch(problem);
  });

  test('and takes a reviewed column as it is', async () => {
    const change = 'alter table old_table alter column amount type bigint';
    expect(await foundAfter(change, new Set(['old_table.amount']))).toEqual([]);
  });
});
