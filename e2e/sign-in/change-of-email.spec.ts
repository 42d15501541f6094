import { withDatabase } from '../fixtures/database.ts';
import { linkIn, newestMail } from '../fixtures/mail.ts';
import { signIn } from '../fixtures/session.ts';
import { expect, expectAccessible, type Page, test } from '../fixtures/test.ts';

async function askForChange(page: Page, to: string): Promise<string> {
  await page.goto('/account');
  await page.getByRole('link', { name: 'Change email address' }).click();
  await page.getByLabel('New email address').fill(to);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByText(`Check the mail of ${to}`)).toBeVisible();
  return linkIn(await newestMail(to), /\/email-change\/confirm/);
}

test('a user changes their address, a scanner of the new one changes nothing, and the old one can object', async ({
  page,
  email,
  browser,
}) => {
  const to = `new-${email}`;
  await signIn(page, email);
  const link = await askForChange(page, to);
  await expectAccessible(page);

  await test.step('a scanner', async () => {
    const context = await browser.newContext();
    const scanner = await context.newPage();
    await scanner.goto(link);
    await expect(scanner.getByRole('heading', { name: 'Your confirmation code' })).toBeVisible();
    await expectAccessible(scanner);
    for (const button of await scanner.getByRole('main').getByRole('button').all()) await button.click();
    await context.close();
  });

  await page.goto(link);
  await expectAccessible(page);
  await page.getByRole('button', { name: `Use ${to}` }).click();
  await expect(page.getByText('Your email address was changed')).toBeVisible();
  await expect(page.getByRole('main')).toContainText(to);

  await test.step('the old address objects', async () => {
    const context = await browser.newContext();
    const holder = await context.newPage();
    const objection = linkIn(await newestMail(email, /was changed/), /\/email-change\/object/);
    await holder.goto(objection);
    await expectAccessible(holder);
    await holder.getByRole('button', { name: 'Restore my address' }).click();
    await expect(holder.getByText('Your address was restored')).toBeVisible();
    await holder.goto(objection);
    await expect(holder.getByText('This link can’t be used any more')).toBeVisible();
    await context.close();
  });
  await page.goto('/account');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('a change of address needs a fresh sign-in @once', async ({ page, email }) => {
  await signIn(page, email);
  const age = `update sessions set created_at = now() - interval '11 minutes'
    where user_id = (select id from users where email = $1)`;
  await withDatabase((db) => db.query(age, [email]));
  await page.goto('/account/email');
  await expect(page.getByRole('heading', { name: 'Sign in again to continue' })).toBeVisible();
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the code of a link opened elsewhere confirms the new address @once', async ({ page, email, browser }) => {
    const to = `new-${email}`;
    await signIn(page, email);
    const link = await askForChange(page, to);
    const context = await browser.newContext({ javaScriptEnabled: false });
    const phone = await context.newPage();
    await phone.goto(link);
    const code = (await phone.getByText(/^[A-Z]{4}-[A-Z]{4}$/).textContent()) ?? '';
    await context.close();
    await page.getByLabel('Code').fill(code);
    await page.getByRole('button', { name: 'Confirm address' }).click();
    await expect(page.getByText('Your email address was changed')).toBeVisible();
  });
});
