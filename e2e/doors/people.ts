import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Page } from 'playwright/test';
import { expect, signIn } from '../fixtures/test.ts';

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
  bankId: string;
  /** Texts that are the owner's alone, and may be in nobody else's answer. */
  marks: string[];
};

/** An owner who came through the browser, with a bank linked and data stored; and others with sessions of their own. */
export async function populate(page: Page, email: string): Promise<World> {
  await signIn(page, email, '/connect/ob-monzo');
  await page.getByRole('button', { name: 'Allow and go to Monzo' }).click();
  await page.getByLabel(/user ?name/i).fill('john');
  await page.getByLabel(/password/i).fill('doe');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Share these accounts' }).click();
  await expect(page.getByText(/[\d,]+ transactions$/)).toBeVisible({ timeout: 30_000 });

  return withDatabase(async (db) => {
    const ids = `select c.user_id as "userId", c.id as "connectionId", c.bank_id as "bankId", a.id as "accountId",
        a.truelayer_id as "truelayerId", t.id as "transactionId",
        (select id from attempts where user_id = c.user_id order by created_at desc limit 1) as "attemptId",
        (select id from consent_receipts where user_id = c.user_id order by agreed_at limit 1) as "receiptId"
      from users u join connections c on c.user_id = u.id join accounts a on a.connection_id = c.id
      join transactions t on t.account_id = a.id where u.email = $1 order by a.position, t.id limit 1`;
    const [row] = (await db.query<Omit<World, 'cookies' | 'marks'> & { truelayerId: string }>(ids, [email])).rows;
    if (row === undefined) throw new Error('the owner has no account');
    const owner = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const cookies = { nobody: '', owner, stranger: await aSession(db, 'user'), admin: await aSession(db, 'admin') };
    return { ...row, cookies, marks: [email, row.accountId, row.transactionId, row.truelayerId] };
  });
}

/** The owner's rows that only the owner may change; what a sync changes by itself is left out. */
export function snapshot({ userId }: World): Promise<unknown> {
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
      await of('select * from merchant_rules where user_id = $1 order by id'),
      await of('select * from support_grants where user_id = $1 order by id'),
      await of('select count(*) from sessions where user_id = $1'),
    ];
  });
}

/** Whom the stack under test lists as its admins besides the one whom another story signs in as: one for each test. */
const ADMINS = ['admin-at-the-doors@example.com', 'admin-at-the-forms@example.com'];

async function aSession(db: pg.Client, role: 'user' | 'admin'): Promise<string> {
  const token = randomUUID();
  const insert = `with person as (
      insert into users (id, email, role, created_at) values (gen_random_uuid(), $1, $2::role, now())
      on conflict do nothing returning id)
    insert into sessions (id, token_hash, user_id, expires_at, created_at)
    select gen_random_uuid(), $3, id, now() + interval '1 hour', now() from person`;
  for (const email of role === 'admin' ? ADMINS : [`${token}@example.com`]) {
    const { rowCount } = await db.query(insert, [email, role, createHash('sha256').update(token).digest()]);
    if (rowCount === 1) return `next-auth.session-token=${token}`;
  }
  throw new Error('more tests than admins');
}

async function withDatabase<T>(work: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await db.connect();
  try {
    return await work(db);
  } finally {
    await db.end();
  }
}
