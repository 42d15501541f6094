import type { Browser } from 'playwright/test';
import { linkIn, newestMail, signInByMail } from '../fixtures/mail.ts';
import { expect, expectAccessible, type Page, test } from '../fixtures/test.ts';

async function askForLink(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Your e-mail address').fill(email);
  await page.getByRole('button', { name: 'E-mail me a link' }).click();
  await expect(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible();
}

/** Opens a mailed link in a browser that did not ask for it, and presses every button that it finds there, as some scanners do. */
async function scan(browser: Browser, link: string): Promise<void> {
  const context = await browser.newContext();
  const scanner = await context.newPage();
  await scanner.goto(link);
  await expect(scanner.getByText('Tell nobody this code')).toBeVisible();
  for (const button of await scanner.getByRole('main').getByRole('button').all()) await button.click();
  await scanner.goto('/accounts');
  await expect(scanner).toHaveURL(/\/sign-in/);
  await context.close();
}

test('a mail scanner that opens the link and presses buttons is not signed in, and the link then signs in once', async ({
  page,
  email,
  browser,
}) => {
  await askForLink(page, email);
  const link = linkIn(await newestMail(email), /\/sign-in\/confirm/);
  for (let visit = 0; visit < 3; visit++) expect((await fetch(link)).status).toBe(200);
  await scan(browser, link);

  await page.goto(link);
  await expect(page.getByText(email)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/accounts$/);
  expect(page.url()).not.toContain('token');

  const other = await browser.newContext();
  const thief = await other.newPage();
  await thief.goto(link);
  await expect(thief.getByText('This link can’t be used any more')).toBeVisible();
  await thief.goto('/accounts');
  await expect(thief).toHaveURL(/\/sign-in/);
  await other.close();

  // Pressed once more by the user, the link leads to where it led.
  await page.goto(link);
  await expect(page).toHaveURL(/\/accounts$/);
});

test('a link opened in another browser shows a code, which signs in where the link was asked for', async ({
  page,
  email,
  browser,
}) => {
  await page.goto('/sign-in?returnTo=%2Fconnections');
  await page.getByLabel('Your e-mail address').fill(email);
  await page.getByRole('button', { name: 'E-mail me a link' }).click();
  const other = await browser.newContext();
  const phone = await other.newPage();
  await phone.goto(linkIn(await newestMail(email), /\/sign-in\/confirm/));
  await expect(phone.getByRole('heading', { name: 'Your sign-in code' })).toBeVisible();
  await expectAccessible(phone);
  const code = (await phone.getByText(/^[A-Z]{4}-[A-Z]{4}$/).textContent()) ?? '';

  await page.getByLabel('Code').fill('BBBB-BBBB');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('That is not the code of your link')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Code').fill(code.toLowerCase().replace('-', ' '));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/connections$/);

  await phone.goto('/accounts');
  await expect(phone).toHaveURL(/\/sign-in/);
  await other.close();
});

test('a mailed link that skips our page signs nobody in @once', async ({ page, email }) => {
  await askForLink(page, email);
  const link = new URL(linkIn(await newestMail(email), /\/sign-in\/confirm/));
  link.pathname = '/api/auth/callback/email';
  expect((await page.request.get(link.href)).status()).toBe(404);
  await page.goto('/accounts');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('whether an address is known can’t be told from outside @once', async ({ page, email }) => {
  await askForLink(page, 'demo@example.com');
  const known = await page.locator('main').textContent();
  await askForLink(page, email);
  expect(await page.locator('main').textContent()).toBe(known);
});

test('too many links for one address are refused in words, and nothing is lost @once', async ({ page, email }) => {
  for (let time = 0; time < 5; time++) await askForLink(page, email);
  await page.goto('/sign-in');
  await page.getByLabel('Your e-mail address').fill(email);
  await page.getByRole('button', { name: 'E-mail me a link' }).click();
  await expect(page.getByText('Too many links were asked for')).toBeVisible();
  await expect(page.getByLabel('Your e-mail address')).toHaveValue(email);
  await expectAccessible(page);
});

test('a mistyped address is said to be one @once', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByLabel('Your e-mail address').fill('nobody');
  await page.getByRole('button', { name: 'E-mail me a link' }).click();
  await expect(page.getByText('Enter an e-mail address like name@example.com')).toBeVisible();
});

test('serves the next-auth callback of single sign-on and none of its other routes @once', async ({ request }) => {
  for (const path of [
    'csrf',
    'session',
    'providers',
    'signin/oidc',
    'signout',
    'error/x',
    'verify-request',
    '_log',
    'callback/email?token=x&email=demo%40example.com',
  ]) {
    expect((await request.get(`/api/auth/${path}`)).status(), path).toBe(404);
  }
  for (const path of [
    '_log',
    'signin/email',
    'signin/email/tail',
    'signout',
    'callback/email',
    'callback/credentials',
  ]) {
    const response = await request.post(`/api/auth/${path}`, { form: { email: 'demo@example.com' } });
    expect([404, 405], path).toContain(response.status());
  }
  // Reaches next-auth, which knows no provider here.
  expect((await request.get('/api/auth/callback/oidc')).status()).toBe(400);
  const failed = await request.get('/api/auth/error?error=Verification&callbackUrl=https://evil.example', {
    maxRedirects: 0,
  });
  expect(failed.headers().location).toBe(`${process.env.APP_URL}/sign-in?error=Verification`);
});

test('signing out ends the session itself, not only the cookie', async ({ page, email, context }) => {
  await signInByMail(page, email);
  const cookies = await context.cookies();
  await page.getByRole('button', { name: /Your menu/ }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await context.addCookies(cookies);
  await page.goto('/accounts');
  await expect(page).toHaveURL(/\/sign-in/);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('a person signs in @once', async ({ page, email }) => {
    await askForLink(page, email);
    await page.goto(linkIn(await newestMail(email), /\/sign-in\/confirm/));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { name: 'Accounts', exact: true })).toBeVisible();
  });

  test('the code of a link opened elsewhere signs in @once', async ({ page, email, browser }) => {
    await askForLink(page, email);
    const other = await browser.newContext({ javaScriptEnabled: false });
    const phone = await other.newPage();
    await phone.goto(linkIn(await newestMail(email), /\/sign-in\/confirm/));
    const code = (await phone.getByText(/^[A-Z]{4}-[A-Z]{4}$/).textContent()) ?? '';
    await other.close();
    await page.getByLabel('Code').fill('nonsense');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByText('Enter the 8 letters')).toBeVisible();
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('heading', { name: 'Accounts', exact: true })).toBeVisible();
  });
});
