import { createHash, randomUUID } from 'node:crypto';
import type { Page } from 'playwright/test';
import { withDatabase } from '../fixtures/database.ts';
import { signInLinked } from '../fixtures/link.ts';
import { cookieHeader, createSession } from '../fixtures/session.ts';

/** One that the stack under test lists, and no other story signs in as. */
const ADMIN = 'admin-at-the-doors@example.com';

export type Who = 'nobody' | 'stranger' | 'owner' | 'admin';
export const EVERYBODY: readonly Who[] = ['nobody', 'stranger', 'admin', 'owner'];

/** What the table's addresses are made of: all of it is the owner's. */
export type World = {
  cookies: Record<Who, string>;
  userId: string;
  attemptId: string;
  receiptId: string;
  connectionId: string;
  accountId: string;
  transactionId: string;
  /** Without a transaction. */
  noteId: string;
  bankId: string;
  otherTransactionId: string;
  recurringId: string;
  questionId: string;
  undoIds: readonly [string, string];
  /** Of two open grants: the admin ends the first and the owner the second. */
  grantIds: readonly [string, string];
  /** Of another browser of the owner. */
  sessionId: string;
  /** An attempt after which the bank may list a consent without tokens. */
  unknownConsentId: string;
  /** Failed for good. */
  jobId: string;
  /** Texts that are the owner's alone, and may be in nobody else's answer. */
  marks: string[];
};

