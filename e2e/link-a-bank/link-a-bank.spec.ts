import { linkBank } from '../fixtures/link.ts';
import { signIn } from '../fixtures/session.ts';
import { expect, expectAccessible, test } from '../fixtures/test.ts';
import { allow, shareAtBank } from '../fixtures/trips.ts';

test('a person finds their bank by keyboard, links it, and sees accounts, balances and transactions arrive', async ({
  page,
  email,
}) => {
  await signIn(page, email, '/connect');
  const search = page.getByRole('combobox', { name: 'Search for your bank' });
  await search.focus();
  await page.keyboard.type('barclays');
  await expect(page.getByRole('option')).toHaveCount(2);
  await expect(page.getByRole('option', { name: 'Barclays', exact: true })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('option', { name: 'Barclays Business' })).toHaveAttribute('aria-selected', 'true');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Business accounts' })).toBeVisible();
  await search.fill('mozno');
  await page.keyboard.press('Enter');

  await expect(
    page.getByRole('heading', { level: 1, name: 'Allow Linkwell to see your Monzo accounts' }),
  ).toBeVisible();
  await expectAccessible(page);
  const button = page.getByRole('button', { name: 'Allow and go to Monzo' });
  await page.getByRole('link', { name: 'Another bank' }).focus();
  for (
    let press = 0;
    press < 25 && !(await button.evaluate((element) => element === document.activeElement));
    press++
  ) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Log in to Monzo' })).toBeVisible();
  await shareAtBank(page);

  await expect(page).toHaveURL(/\/connect\/result\//);
  expect(page.url()).not.toMatch(/code|state/);
  await expect(page.getByRole('heading', { level: 1, name: 'Monzo is linked' })).toBeVisible();
  await expect(page.getByText(/\d+ accounts?$/)).toBeVisible();
  await page.reload();
  await expect(page.getByText(/[\d,]+ transactions$/)).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('link', { name: 'See your accounts' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('linking a bank again is asked about before, and the same login is noticed after @once', async ({
  page,
  email,
}) => {
  await signIn(page, email, '/connect?q=qqqq');
  await expect(page.getByText('No bank fits “qqqq”')).toBeVisible();
  await expectAccessible(page);
  const { attemptId } = await linkBank(page, 'ob-monzo');
  await page.goto(`/connect/result/${attemptId}`);
  await expect(page.getByRole('list', { name: 'Your accounts' })).toBeVisible();
  await page.getByRole('link', { name: 'Link another bank' }).click();
  await page
    .getByRole('link', { name: /^Monzo.*Linked/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { name: 'Monzo is linked already' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Renew this one' })).toHaveAttribute(
    'href',
    /\/connections\/.+\/reconfirm$/,
  );
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Go on with a different login' }).click();
  await allow(page, 'Monzo');
  await shareAtBank(page);
  await expect(page.getByText('You had linked these accounts before')).toBeVisible();
});

test('the list is there before the scripts are @once', async ({ page, email }) => {
  await signIn(page, email, '/connect');
  // Scripts never arrive.
  await page.route('**/_next/static/**/*.js', () => undefined);
  await page.goto('/connect', { waitUntil: 'commit' });
  // Among the popular ones too, if other stories made it one.
  await page
    .getByRole('link', { name: /^Starling/ })
    .first()
    .click({ noWaitAfter: true });
  await expect(page.getByRole('heading', { name: 'Allow Linkwell to see your Starling accounts' })).toBeVisible();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('a person searches, leaves something out, links the bank, and is told the truth @once', async ({
    page,
    email,
  }) => {
    await signIn(page, email, '/connect');
    await page.getByLabel('Search for your bank').fill('natwst');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: 'NatWest', exact: true }).click();
    await page.getByLabel('Leave out: your account transactions').check();
    await allow(page, 'NatWest');
    await shareAtBank(page);
    await expect(page.getByRole('heading', { level: 1, name: 'NatWest is linked' })).toBeVisible();
    await expect(page.getByText('You chose not to share these.')).toBeVisible();
    await expect(page.getByRole('list', { name: 'Your accounts' })).toBeVisible();
  });
});
