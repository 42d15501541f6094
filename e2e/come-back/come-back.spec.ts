import { goToBank } from '../fixtures/link.ts';
import { signInByMail } from '../fixtures/mail.ts';
import { signIn } from '../fixtures/session.ts';
import { expect, expectAccessible, test } from '../fixtures/test.ts';
import { allow, shareAtBank } from '../fixtures/trips.ts';

const REFERENCE = /LW-[2-9A-Z]{8}/;

test('who cancels at the bank is told so, with a number to quote, and can try again', async ({ page, email }) => {
  await signIn(page, email, '/connect/ob-starling');
  await allow(page, 'Starling');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { name: 'No bank was linked' })).toBeVisible();
  await expect(page.getByText(REFERENCE)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Allow Linkwell to see your Starling accounts' })).toBeVisible();
});

test('who leaves at the bank is offered to go on where they stopped @once', async ({ page, email }) => {
  await signIn(page, email, '/connect/ob-starling');
  await page.getByLabel('Leave out: your regular payments').check();
  await allow(page, 'Starling');
  await page.goto('/connect');
  await expect(page.getByText('You didn’t finish linking Starling')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Go on with Starling' }).click();
  await expect(page.getByLabel('Leave out: your regular payments')).toBeChecked();
});

test('a return is gone from the address, the history and the referrer, and coming twice does nothing @once', async ({
  page,
  email,
}) => {
  await signIn(page, email);
  const address = await goToBank(page, 'ob-starling');
  const first = await page.request.get(address.href, { maxRedirects: 0 });
  expect(first.status()).toBe(303);
  expect(first.headers().location).toMatch(/\/connect\/result\/[0-9a-f-]+$/);
  expect(first.headers()).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
  const second = await page.request.get(address.href, { maxRedirects: 0 });
  expect(second.headers().location).toBe(first.headers().location);
  await page.goto(first.headers().location ?? '');
  await expect(page.getByRole('heading', { name: 'Starling is linked' })).toBeVisible();
  expect(await page.evaluate(() => document.referrer)).not.toMatch(/code|state/);
});

test('a forged return, one without a state, and one that isn’t a return change nothing and say so @once', async ({
  page,
  email,
}) => {
  await signIn(page, email);
  for (const [query, title] of [
    ['code=forged&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'We don’t know this return from a bank'],
    ['code=forged', 'Your bank’s answer came back incomplete'],
    ['', 'Your bank’s answer came back incomplete'],
    [`error=access_denied&state=${'x'.repeat(5000)}`, 'Your bank’s answer came back incomplete'],
  ] as const) {
    await page.goto(`/connect/callback?${query}`);
    await expect(page.getByRole('heading', { name: title })).toBeVisible();
    await expect(page.getByText(REFERENCE)).toBeVisible();
    expect(page.url()).not.toContain('forged');
  }
  await expectAccessible(page);
});

test('a form post from TrueLayer’s site, with which our cookies don’t come, links the bank all the same @once', async ({
  page,
  email,
}) => {
  await signIn(page, email);
  const address = await goToBank(page, 'ob-starling');
  const inputs = [...address.searchParams].map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
  );
  const body = `<form method="post" action="${address.origin}${address.pathname}">${inputs.join('')}<button>Send</button></form>`;
  await page.route('http://truelayer.test/**', (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto('http://truelayer.test/');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('heading', { name: 'Starling is linked' })).toBeVisible();
});

test('a return in another browser is finished there by the same person, and gives a stranger nothing @once', async ({
  page,
  email,
  browser,
}) => {
  await signIn(page, email);
  const address = await goToBank(page, 'ob-starling');

  const strange = await (await browser.newContext()).newPage();
  await signIn(strange, `stranger-${email}`);
  await strange.goto(address.href);
  await expect(strange.getByRole('heading', { name: 'This return belongs to another account' })).toBeVisible();
  await strange.context().close();

  const other = await (await browser.newContext()).newPage();
  await other.goto(address.href);
  await expect(other).toHaveURL(/\/sign-in\?returnTo=/);
  expect(other.url()).not.toContain(address.searchParams.get('code') ?? '');
  const back = new URL(other.url()).searchParams.get('returnTo') ?? '';
  await signInByMail(other, email, back);
  await expect(other.getByRole('heading', { name: 'Go on in this browser?' })).toBeVisible();
  await expectAccessible(other);
  await other.getByRole('button', { name: 'Yes, that was me. Go on here' }).click();
  await expect(other.getByRole('heading', { name: 'Starling is linked' })).toBeVisible();
  await other.context().close();
});

test('two tabs go to two banks at once, and each lands on its own page @once', async ({ page, email, context }) => {
  await signIn(page, email, '/connect/ob-starling');
  const tab = await context.newPage();
  await tab.goto('/connect/ob-tide');
  await allow(page, 'Starling');
  await allow(tab, 'Tide');
  await shareAtBank(page);
  await shareAtBank(tab);
  await expect(page.getByRole('heading', { name: 'Starling is linked' })).toBeVisible();
  await expect(tab.getByRole('heading', { name: 'Tide is linked' })).toBeVisible();
  await tab.goBack();
  // A page that is still settling may cut the way forward off.
  await expect(async () => {
    await tab.goForward();
    await expect(tab.getByRole('heading', { name: 'Tide is linked' })).toBeVisible();
  }).toPass();
});
