import { OUTCOME_CODES } from '#lib/connections/outcome';
import { withDatabase } from '../fixtures/database.ts';
import { goToBank } from '../fixtures/link.ts';
import { signIn } from '../fixtures/session.ts';
import { expect, expectAccessible, test } from '../fixtures/test.ts';

test('each way in which a trip can end has words of its own, a number to quote and a way on, for everybody @once', async ({
  page,
  email,
}) => {
  await signIn(page, email);
  await page.goto((await goToBank(page, 'ob-starling', { cancelAt: 'login' })).href);
  await expect(page.getByRole('heading', { name: 'No bank was linked' })).toBeVisible();
  const attemptId = new URL(page.url()).pathname.split('/').at(-1);
  const said = new Map<string, string>();
  await withDatabase(async (db) => {
    for (const code of OUTCOME_CODES) {
      await db.query(`update attempts set status = 'failed', outcome_code = $1 where id = $2`, [code, attemptId]);
      await page.goto(`/connect/result/${attemptId}`);
      await expect(page.getByText(/LW-[2-9A-Z]{8}/)).toBeVisible();
      await expect(page.locator('main').getByRole('link').first()).toBeVisible();
      await expectAccessible(page);
      said.set(code, (await page.locator('main').textContent()) ?? '');
    }
  });
  expect(new Set(said.values()).size).toBe(OUTCOME_CODES.length);
});
