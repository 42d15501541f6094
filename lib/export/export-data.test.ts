import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSupportGrant } from '#lib/admin/grants/open-grant';
import { recordAudit } from '#lib/audit/record';
import { getAccessToken } from '#lib/connections/tokens';
import { actingAs, type Context, inTransaction } from '#lib/context/context';
import { seal } from '#lib/crypto/seal';
import { enrichAccount } from '#lib/enrich/enrich-account';
import { firstAttendedPass } from '#lib/sync/first-attended-pass';
import { addAccount } from '#lib/testing/add-account';
import { addUser, linkPerson } from '#lib/testing/link-person';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';
import { presenceOf } from '#lib/testing/presence-of';
import { storeRows } from '#lib/testing/store-rows';
import { syncFully } from '#lib/testing/sync-fully';
import { useStandIn as aStandIn, SHORT_HISTORY } from '#lib/testing/use-stand-in';
import { exportData } from './export-data.ts';
import type { ExportedTable } from './exported-table.ts';
import { NOT_EXPORTED, PERSON, PERSON_TABLES } from './person-tables.ts';
import { toCamelCase } from './write-table.ts';

const standIn = aStandIn(SHORT_HISTORY);

let own: OwnDatabase;
let system: Context;
beforeAll(async () => {
  own = await ownDatabase();
});
afterAll(() => own.drop());

const flatten = (tables: readonly ExportedTable[]): ExportedTable[] =>
  tables.flatMap((table) => [table, ...flatten(table.children ?? [])]);
const EXPORTED = flatten([PERSON, ...PERSON_TABLES]);

/** Tables that lead to a user by foreign keys, or that have a column which names one of a user's ids or their address. */
async function tablesAboutPeople(): Promise<string[]> {
  const { rows } = await own.query<{ name: string }>(`
    with recursive children as (
      select 'users'::regclass::oid as id
      union
      select k.conrelid from pg_constraint k join children c on c.id = k.confrelid where k.contype = 'f'
    )
    select c.relname as name from children join pg_class c on c.oid = children.id
    union
    select table_name from information_schema.columns
    where table_schema = 'public' and column_name in
      ('user_id', 'person_id', 'actor_id', 'admin_id', 'connection_id', 'account_id', 'attempt_id', 'transaction_id', 'email', 'key_hash')
    order by 1`);
  return rows.map(({ name }) => name);
}

async function columnsOf(table: string): Promise<string[]> {
  const { rows } = await own.query<{ name: string }>(
    "select column_name as name from information_schema.columns where table_schema = 'public' and table_name = $1 order by 1",
    [table],
  );
  return rows.map(({ name }) => name);
}

const undecided = async () =>
  (await tablesAboutPeople()).filter(
    (name) => NOT_EXPORTED[name] === undefined && !EXPORTED.some(({ table }) => table === name),
  );

test('every table that leads to a person is exported, or left out for a written reason', async () => {
  expect(await undecided()).toEqual([]);
  await own.query('create table diaries (id uuid primary key, user_id uuid references users (id))');
  await own.query('create table diary_pages (diary uuid references diaries (id), text text)');
  expect(await undecided()).toEqual(['diaries', 'diary_pages']);
  await own.query('drop table diary_pages, diaries');
  expect(Object.keys(NOT_EXPORTED).filter((name) => EXPORTED.some(({ table }) => table === name))).toEqual([]);
});

test('every column of an exported table is in the document, or left out for a written reason', async () => {
  for (const { table, columns, sealed = {}, omitted = {} } of EXPORTED) {
    const decided = [...columns.split(' '), ...Object.keys(sealed), ...Object.keys(omitted)];
    expect(decided.sort(), table).toEqual(await columnsOf(table));
  }
});

