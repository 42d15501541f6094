import type { CDPSession } from 'playwright/test';
import { recordIssued } from '../fixtures/issued.ts';
import { newestMail } from '../fixtures/mail.ts';
import { createSession, signIn } from '../fixtures/session.ts';
import { expect, expectAccessible, type Page, test } from '../fixtures/test.ts';

/** An authenticator of Chromium's own that verifies its user, as a phone or a laptop does. */
async function addAuthenticator(page: Page): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

async function addPasskey(page: Page, name: string): Promise<string[]> {
  await page.goto('/account/security');
  await page.getByLabel('Name of the new passkey').fill(name);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await expect(codes).toHaveCount(10);
  const texts = await codes.allTextContents();
  for (const code of texts) recordIssued('recovery code', code);
  return texts;
}

test('adds a passkey, signs in with it, and with a recovery code when it is lost', async ({ page, email }) => {
  const { cdp, authenticatorId } = await addAuthenticator(page);
  await signIn(page, email, '/account/security');
  await expect(page.getByText('You have no passkeys')).toBeVisible();
  await expectAccessible(page);
  const [code = ''] = await addPasskey(page, 'My laptop');
  await expectAccessible(page);
  await expect(page.getByRole('link', { name: 'Rename or remove My laptop' })).toBeVisible();
  await newestMail(email, /passkey was added/);

  await test.step('the email is not enough any more, and the passkey is the second step', async () => {
    await signIn(page, email, '/accounts');
    await expect(page.getByRole('heading', { name: 'Use your passkey', exact: true })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Use your passkey' }).click();
    await expect(page).toHaveURL(/\/accounts$/);
  });

  await test.step('a device without the passkey needs a recovery code, which works once', async () => {
    await cdp.send('WebAuthn.clearCredentials', { authenticatorId });
    await signIn(page, email, '/accounts');
    await page.getByLabel('Recovery code').fill('not a code');
    await page.getByRole('button', { name: 'Use recovery code' }).click();
    await expect(page.getByText('This is not one of your unused recovery codes')).toBeVisible();
    await page.getByLabel('Recovery code').fill(code.toLowerCase());
    await page.getByRole('button', { name: 'Use recovery code' }).click();
    await expect(page).toHaveURL(/\/accounts$/);
    await newestMail(email, /recovery code was used/);
    await page.goto('/account/security');
    await expect(page.getByText('You have 9 unused codes')).toBeVisible();
  });

  await test.step('the user renames the passkey, replaces the codes and removes it', async () => {
    await page.getByRole('link', { name: 'Rename or remove My laptop' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Old laptop');
    await page.getByRole('button', { name: 'Save name' }).click();
    await expect(page.getByText('Passkey renamed')).toBeVisible();
    await page.getByLabel('Replace my recovery codes').check();
    await page.getByRole('button', { name: 'Create new codes' }).click();
    const codes = page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
    await expect(codes).toHaveCount(10);
    for (const text of await codes.allTextContents()) recordIssued('recovery code', text);
    await page.getByRole('link', { name: 'Rename or remove Old laptop' }).click();
    await page.getByLabel('Remove this passkey').check();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Remove passkey' }).click();
    await expect(page.getByText('Passkey removed')).toBeVisible();
    await expect(page.getByText('You have no passkeys')).toBeVisible();
  });
});

test.describe('without scripts', () => {
  test('a recovery code signs in @once', async ({ page, email, browser }) => {
    await addAuthenticator(page);
    await signIn(page, email);
    const [code = ''] = await addPasskey(page, 'My laptop');
    const url = process.env.APP_URL ?? '';
    const context = await browser.newContext({ javaScriptEnabled: false, baseURL: url });
    const value = await createSession(email);
    await context.addCookies([{ name: 'next-auth.session-token', value, url, httpOnly: true, sameSite: 'Lax' }]);
    const plain = await context.newPage();
    await plain.goto('/account');
    // Playwright finds no text inside noscript elements.
    await expect(plain.locator('noscript p')).toBeVisible();
    await plain.getByLabel('Recovery code').fill(code);
    await plain.getByRole('button', { name: 'Use recovery code' }).click();
    await expect(plain.getByRole('heading', { name: 'Your account' })).toBeVisible();
    await context.close();
  });
});

test('signing out works before the second step, and nothing else does @once', async ({ page, email }) => {
  await addAuthenticator(page);
  await signIn(page, email);
  await addPasskey(page, 'My laptop');
  await signIn(page, email, '/connections');
  await expect(page).toHaveURL(/\/sign-in\/passkey\?returnTo=%2Fconnections/);
  for (const path of ['/account', '/connect', '/sign-in', '/account/security']) {
    await page.goto(path);
    await expect(page).toHaveURL(/\/sign-in\/passkey/);
  }
  expect((await page.request.get('/account/export')).status()).toBe(401);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto('/account');
  await expect(page).toHaveURL(/\/sign-in\?/);
});
