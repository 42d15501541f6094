import { createHash, createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { withDatabase } from '../fixtures/database.ts';
import { createSession } from '../fixtures/session.ts';

/** What a link stored for the owner. */
export type OwnerRows = {
  userId: string;
  attemptId: string;
  receiptId: string;
  connectionId: string;
  accountId: string;
  transactionId: string;
  /** Of the same account. The second one has a note. */
  otherTransactionIds: readonly [string, string];
  bankId: string;
};

export type ActionRows = Awaited<ReturnType<typeof addActionRows>>;

/** A row for each action that takes an id of its own: with an id of another table a refusal would prove nothing. */
export async function addActionRows(owner: OwnerRows, { email, adminEmail }: { email: string; adminEmail: string }) {
  const { userId, connectionId, accountId, attemptId } = owner;
  const token = await createSession(email);
  const ids = {
    /** Without a transaction. */
    noteId: randomUUID(),
    deletedNoteId: randomUUID(),
    attachedNoteId: randomUUID(),
    /** Another account of the owner, which can be joined with the first. */
    otherAccountId: randomUUID(),
    /** Dismissed: until it is, working it out again removes what no transactions show. */
    recurringId: randomUUID(),
    questionId: randomUUID(),
    undoIds: [randomUUID(), randomUUID()],
    /** Open grants: one for the owner to end, and one for the admin. */
    grantId: randomUUID(),
    adminsGrantId: randomUUID(),
    passkeyId: randomUUID(),
    /** An attempt after which the bank may list a consent without tokens. */
    unknownConsentId: randomUUID(),
    /** Failed for good. */
    jobId: randomUUID(),
  } as const;
  const before = { kind: 'rows', editIds: [], transactionIds: [], editIdsAfter: [], edits: [], joins: [] };
  const sessionId = await withDatabase(async (db) => {
    await db.query(
      `insert into transaction_edits (id, account_id, transaction_id, note, created_at, changed_at)
      values ($1, $4, null, 'of a transaction that is gone', now(), now()),
        ($2, $4, null, 'of another that is gone', now(), now()), ($3, $4, $5, 'of this one', now(), now())`,
      [ids.noteId, ids.deletedNoteId, ids.attachedNoteId, accountId, owner.otherTransactionIds[1]],
    );
    await db.query(
      `insert into accounts (id, connection_id, user_id, kind, truelayer_id, display_name, currency, position, first_seen_at,
        last_listed_at)
      select $1::uuid, connection_id, user_id, kind, $1::text, 'Another', currency, 99, first_seen_at, last_listed_at
      from accounts where id = $2`,
      [ids.otherAccountId, accountId],
    );
    await db.query(
      `insert into recurring_payments (id, account_id, series_key, merchant_name, cadence, amount, is_amount_steady, currency,
        occurrences, first_on, last_on, next_on, reason, found_at, dismissed_at)
      values ($1, $2, 'access control', 'Gym', 'monthly', -20, true, 'GBP', 3, now() - interval '60 days', now(),
        now() + interval '1 month', 'amount', now(), now())`,
      [ids.recurringId, accountId],
    );
    await db.query(
      `insert into pairing_questions (id, connection_id, account_id, candidate_ids, asked_at)
      values ($1, $2, $3, array[$4::uuid], now())`,
      [ids.questionId, connectionId, accountId, ids.otherAccountId],
    );
    for (const undoId of ids.undoIds) {
      await db.query(
        'insert into undo_steps (id, user_id, account_id, before, created_at) values ($1, $2, $3, $4, now())',
        [undoId, userId, accountId, JSON.stringify(before)],
      );
    }
    for (const grantId of [ids.grantId, ids.adminsGrantId]) {
      await db.query(
        `insert into support_grants (id, connection_id, user_id, admin_id, reason, created_at, expires_at)
        select $1, $2, $3, id, 'a question of the owner', now(), now() + interval '1 hour' from users where email = $4`,
        [grantId, connectionId, userId, adminEmail],
      );
    }
    // Two, so that one can be removed and the sessions stay as they are.
    for (const passkeyId of [ids.passkeyId, randomUUID()]) {
      await db.query(
        `insert into passkeys (id, user_id, credential_id, public_key, counter, transports, name, created_at)
        values ($1, $2, $3, $4, 0, '{}', 'Key', now())`,
        [passkeyId, userId, randomBytes(16), randomBytes(77)],
      );
    }
    await db.query('update sessions set second_factor_at = now() where user_id = $1', [userId]);
    await db.query(
      `insert into attempts select (jsonb_populate_record(a, jsonb_build_object('id', $1::text, 'reference', left($1::text, 12),
        'status', 'failed', 'outcome_code', 'exchange_lost', 'connection_id', null, 'purpose', 'connect', 'way', null,
        'state_hash', '\\x' || encode(sha256(convert_to($1::text, 'UTF8')), 'hex'), 'unknown_consent_at', now()))).*
      from attempts a where id = $2`,
      [ids.unknownConsentId, attemptId],
    );
    // Of an account without transactions: running it again changes nothing.
    await db.query(
      `insert into pgboss.job (id, name, data, state, completed_on) values ($1, 'account.enrich', $2, 'failed', now())`,
      [ids.jobId, JSON.stringify({ accountId: ids.otherAccountId })],
    );
    const tokenHash = createHash('sha256').update(token).digest();
    const session = await db.query<{ id: string }>('select id from sessions where token_hash = $1', [tokenHash]);
    return session.rows[0]?.id ?? '';
  });
  return {
    ...ids,
    /** Of another browser of the owner. */
    sessionId,
    unsubscribeToken: unsubscribeToken(userId, userId),
    /** For the owner, with what proves another user's. */
    forgedUnsubscribeToken: unsubscribeToken(userId, randomUUID()),
  };
}

/** As `lib/connections/reminders/unsubscribe.ts` makes it, with the proof of any user. */
function unsubscribeToken(userId: string, provenUserId: string): string {
  const key = hkdfSync('sha256', process.env.SESSION_SECRET ?? '', '', 'linkwell unsubscribe', 32);
  const proof = createHmac('sha256', Buffer.from(key)).update(provenUserId).digest().subarray(0, 16);
  return Buffer.concat([Buffer.from(userId.replaceAll('-', ''), 'hex'), proof]).toString('base64url');
}

/** A value of the database, as text, by which an action's effect is seen. `sql` is a query of one value with the id as `$1`. */
export function readValue({ sql, id }: { sql: string; id: string }): Promise<string | null> {
  return withDatabase(async (db) => {
    const { rows } = await db.query<{ value: string | null }>(`select (${sql})::text as value`, [id]);
    return rows[0]?.value ?? null;
  });
}