test('no secret is exported: what is sealed is opened only where it is the person’s, and hashes never are', () => {
  const opened = EXPORTED.flatMap(({ table, sealed = {} }) =>
    Object.keys(sealed).map((column) => `${table}.${column}`),
  );
  expect(opened.sort()).toEqual([
    'accounts.number_sealed',
    'bank_answers.body_sealed',
    'holder_details.details_sealed',
    'set_aside_rows.row_sealed',
  ]);
  const plain = EXPORTED.flatMap(({ table, columns }) => columns.split(' ').map((column) => `${table}.${column}`));
  expect(
    plain.filter((name) => /_sealed$|_hash$|secret|password|(?<!_)token(?!s_at)/.test(name.split('.')[1] ?? '')),
  ).toEqual([]);
});

// biome-ignore format: one row of SQL for each table
const ROWS = (ids: { userId: string; connectionId: string; accountId: string; one: string; two: string; attemptId: string; adminId: string }) => {
  const { userId, connectionId, accountId, one, two, attemptId } = ids;
  return [
    `insert into sign_in_accounts values ('${uuidv7()}', '${userId}', 'oidc', 'subject-${userId}')`,
    `insert into sessions (id, token_hash, user_id, expires_at, created_at, device) values ('${uuidv7()}', sha256('${userId}'), '${userId}', now(), now(), 'Firefox on Linux')`,
    `insert into email_changes (id, user_id, old_email, new_email, created_at, changed_at, expires_at) values ('${uuidv7()}', '${userId}', 'old-${userId}@example.com', '${userId}@example.com', now(), now(), now())`,
    `insert into passkeys (id, user_id, credential_id, public_key, counter, transports, name, created_at) values ('${uuidv7()}', '${userId}', sha256('${userId}'), sha256('key'), 1, '{}', 'My phone', now())`,
    `insert into recovery_codes values ('${uuidv7()}', '${userId}', sha256('${userId}'), now())`,
    `insert into merchant_rules values ('${uuidv7()}', '${userId}', 'corner-shop', 'Corner shop', null, now(), now())`,
    `insert into undo_steps values ('${uuidv7()}', '${userId}', '${accountId}', '{"note": "before"}', now())`,
    `insert into attempts (id, reference, user_id, purpose, flow, permissions, status, outcome_code, state_hash, browser_hash, redirect_uri, device, created_at, expires_at, finished_at)
       values ('${attemptId}', 'LW-${userId}', '${userId}', 'connect', 'direct', '{accounts}', 'failed', 'unknown', sha256('s${userId}'), sha256('b${userId}'), 'https://x.example', 'desktop', now(), now() + interval '1 hour', now())`,
    `insert into consent_receipts (id, user_id, attempt_id, kind, wording_version, wording, purpose_text, permissions, declined, agreed_at)
       values ('${uuidv7()}', '${userId}', '${attemptId}', 'connect', '1', '{"title": "words"}', 'why', '{accounts}', '{cards}', now())`,
    `insert into attempts (id, reference, user_id, connection_id, purpose, flow, permissions, status, outcome_code, state_hash, browser_hash, redirect_uri, device, created_at, expires_at, finished_at)
       select '${uuidv7()}', 'LW-${connectionId}', user_id, '${connectionId}', 'extend', flow, permissions, status, outcome_code, sha256('s${connectionId}'), sha256('b${connectionId}'), redirect_uri, device, created_at, expires_at, finished_at from attempts where id = '${attemptId}'`,
    `insert into consent_receipts (id, user_id, connection_id, kind, wording_version, wording, purpose_text, permissions, declined, agreed_at)
       select '${uuidv7()}', user_id, '${connectionId}', kind, wording_version, wording, purpose_text, permissions, declined, agreed_at from consent_receipts where attempt_id = '${attemptId}'`,
    `insert into transaction_edits (id, account_id, transaction_id, note, snapshot_coding, snapshot_classification, is_detached, created_at, changed_at) values ('${uuidv7()}', '${accountId}', '${one}', 'my note', 'UNKNOWN', '{}', false, now(), now())`,
    `insert into transaction_joins values ('${two}', '${one}', '${accountId}', null, now())`,
    `insert into transfers values ('${one}', '${accountId}', '${two}', 'same_amount', now())`,
    `insert into recurring_payments (id, account_id, series_key, merchant_name, cadence, amount, is_amount_steady, currency, occurrences, first_on, last_on, next_on, reason, found_at)
       values ('${uuidv7()}', '${accountId}', 'gym ${accountId}', 'Gym', 'monthly', -20, true, 'GBP', 3, '2026-01-01', '2026-03-01', '2026-04-01', 'same_amount', now())`,
    `insert into reminders (id, connection_id, kind, days_before, consent_ends_at, state, tries, planned_at, try_after) values ('${uuidv7()}', '${connectionId}', 'ends', 7, now(), 'planned', 0, now(), now())`,
    `insert into pairing_questions (id, connection_id, account_id, candidate_ids, asked_at, reason) values ('${uuidv7()}', '${connectionId}', '${accountId}', '{}', now(), 'ambiguous')`,
    `insert into sync_tasks (id, connection_id, run_id, resource, status, secret_hash, asked_at, expires_at, polls, finished_at) values ('${uuidv7()}', '${connectionId}', '${uuidv7()}', 'accounts', 'expired', sha256('t'), now(), now() + interval '1 hour', 0, now())`,
  ];
};

