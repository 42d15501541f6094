import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright/test';
import { withDatabase } from '../fixtures/database.ts';
import { signInLinked } from '../fixtures/link.ts';
import { cookieHeader, createSession } from '../fixtures/session.ts';
import { type ActionRows, addActionRows, type OwnerRows } from './rows.ts';

/** One that the stack under test lists, and no other story signs in as. */
const ADMIN = 'admin-at-the-doors@example.com';

export type Who = 'nobody' | 'stranger' | 'owner' | 'admin';
export const EVERYBODY: readonly Who[] = ['nobody', 'stranger', 'admin', 'owner'];

/** What the table's addresses are made of: all of it is the owner's. */
export type World = OwnerRows &
  ActionRows & {
    cookies: Record<Who, string>;
    /** Texts that are the owner's alone, and may be in nobody else's answer. */
    marks: string[];
  };

/** An owner with a bank linked and data stored, and others with sessions of their own. */
export async function populate(page: Page, email: string): Promise<World> {
  const { connectionId } = await signInLinked(page, email, 'ob-monzo');
  const ids = `select c.user_id as "userId", c.id as "connectionId", c.bank_id as "bankId", a.id as "accountId",
      a.truelayer_id as "truelayerId", t.id as "transactionId",
      (select array_agg(id) from (select id from transactions where account_id = a.id and id > t.id order by id limit 2) x)
        as "otherTransactionIds",
      (select id from attempts where user_id = c.user_id order by created_at desc limit 1) as "attemptId",
      (select id from consent_receipts where user_id = c.user_id order by agreed_at limit 1) as "receiptId"
    from connections c join accounts a on a.connection_id = c.id
    join transactions t on t.account_id = a.id where c.id = $1 order by a.position, t.id limit 1`;
  const { rows } = await withDatabase((db) => db.query<OwnerRows & { truelayerId: string }>(ids, [connectionId]));
  const [row] = rows;
  if (row === undefined) throw new Error('the owner has no account');
  const owner = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const cookies = {
    nobody: '',
    owner,
    stranger: cookieHeader(await createSession(`${randomUUID()}@example.com`)),
    admin: cookieHeader(await createSession(ADMIN)),
  };
  const actionRows = await addActionRows(row, { email, adminEmail: ADMIN });
  return { ...row, ...actionRows, cookies, marks: [email, row.accountId, row.transactionId, row.truelayerId] };
}

/** The owner's rows that only the owner may change; what a sync changes by itself is left out. */
export function snapshot({ userId, grantId }: World): Promise<unknown> {
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
        `select id, reason, expires_at, ended_at from support_grants where user_id = $1 and id = '${grantId}' order by id`,
      ),
      await of('select id, name from passkeys where user_id = $1 order by id'),
      await of('select code_hash from recovery_codes where user_id = $1 order by id'),
      await of(
        'select id, own_name, hidden_at, sync_stopped_at, joined_into_id from accounts where user_id = $1 order by id',
      ),
      await of('select count(*) from sessions where user_id = $1'),
    ];
  });
}
