import { withDatabase } from '../fixtures/database.ts';
import { signInLinked } from '../fixtures/link.ts';
import { expect, expectAccessible, test } from '../fixtures/test.ts';

test('a note without a transaction is attached, and a purchase that the bank sent twice is joined and separated', async ({
  browser,
  page,
  email,
}) => {
  const { accountIds } = await signInLinked(page, email, 'ob-monzo');
  const [accountId = ''] = accountIds;
  const [shop = ''] = await addPurchases(accountId, ['CORNER SHOP', 'CORNER SHOP AGAIN']);
  await addNote(accountId);

  await test.step('the note is shown with what it may belong to, and attached', async () => {
    await page.goto(`/accounts/${accountId}`);
    const notes = page.getByRole('region', { name: 'Notes that need a transaction' });
    await expect(notes.getByRole('heading', { name: '“Milk for Ann”' })).toBeVisible();
    await expectAccessible(page);
    await notes.getByRole('button', { name: /^Attach to this transaction \(Corner Shop,/i }).click();
    await expect(notes.getByText('Note attached')).toBeVisible();
    await expect(page.getByRole('link', { name: /Corner Shop .*“Milk for Ann”/i })).toBeVisible();
    await notes.getByRole('button', { name: 'Undo' }).click();
    await expect(notes.getByRole('heading', { name: '“Milk for Ann”' })).toBeVisible();
  });

  await test.step('another transaction is searched for, before scripts load', async () => {
    const storageState = await page.context().storageState();
    const context = await browser.newContext({ javaScriptEnabled: false, storageState });
    const plain = await context.newPage();
    await plain.goto(new URL(`/accounts/${accountId}`, page.url()).href);
    await plain.getByRole('link', { name: /^Choose another transaction/ }).click();
    await plain.getByLabel('Search transactions').fill('corner shop again');
    await plain.getByRole('button', { name: 'Search' }).click();
    await plain.getByRole('button', { name: /^Attach to this transaction \(Corner Shop Again,/i }).click();
    await expect(plain.getByText('Every note has its transaction.')).toBeVisible();
    await context.close();
  });

  await test.step('the two are joined into one with the note, and separated', async () => {
    await page.goto(`/accounts/${accountId}/transactions/${shop}`);
    await page.getByRole('link', { name: 'Join with another transaction' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Which one is the same transaction?' })).toBeVisible();
    const likely = page.getByRole('region', { name: 'Most likely' });
    await likely.getByRole('button', { name: /^Join with this one \(Corner Shop Again,/i }).click();
    await expect(page.getByText('Joined: the two are one transaction now')).toBeVisible();
    await expect(page.getByText('Milk for Ann').first()).toBeVisible();
    await expectAccessible(page);
    await page.goto(`/accounts/${accountId}?q=corner`);
    await expect(page.getByRole('link', { name: /Corner Shop/i })).toHaveCount(1);
    await page.goto(`/accounts/${accountId}/transactions/${shop}`);
    await page.getByRole('button', { name: /^Separate \(Corner Shop Again,/i }).click();
    await expect(page.getByText('Separated: they are two transactions again')).toBeVisible();
    await page.goto(`/accounts/${accountId}?q=corner`);
    await expect(page.getByRole('link', { name: /Corner Shop/i })).toHaveCount(2);
  });
});

/** Stores one purchase of £20 today for each text, like another row of the account. Returns their ids. */
function addPurchases(accountId: string, texts: readonly string[]): Promise<string[]> {
  const insert = `
    insert into transactions select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'description', $2::text,
      'merchant_name', null, 'amount', -20, 'effect', -20, 'booked_on', current_date, 'booked_at', null,
      'content_hash', $2::text, 'first_seen_at', now()))).*
    from transactions t where id = (select id from transactions where account_id = $1 order by id limit 1) returning id`;
  return withDatabase(async (db) => {
    const ids: string[] = [];
    for (const text of texts) {
      const { rows } = await db.query<{ id: string }>(insert, [accountId, text]);
      ids.push(...rows.map(({ id }) => id));
    }
    return ids;
  });
}

/** Stores a note on a pending purchase that is gone. */
async function addNote(accountId: string): Promise<void> {
  const insert = `
    insert into transaction_edits (id, account_id, note, snapshot_day, snapshot_effect, snapshot_currency, snapshot_description,
      snapshot_first_seen_at, is_detached, created_at, changed_at)
    values (gen_random_uuid(), $1, 'Milk for Ann', current_date, -20, 'GBP', 'CORNER', now(), true, now(), now())`;
  await withDatabase((db) => db.query(insert, [accountId]));
}
