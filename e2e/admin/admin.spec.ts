import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright/test';
import { signInLinked } from '../fixtures/link.ts';
import { newestMail, signInByMail } from '../fixtures/mail.ts';
import { expect, expectAccessible, test } from '../fixtures/test.ts';

const ADMIN = 'admin@example.com';
const reason = 'They wrote that their bank is stuck.';

async function act(page: Page, title: string, button: string): Promise<void> {
  const actions = page.getByRole('region', { name: 'What can be done' });
  await actions.getByText(title, { exact: true }).first().click();
  await actions.getByLabel('Reason').filter({ visible: true }).fill(reason);
  await actions.getByRole('button', { name: button }).click();
}

/** The same page on a phone: nothing is cut off. */
async function expectFitsPhone(page: Page): Promise<void> {
  const desktop = page.viewportSize() ?? { width: 1280, height: 800 };
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  await page.setViewportSize(desktop);
}

test('an admin finds out why a bank doesn’t update, mends it or reports it, and sees money only by leave @once', async ({
  page,
  browser,
  email,
}) => {
  const own = await browser.newContext();
  const person = await own.newPage();
  await signInLinked(person, email, 'ob-monzo');
  // By mail: the sign-in is what makes a listed address an admin.
  await signInByMail(page, ADMIN, '/admin/connections');

  await test.step('a connection is found by keyboard, and the address bar holds what was asked', async () => {
    await page.waitForLoadState();
    // Text typed while the page is still streaming in may be lost with its place in the loading state.
    await expect(async () => {
      await page.getByLabel('Search').focus();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type(email);
      await expect(page.getByLabel('Search')).toHaveValue(email, { timeout: 5000 });
    }).toPass({ timeout: 60_000 });
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/[?&]q=person-/);
    await expect(page.getByRole('row')).toHaveCount(2);
    await expectAccessible(page);
    await expectFitsPhone(page);
    await page.getByRole('link', { name: email }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: email })).toBeVisible();
  });

  await test.step('the page says in words how it is, and gives what TrueLayer’s support asks for', async () => {
    await expect(page.getByText(/It updates/)).toBeVisible();
    await expectAccessible(page);
    await expectFitsPhone(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Support bundle' }).click(),
    ]);
    const bundle = await readFile(await download.path(), 'utf8');
    expect(bundle).toMatch(/credentials_id: +\S{20,}/);
    expect(bundle).toMatch(/X-TL-Correlation-Id [0-9a-f-]{36}/);
    expect(bundle).not.toContain(email);
  });

  await test.step('a consent is read anew, for a reason', async () => {
    await act(page, 'Re-read the consent', 'Re-read the consent');
    await expect(page.getByText('TrueLayer is being asked.')).toBeVisible();
  });

  const connection = new URL(page.url()).pathname;
  await test.step('transactions are seen by a leave that the person is told of and ends', async () => {
    await page.getByRole('link', { name: 'Transactions, by leave' }).click();
    await expect(page.getByText('You can’t see this person’s transactions.')).toBeVisible();
    await page.getByLabel('Reason').fill(reason);
    await page.getByRole('button', { name: 'Take leave and tell the person' }).click();
    await expect(page.getByText('You see this by a leave of your own')).toBeVisible();
    await expectAccessible(page);
    expect((await newestMail(email, /support team may see/)).text).toContain(reason);

    await person.goto(connection.replace('/admin', ''));
    await expect(person.getByRole('heading', { name: 'Our support team may see your transactions' })).toBeVisible();
    await expect(person.getByText('Looked at your transactions').first()).toBeVisible();
    await expectAccessible(person);
    await person.getByRole('button', { name: 'End it now' }).click();
    await expect(person.getByRole('heading', { name: 'Our support team may see your transactions' })).toBeHidden();
    await page.reload();
    await expect(page.getByText('You can’t see this person’s transactions.')).toBeVisible();
  });

  await test.step('a connection is marked for a new login, and the reason is on record', async () => {
    await page.goto(connection);
    await act(page, 'Mark for a new login', 'Mark for a new login');
    await expect(page.getByText('The team asked the person to log in at the bank again')).toBeVisible();
    await page.goto(`/admin/audit?${new URLSearchParams({ q: email })}`);
    const entry = page.getByRole('row', { name: /Marked for a new login at the bank/ });
    await expect(entry).toContainText(reason);
    await expect(entry).toContainText(ADMIN);
    await expectAccessible(page);
    await expectFitsPhone(page);
  });

  await test.step('health and funnel tell how everything is', async () => {
    await page.getByRole('link', { name: 'Health' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Health' })).toBeVisible();
    await expect(page.getByRole('row', { name: /connection\.sync/ })).toBeVisible();
    await expectAccessible(page);
    await expectFitsPhone(page);
    await page.getByRole('link', { name: 'Funnel' }).click();
    await expect(page.getByRole('listitem').filter({ hasText: 'Saw their first data' })).toBeVisible();
    await expectAccessible(page);
    await expectFitsPhone(page);
  });

  await test.step('a client that TrueLayer doesn’t know is refused before it is stored', async () => {
    await page.getByRole('link', { name: 'Settings' }).click();
    await expect(page.getByText('/api/webhooks/truelayer')).toBeVisible();
    await expect(page.getByText('Set TRUELAYER_ENV=live.')).toBeVisible();
    await page.getByRole('button', { name: 'Check with TrueLayer' }).click();
    await expect(page.getByText(/^TrueLayer sends people back to .*\/connect\/callback\.$/)).toBeVisible();
    await page.getByLabel('Client id').fill('some-other-client');
    await page.getByLabel('Client secret').fill('some-other-secret');
    await page.getByLabel('Reason').first().fill(reason);
    await page.getByRole('button', { name: 'Check and store' }).click();
    await expect(page.getByText('TrueLayer doesn’t know this pair').first()).toBeVisible();
    await expect(page.getByLabel('Client id')).toHaveValue('some-other-client');
    await expect(page.getByLabel('Client secret')).toHaveValue('');
    await expectAccessible(page);
    await expectFitsPhone(page);
  });

  await test.step('settings that are refused change nothing and keep what was typed', async () => {
    await page.getByLabel('Way to the bank').selectOption('direct');
    await page.getByLabel('Days for which banks’ answers are kept').fill('29');
    await page.getByLabel('Days for which trips').fill('7');
    await page.getByLabel('Reason').last().fill(reason);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Name a number of days from 30 to 3650.').first()).toBeVisible();
    await expect(page.getByLabel('Days for which banks’ answers are kept')).toHaveValue('29');
    await expect(page.getByLabel('Reason').last()).toHaveValue(reason);
    await expectAccessible(page);
  });
  await own.close();
});
