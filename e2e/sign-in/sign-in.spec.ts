import { linkIn, newestMail, signInByMail } from '../fixtures/mail.ts';
import { expect, expectAccessible, type Page, test } from '../fixtures/test.ts';

async function askForLink(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Your e-mail address').fill(email);
  await page.getByRole('button', { name: 'E-mail me a link' }).click();
  await expect(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible();
}

test('a mail scanner that follows the link uses nothing up, and the link then signs in once', async ({
  page,
  email,
  browser,
}) => {
  await askForLink(page, email);
  const link = linkIn(await newestMail(email), /\/sign-in\/confirm/);
  for (let visit = 0; visit < 3; visit++) expect((await fetch(link)).status).toBe(200);

  await page.goto(link);
  await expect(page.getByText(email)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/accounts$/);
  expect(page.url()).not.toContain('token');

  const other = await browser.newContext();
  const thief = await other.newPage();
  await thief.goto(link);
  await thief.getByRole('button', { name: 'Sign in' }).click();
  await expect(thief.getByText('This link can’t be used any more')).toBeVisible();
  await thief.goto('/accounts');
  await expect(thief).toHaveURL(/\/sign-in/);
  await other.close();
});

test('a mailed link that skips our page signs nobody in: as whom is always said before a button is pressed @once', async ({
  page,
  email,
}) => {
  await askForLink(page, email);
  const link = new URL(linkIn(await newestMail(email), /\/sign-in\/confirm/));
  link.pathname = '/api/auth/callback/email';
  await page.goto(link.href);
  await expect(page).toHaveURL(/\/sign-in\/confirm/);
  await expect(page.getByText(email)).toBeVisible();
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

test('serves the next-auth callbacks and none of its other routes @once', async ({ request }) => {
  for (const path of ['csrf', 'session', 'providers', 'signin/oidc', 'signout', 'error/x', 'verify-request', '_log']) {
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
  const callback = await request.get('/api/auth/callback/email?token=x&email=demo%40example.com', { maxRedirects: 0 });
  expect([302, 303]).toContain(callback.status());
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
});