/** A person with a row in every table that the document has. */
async function aPersonWithEverything() {
  const person = await linkPerson(standIn.url, { bankId: 'ob-monzo' });
  const { userId, connectionId, ctx } = person;
  system = person.system;
  await firstAttendedPass(ctx, { connectionId, presence: presenceOf(userId) });
  await syncFully(system, connectionId);
  const { accountId } = await addAccount(system, { userId, connectionId });
  const { accountId: otherId } = await addAccount(system, { userId, connectionId });
  const window = { from: '2026-03-01', to: '2026-03-20' };
  await storeRows(system, accountId, {
    window,
    rows: [
      ['2026-03-01', -12.3, 'ONE'],
      ['2026-03-02', -4, 'TWO'],
    ],
  });
  await enrichAccount(system, { accountId });
  const [one, two] = await system.db.transaction.findMany({
    where: { accountId },
    select: { id: true },
    orderBy: { bookedOn: 'asc' },
  });
  const admin = actingAs(system, { kind: 'admin', userId: await addUser(system) });
  const attemptId = uuidv7();
  const ids = { userId, connectionId, accountId, one: one?.id ?? '', two: two?.id ?? '', attemptId, adminId: '' };
  for (const sql of ROWS(ids))
    await own.query(sql).catch((error: unknown) => {
      throw new Error(`${sql}: ${error}`);
    });
  await own.query('insert into account_distinctions values ($1, $2, now())', [accountId, otherId]);
  const rejectedId = uuidv7();
  await own.query(
    `insert into set_aside_rows (id, connection_id, endpoint, reason, row_hash, row_sealed, seen_at) values ($1, $2, 'transactions', 'shape', '\\x01', $3, now())`,
    [
      rejectedId,
      connectionId,
      seal({ table: 'set_aside_rows', column: 'row_sealed', rowId: rejectedId }, '{"odd": 1.10}'),
    ],
  );
  await openSupportGrant(admin, { connectionId, hours: 1, reason: 'They say that a payment is missing.' });
  return { ...person, accountId, one: ids.one };
}

async function read(ctx: Context, connectionId: string | null): Promise<{ text: string; pieces: string[] }> {
  const pieces = await Array.fromAsync(await exportData(ctx, { connectionId }));
  return { text: pieces.join(''), pieces };
}

type Node = Record<string, unknown>;

/** Names of the arrays that are empty wherever they are. */
function emptyArrays(node: Node, specs: readonly ExportedTable[]): string[] {
  return specs.flatMap(({ name, children = [] }) => {
    const rows = node[name] as Node[];
    if (!Array.isArray(rows) || rows.length === 0) return [name];
    const empty = rows.map((row) => emptyArrays(row, children));
    return (empty[0] ?? []).filter((one) => empty.every((names) => names.includes(one)));
  });
}