/** An owner with a bank linked and data stored, and others with sessions of their own. */
export async function populate(page: Page, email: string): Promise<World> {
  const { connectionId } = await signInLinked(page, email, 'ob-monzo');
  const ids = `select c.user_id as "userId", c.id as "connectionId", c.bank_id as "bankId", a.id as "accountId",
      a.truelayer_id as "truelayerId", t.id as "transactionId",
      (select id from transactions where account_id = a.id and id > t.id order by id limit 1) as "otherTransactionId",
      (select id from attempts where user_id = c.user_id order by created_at desc limit 1) as "attemptId",
      (select id from consent_receipts where user_id = c.user_id order by agreed_at limit 1) as "receiptId"
    from connections c join accounts a on a.connection_id = c.id
    join transactions t on t.account_id = a.id where c.id = $1 order by a.position, t.id limit 1`;
  const { rows } = await withDatabase((db) =>
    db.query<Pick<World, RowName> & { truelayerId: string }>(ids, [connectionId]),
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the owner has no account');
  const noteId = randomUUID();
  const note = `insert into transaction_edits (id, account_id, note, created_at, changed_at)
    values ($1, $2, 'of a transaction that is gone', now(), now())`;
  await withDatabase((db) => db.query(note, [noteId, row.accountId]));
  const owner = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const cookies = {
    nobody: '',
    owner,
    stranger: cookieHeader(await createSession(`${randomUUID()}@example.com`)),
    admin: cookieHeader(await createSession(ADMIN)),
  };
  return {
    ...row,
    noteId,
    cookies,
    ...(await addActionRows(row, email)),
    marks: [email, row.accountId, row.transactionId, row.truelayerId],
  };
}

type RowName =
  | 'userId'
  | 'connectionId'
  | 'bankId'
  | 'accountId'
  | 'transactionId'
  | 'otherTransactionId'
  | 'attemptId'
  | 'receiptId';

/** A row for each action that takes an id of its own: with another id its refusal would prove nothing. */
async function addActionRows({ userId, connectionId, accountId, attemptId }: Pick<World, RowName>, email: string) {
  const [recurringId, questionId] = [randomUUID(), randomUUID()];
  const [jobId, unknownConsentId] = [randomUUID(), randomUUID()];
  const undoIds = [randomUUID(), randomUUID()] as const;
  const grantIds = [randomUUID(), randomUUID()] as const;
  const sessionHash = createHash('sha256')
    .update(await createSession(email))
    .digest();
  const before = JSON.stringify({
    kind: 'rows',
    editIds: [],
    transactionIds: [],
    editIdsAfter: [],
    edits: [],
    joins: [],
  });
  const sessionId = await withDatabase(async (db) => {
    await db.query(
      `insert into recurring_payments (id, account_id, series_key, merchant_name, cadence, amount, is_amount_steady, currency,
        occurrences, first_on, last_on, next_on, reason, found_at)
      values ($1, $2, 'access control', 'Gym', 'monthly', -20, true, 'GBP', 3, now() - interval '60 days', now(), now() + interval '1 month', 'amount', now())`,
      [recurringId, accountId],
    );
    await db.query(
      `insert into pairing_questions (id, connection_id, account_id, candidate_ids, asked_at)
      values ($1, $2, $3, array[$4::uuid], now())`,
      [questionId, connectionId, accountId, randomUUID()],
    );
    for (const undoId of undoIds) {
      const insert =
        'insert into undo_steps (id, user_id, account_id, before, created_at) values ($1, $2, $3, $4, now())';
      await db.query(insert, [undoId, userId, accountId, before]);
    }
    for (const grantId of grantIds) {
      await db.query(
        `insert into support_grants (id, connection_id, user_id, admin_id, reason, created_at, expires_at)
        select $1, $2, $3, id, 'a question of the owner', now(), now() + interval '1 hour' from users where email = $4`,
        [grantId, connectionId, userId, ADMIN],
      );
    }
    await db.query(
      `insert into attempts select (jsonb_populate_record(a, jsonb_build_object('id', $1::text, 'reference', left($1::text, 12),
        'status', 'failed', 'outcome_code', 'exchange_lost', 'connection_id', null, 'purpose', 'connect', 'way', null,
        'state_hash', '\\x' || encode(sha256(convert_to($1::text, 'UTF8')), 'hex'), 'unknown_consent_at', now()))).*
      from attempts a where id = $2`,
      [unknownConsentId, attemptId],
    );
    await db.query(
      `insert into pgboss.job (id, name, data, state, completed_on) values ($1, 'account.enrich', $2, 'failed', now())`,
      [jobId, JSON.stringify({ accountId })],
    );
    const session = await db.query<{ id: string }>('select id from sessions where token_hash = $1', [sessionHash]);
    return session.rows[0]?.id ?? '';
  });
  return { recurringId, questionId, undoIds, grantIds, sessionId, jobId, unknownConsentId };
}

/** One value of the database, as text: what an action's effect is seen by. */
export function readValue({ sql, id }: { sql: string; id: string }): Promise<string | null> {
  return withDatabase(async (db) => {
    const { rows } = await db.query<{ value: string | null }>(`select (${sql})::text as value`, [id]);
    return rows[0]?.value ?? null;
  });
}

/** The owner's rows that only the owner may change; what a sync changes by itself is left out. */
export function snapshot({ userId, grantIds: [adminsGrantId] }: World): Promise<unknown> {
  return withDatabase(async (db) => {
    const of = (what: string) => db.query(what, [userId]).then(({ rows }) => rows);
    return [
      await of('select email, name, role, wants_reminders, leaving_at from users where id = $1'),
      await of('select id, status::text from attempts where user_id = $1 order by id'),
      await of('select id, kind, permissions from consent_receipts where user_id = $1 order by id'),
      await of(
        'select id, ended_at, revoking_since, erases_on_stop, erased_at from connections where user_id = $1 order by id',
      ),
      await of(
        'select e.* from transaction_edits e join accounts a on a.id = e.account_id where a.user_id = $1 order by e.id',
      ),
      await of(
        'select j.* from transaction_joins j join accounts a on a.id = j.account_id where a.user_id = $1 order by hidden_id',
      ),
      await of('select * from merchant_rules where user_id = $1 order by id'),
      await of(
        `select id, reason, expires_at, ended_at from support_grants where user_id = $1 and id <> '${adminsGrantId}' order by id`,
      ),
      await of('select count(*) from sessions where user_id = $1'),
    ];
  });
}
