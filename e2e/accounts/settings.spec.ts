import { withDatabase } from '../fixtures/database.ts';
import { signIn } from '../fixtures/session.ts';
import { expect, expectAccessible, type Page, test } from '../fixtures/test.ts';

/** A user with two accounts and a former one that has a purchase in common with the first; set up by rows, no bank is called. */
async function storeAccounts(email: string): Promise<void> {
  await withDatabase(async (db) => {
    const { rows } = await db.query(
      `with bank as (select id, display_name from banks where is_listed order by id limit 1), owner as (select id from users where email = $1)
       insert into connections (id, user_id, bank_id, bank_name, status, status_changed_at, consent_expires_at, authenticated_at,
         connected_at, first_data_at, last_synced_at)
       select gen_random_uuid(), owner.id, bank.id, bank.display_name, 'active', now(), now() + interval '60 days',
         now() - interval '1 day', now() - interval '1 day', now(), now() from bank, owner returning id, user_id`,
      [email],
    );
    const [connection] = rows;
    const add = async (name: string, balance: string, isGone: boolean, purchases: readonly [string, string][]) => {
      const { rows: added } = await db.query(
        `insert into accounts (id, connection_id, user_id, kind, truelayer_id, display_name, currency, number_hint, position,
           current_balance, balance_currency, balance_at, first_seen_at, last_listed_at, gone_at, covered)
         values (gen_random_uuid(), $1, $2, 'account', gen_random_uuid()::text, $3, 'GBP', '4321', 0, $4, 'GBP', now(), now(),
           now(), case when $5 then now() end, datemultirange(daterange('2026-01-01', '2026-04-01'))) returning id`,
        [connection.id, connection.user_id, name, balance, isGone],
      );
      for (const [day, description] of purchases) {
        await db.query(
          `insert into transactions (id, account_id, content_hash, truelayer_id, booked_on, timestamp_text, position,
             description, amount, effect, currency, type, category, classification, first_seen_at, changed_at)
           values (gen_random_uuid(), $1, '', 'x', $2, '', 0, $3, -5, -5, 'GBP', 'DEBIT', 'PURCHASE', '{}',
             now(), now())`,
          [added[0].id, day, description],
        );
      }
    };
    await add('Everyday account', '100.00', false, [
      ['2026-03-01', 'SHARED PURCHASE'],
      ['2026-03-09', 'NEW PURCHASE'],
    ]);
    await add('Rainy day account', '20.00', false, []);
    await add('Account of before', '7.00', true, [
      ['2026-01-01', 'OLD PURCHASE'],
      ['2026-03-01', 'SHARED PURCHASE'],
    ]);
  });
}

async function openSettings(page: Page, name: RegExp): Promise<void> {
  await page.goto('/accounts');
  await page.getByRole('link', { name }).click();
  await page.getByRole('link', { name: 'Account settings' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Account settings' })).toBeVisible();
}

test('a user renames, hides and stops an account, and joins two and separates them again', async ({ page, email }) => {
  await signIn(page, email);
  await storeAccounts(email);

  await test.step('rename, and back to the bank’s name', async () => {
    await openSettings(page, /^Rainy day account/);
    await expectAccessible(page);
    await page.getByLabel('Your name for this account').fill('Holiday fund');
    await page.getByRole('button', { name: 'Save name' }).click();
    await expect(page.getByText('The account has your name for it now')).toBeVisible();
    await expect(page.getByText('Your bank calls it “Rainy day account”.')).toBeVisible();
    await page.getByRole('button', { name: 'Use your bank’s name' }).click();
    await expect(page.getByLabel('Your name for this account')).toHaveValue('Rainy day account');
  });

  await test.step('stop syncing, and resume', async () => {
    await page.getByRole('button', { name: 'Stop syncing' }).click();
    await expect(page.getByText('We no longer ask your bank about this account')).toBeVisible();
    await page.getByRole('link', { name: 'Rainy day account' }).click();
    await page.getByRole('link', { name: 'Resume syncing' }).click();
    await page.getByRole('button', { name: 'Resume syncing' }).click();
    await expect(page.getByText('The account is synced again with the next update')).toBeVisible();
  });

  await test.step('hide, and show hidden accounts', async () => {
    await page.getByRole('button', { name: 'Hide this account' }).click();
    await expect(page.getByText('The account is hidden and not in the totals')).toBeVisible();
    await page.goto('/accounts');
    await expect(page.getByText('1 hidden account, not in the totals.')).toBeVisible();
    await expect(page.getByRole('link', { name: /^Rainy day account/ })).toBeHidden();
    await page.getByRole('link', { name: 'Show hidden accounts' }).click();
    await expect(page.getByRole('link', { name: /^Rainy day account.*Hidden/ })).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('join two accounts: one is shown, with the history of both', async () => {
    await openSettings(page, /^Account of before/);
    const choice = page.getByLabel('The same account as');
    const value = await choice.locator('option', { hasText: 'Everyday account' }).getAttribute('value');
    await choice.selectOption(value);
    await page.getByRole('button', { name: 'Show as one account' }).click();
    await expect(page.getByText('The two are shown as one account')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Everyday account', exact: true }).click();
    for (const [name, count] of [
      [/OLD PURCHASE/i, 1],
      [/SHARED PURCHASE/i, 1],
      [/NEW PURCHASE/i, 1],
    ] as const) {
      await expect(page.getByRole('link', { name })).toHaveCount(count);
    }
  });

  await test.step('separate them again', async () => {
    await page.getByRole('link', { name: 'Account settings' }).click();
    await page.getByRole('button', { name: 'Separate Account of before' }).click();
    await expect(page.getByText('They are two accounts again, each with its own history')).toBeVisible();
    await page.goto('/accounts');
    await page.getByRole('link', { name: /^Account of before/ }).click();
    await expect(page.getByRole('link', { name: /PURCHASE/i })).toHaveCount(2);
  });
});