test('has rows of every table, amounts exact, and what is sealed opened; nobody else’s, and no token', async () => {
  const person = await aPersonWithEverything();
  const other = await aPersonWithEverything();
  const { text } = await read(person.ctx, null);
  const data = JSON.parse(text);
  expect(emptyArrays(data, PERSON_TABLES)).toEqual([]);
  const [connection] = data.connections;
  const account = connection.accounts.find(({ id }: { id: string }) => id === person.accountId);
  expect(account.transactions[0]).toMatchObject({
    id: person.one,
    bookedOn: '2026-03-01',
    amount: '-12.3',
    note: 'my note',
  });
  expect(connection.accounts.some(({ number }: { number: unknown }) => number !== null)).toBe(true);
  expect(connection.holders[0].details).toEqual(expect.anything());
  expect(connection.rejectedRecords[0].row).toBe('{"odd": 1.10}');
  expect(JSON.parse(connection.rawResponses[0].body)).toEqual(expect.anything());
  expect(connection.history).toContainEqual(
    expect.objectContaining({
      action: 'support_grant.opened',
      typedReason: 'They say that a payment is missing.',
      byYou: false,
    }),
  );
  expect(data.receipts[0].wording).toEqual({ title: 'words' });
  for (const id of [other.userId, other.connectionId, other.accountId]) expect(text).not.toContain(id);
  const { accessToken } = await getAccessToken(system, person.connectionId);
  expect(text).not.toContain(accessToken);
  const { text: partial } = await read(person.ctx, person.connectionId);
  expect(JSON.parse(partial).connections).toEqual([{ ...connection, history: expect.any(Array) }]);
  expect(Object.keys(JSON.parse(partial))).toEqual(['exportedAt', 'person', 'connections']);
});

test('another user’s connection can’t be exported, nor anything without a person', async () => {
  const { userId, connectionId } = await addAccount(system);
  const stranger = actingAs(system, { kind: 'user', userId: await addUser(system) });
  await expect(exportData(stranger, { connectionId })).rejects.toMatchObject({ kind: 'not_found' });
  await expect(exportData(system, { connectionId: null })).rejects.toMatchObject({ kind: 'unauthenticated' });
  const owner = actingAs(system, { kind: 'user', userId });
  expect(JSON.parse((await read(owner, connectionId)).text).connections).toHaveLength(1);
});

test('other people who appear in the history are not named, nor where they were', async () => {
  const userId = await addUser(system);
  const adminId = await addUser(system);
  const by = (actor: Context['actor'], callerAddress: string) => ({ ...actingAs(system, actor), callerAddress });
  for (const ctx of [
    by({ kind: 'admin', userId: adminId }, '198.51.100.7'),
    by({ kind: 'user', userId }, '203.0.113.9'),
  ]) {
    await inTransaction(ctx, (tx) =>
      recordAudit(tx, { action: 'test.done', subject: { kind: 'person', id: userId }, personId: userId }),
    );
  }
  const { text } = await read(actingAs(system, { kind: 'user', userId }), null);
  expect(text).not.toContain(adminId);
  expect(text).not.toContain('198.51.100.7');
  expect(text).toContain('203.0.113.0/24');
});

test('10,000 transactions come in order and in small pieces, a page of them at a time', async () => {
  const { userId, connectionId, accountId } = await addAccount(system);
  await own.query(
    `insert into transactions (id, account_id, truelayer_id, booked_on, timestamp_text, position, description, amount, effect, currency, type, category, classification, content_hash, first_seen_at, changed_at)
     select gen_random_uuid(), $1, 't' || n, date '2020-01-01' + n / 5, '', n, 'ROW ' || n, -n, -n, 'GBP', 'DEBIT', 'PURCHASE', '{}', 'h', now(), now()
     from generate_series(1, 10000) n order by random()`,
    [accountId],
  );
  const { text, pieces } = await read(actingAs(system, { kind: 'user', userId }), connectionId);
  const { transactions } = JSON.parse(text).connections[0].accounts[0];
  expect(transactions).toHaveLength(10_000);
  expect(transactions.map((row: { truelayerId: string }) => row.truelayerId)).toEqual(
    Array.from({ length: 10_000 }, (_, index) => `t${index + 1}`),
  );
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(10_000);
});

test('names properties as the rest of the product does', () => {
  expect(toCamelCase('truelayer_transaction_id')).toBe('truelayerTransactionId');
});
