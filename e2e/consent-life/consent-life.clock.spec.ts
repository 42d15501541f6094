import { readFileSync } from 'node:fs';
import type { Page } from 'playwright/test';
import { signInLinked } from '../fixtures/link.ts';
import { linkIn, newestMail } from '../fixtures/mail.ts';
import { expect, expectAccessible, test } from '../fixtures/test.ts';

const BANK = 'ob-monzo';

async function logIn(page: Page, password = 'doe', name = 'john'): Promise<void> {
  await page.getByLabel(/user ?name/i).fill(name);
  await page.getByLabel(/password/i).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Share these accounts' }).click();
}

const skipTo = async (page: Page, day: number) => {
  await page.getByRole('button', { name: `Day ${day}`, exact: true }).click();
  await expect(page.getByRole('button', { name: `Day ${day}`, exact: true })).toBeDisabled();
};

test('a permission grows old, is reminded of, goes on through the bank, and is seen to', async ({
  page,
  email,
  request,
}) => {
  await signInLinked(page, email, BANK);
  await page.goto('/connections');
  await expect(page.getByText('in 90 days')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Sharing that ends soon' })).toBeHidden();

  await skipTo(page, 76);
  const banner = page.getByRole('region', { name: 'Sharing that ends soon' });
  await expect(banner).toContainText('Sharing with Monzo ends in 14 days');
  await expectAccessible(page);
  const mail = await newestMail(email, /ends in 14 days/);
  const link = linkIn(mail, /\/reconfirm/);

  await skipTo(page, 89);
  await expect(banner).toContainText('ends tomorrow');
  await newestMail(email, /ends tomorrow/);

  await page.goto(link);
  await expect(
    page.getByRole('heading', { level: 1, name: 'Should Linkwell go on seeing your Monzo accounts?' }),
  ).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Yes, keep sharing' }).click();
  await logIn(page);
  await expect(page).toHaveURL(/\/connections\/[^/]+\/reconfirm/);
  await expect(page.getByRole('heading', { level: 1, name: 'You go on sharing Monzo' })).toBeVisible();
  await expect(banner).toBeHidden();
  await expectAccessible(page);

  // The next skip also sends what is due: the all-clear, and then nothing before the new end comes near.
  await skipTo(page, 76);
  await newestMail(email, /^All clear: you go on sharing Monzo$/);

  const { headers } = await newestMail(email, /ends in 14 days/);
  const oneClick = /<([^>]+)>/.exec(headers['list-unsubscribe'] ?? '')?.[1] ?? '';
  // A scanner that follows the link changes nothing.
  await request.get(oneClick);
  await page.goto('/account');
  await expect(page.getByLabel('E-mail me before a permission ends')).toBeChecked();
  const answer = await request.post(oneClick, { form: { 'List-Unsubscribe': 'One-Click' } });
  expect(answer.status()).toBe(200);
  await page.goto('/account');
  await expect(page.getByLabel('E-mail me before a permission ends')).not.toBeChecked();
  await expectAccessible(page);
});

test('ignored to the end it is no error, and is shared again with one press where the bank wants to see nobody', async ({
  page,
  email,
}) => {
  await signInLinked(page, email, BANK, { password: 'eternal' });
  await page.goto('/connections');
  await skipTo(page, 91);
  await page.getByRole('link', { name: 'Details of Monzo' }).click();
  await expect(page.getByText('It ended on the day that you were told')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Sharing that ends soon' })).toContainText('has ended');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Share again' }).first().click();
  await page.getByRole('button', { name: 'Yes, keep sharing' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'You go on sharing Monzo' })).toBeVisible();
  await page.getByRole('link', { name: 'About Monzo' }).click();
  await expect(page.getByText('Sharing goes on')).toBeVisible();
});

test('by keyboard alone a person sees what they agreed to, takes it along, and stops and erases', async ({
  page,
  email,
}) => {
  await signInLinked(page, email, BANK);
  await page.goto('/connections');
  await page.getByRole('link', { name: 'Details of Monzo' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'What you agreed to' })).toBeVisible();
  await expectAccessible(page);
  const pdf = page.waitForEvent('download');
  await page.getByRole('link', { name: /^PDF/ }).first().focus();
  await page.keyboard.press('Enter');
  expect(readFileSync((await (await pdf).path()) ?? '', 'latin1')).toMatch(/^%PDF-1\.7[\s\S]*Monzo[\s\S]*%%EOF\n$/);

  await page.getByRole('link', { name: 'Stop sharing' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('radio', { name: /Save a copy first/ }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const copy = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Save my copy' }).focus();
  await page.keyboard.press('Enter');
  const data = JSON.parse(readFileSync((await (await copy).path()) ?? '', 'utf8'));
  expect(data.connections[0].accounts.length).toBeGreaterThan(0);
  await expectAccessible(page);
  await page.getByRole('checkbox', { name: /I have my copy/ }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByText('You don’t share this any more')).toBeVisible();
  await expect(page.getByText('What the bank had told us was erased')).toBeVisible();
  await expectAccessible(page);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('a person logs in as somebody else by mistake, then shares less than before, and then leaves for good', async ({
    page,
    email,
  }) => {
    await signInLinked(page, email, BANK);
    await page.goto('/connections');
    await page.getByRole('link', { name: 'Details of Monzo' }).click();
    await page.getByRole('link', { name: 'Keep sharing' }).click();
    await page.getByRole('button', { name: 'Yes, keep sharing' }).click();
    await logIn(page, 'doe7', 'john7');
    await expect(page.getByRole('heading', { name: 'Was that another login at Monzo?' })).toBeVisible();
    await page.getByRole('button', { name: /It was another login/ }).click();
    await expect(page.getByText('Said that it was another login')).toBeVisible();

    await page.getByRole('link', { name: 'Change what is shared' }).click();
    await page.getByRole('checkbox', { name: 'Your regular payments' }).uncheck();
    await page.getByRole('button', { name: 'See the difference' }).click();
    await expect(page.getByText('No longer shared')).toBeVisible();
    await page.getByRole('button', { name: 'Allow and go to Monzo' }).click();
    await logIn(page);
    await expect(page.getByText('Not shared: your regular payments')).toBeVisible();

    await page.goto('/account');
    await page.getByRole('link', { name: 'Leave…' }).click();
    await page.getByRole('checkbox', { name: /Yes, erase everything/ }).check();
    await page.getByRole('button', { name: 'Leave and erase everything' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'You have left' })).toBeVisible();
    await page.goto('/accounts');
    await expect(page).toHaveURL(/\/sign-in/);
  });
});
