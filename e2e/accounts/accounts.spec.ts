import { signInLinked } from '../fixtures/link.ts';
import { expect, expectAccessible, test } from '../fixtures/test.ts';

/** A current account, a savings account that money moves to, a card. */
const BANK = 'ob-lloyds';

test('a person sees what each transaction was for and why, puts one right, and a refresh doesn’t take it back', async ({
  page,
  email,
}) => {
  await signInLinked(page, email, BANK);
  await page.goto('/accounts');
  await page.getByRole('link', { name: /^Current Account/ }).click();
  await expect(page.getByText(/Next update by itself/)).toBeVisible();
  await expect(page.getByText(/A refresh by you doesn’t count/)).toBeVisible();

  // What is pending stands apart; what is booked has a name and a category, and tells why.
  await expect(async () => {
    // Pending transactions are fetched by a job, after what the landing page waits for.
    await page.reload();
    await expect(page.getByRole('heading', { name: /Pending/ })).toBeVisible({ timeout: 5000 });
  }).toPass({ timeout: 120_000 });
  await page.getByRole('searchbox', { name: 'Search transactions' }).fill('tesco stores');
  await page.getByRole('button', { name: 'Search' }).click();
  await page
    .getByRole('link', { name: /^Tesco.*Groceries/ })
    .last()
    .click();
  await expect(page.getByRole('heading', { level: 1, name: 'Tesco' })).toBeVisible();
  await expect(page.getByText('TrueLayer says: Shopping, Groceries.')).toBeVisible();
  const address = page.url();

  await page.getByLabel('Name', { exact: true }).fill('Party food');
  await page.getByLabel('Category').selectOption({ label: 'Gifts and donations' });
  await page.getByLabel('Note', { exact: true }).fill('For Ann');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Party food' })).toBeVisible();
  await expect(page.getByText('You chose it.')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('link', { name: 'Current Account' }).click();
  await page.getByRole('button', { name: 'Refresh now' }).click();
  await expect(page.getByText('Up to date.')).toBeVisible();
  await page.goto(address);
  await expect(page.getByRole('heading', { level: 1, name: 'Party food' })).toBeVisible();

  // Once and for all, and back again.
  await page.getByRole('button', { name: 'Leave this one to Linkwell again' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Tesco' })).toBeVisible();
  await page.getByLabel('Category').selectOption({ label: 'Business' });
  await page.getByLabel('Do this for everything from Tesco').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('You chose it for everything from Tesco.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('Undone: it is as it was before')).toBeVisible();
  await expect(page.getByText('TrueLayer says: Shopping, Groceries.')).toBeVisible();
});

test('what comes round, transfers between own accounts and the month’s spending are there, and can be put away @once', async ({
  page,
  email,
}) => {
  await signInLinked(page, email, BANK);
  await page.goto('/accounts');
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('heading', { name: /^Spent in/ })).toBeVisible({ timeout: 2000 });
  }).toPass();
  await expectAccessible(page);

  await page.getByRole('link', { name: /^Current Account/ }).click();
  const recurring = page.getByRole('region', { name: 'What comes round' });
  await expect(recurring.getByRole('listitem').first()).toContainText(/Due|Was expected/);
  await expect(page.getByRole('region', { name: 'Regular payments' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Who holds it' })).toBeVisible();
  await expectAccessible(page);
  const name = (await recurring.getByRole('button', { name: /^Hide/ }).first().textContent()) ?? '';
  await recurring.getByRole('button', { name, exact: true }).first().click();
  await expect(recurring.getByText(/Hidden by you: 1/)).toBeVisible();

  await page.goto(`${page.url().split(/[?#]/)[0]}?q=transfer`);
  await page
    .getByRole('link', { name: /Transfer/ })
    .last()
    .click();
  await expect(page).toHaveURL(/\/transactions\//);
  // Transfers are matched a little after the last of the accounts is enriched.
  await expect(async () => {
    await page.reload();
    const words = page.getByText('The same amount arrived in, or left, another account of yours.');
    await expect(words).toBeVisible({ timeout: 2000 });
  }).toPass();
  const here = page.url();
  await page.getByRole('link', { name: / at Lloyds$/ }).click();
  await expect(page).not.toHaveURL(here);
  await page.getByRole('link', { name: /Current Account at Lloyds$/ }).click();
  await expect(page).toHaveURL(here);
});

test('corrections and downloads work before scripts do @once', async ({ browser, page, email }) => {
  await signInLinked(page, email, BANK);
  const storageState = await page.context().storageState();
  const context = await browser.newContext({ javaScriptEnabled: false, storageState });
  const plain = await context.newPage();
  await plain.goto(`${process.env.APP_URL}/accounts`);
  await plain.getByRole('link', { name: /^Current Account/ }).click();
  const download = plain.waitForEvent('download');
  await plain.getByRole('link', { name: 'Download all as CSV' }).click();
  expect((await download).suggestedFilename()).toMatch(/^current-account-\d{4}-\d{2}-\d{2}\.csv$/);
  await plain
    .getByRole('link', { name: /Groceries/ })
    .first()
    .click();
  await plain.getByLabel('Note', { exact: true }).fill('Without scripts');
  await plain.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(plain.getByText('Without scripts').first()).toBeVisible();
  await plain.getByRole('button', { name: 'Undo' }).click();
  await expect(plain.getByText('Undone: it is as it was before')).toBeVisible();
  await context.close();
});
