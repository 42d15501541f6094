import { linkBank } from '../fixtures/link.ts';
import { signIn } from '../fixtures/session.ts';
import { expect, expectAccessible, test } from '../fixtures/test.ts';

test('a locked account is told on the landing page, the connections and the accounts, with what to do and a reference', async ({
  page,
  email,
}) => {
  await signIn(page, email);
  const login = { username: 'error.account_permanently_locked', password: 'error' };
  const { attemptId, connectionId } = await linkBank(page, 'mock', { ...login, until: 'settled' });
  const paths = [`/connect/result/${attemptId}`, '/connections', `/connections/${connectionId}`, '/accounts'];
  for (const path of paths) {
    await page.goto(path);
    await expect(page.getByText('Mock has locked your account')).toBeVisible();
    await expect(page.getByText('Contact your bank to unlock it.')).toBeVisible();
    await expect(page.getByText(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)).toBeVisible();
    await expect(page.getByText('Fetching for the first time')).toBeHidden();
    await expectAccessible(page);
  }
});
