import pg from 'pg';
import { OUTCOME_CODES } from '#lib/connections/outcome';
import { expect, expectAccessible, signIn, test } from '../fixtures/test.ts';
import { allow } from '../fixtures/trips.ts';

test('each way in which a trip can end has words of its own, a number to quote and a way on, for everybody @once', async ({
  page,
  email,
}) => {
  test.setTimeout(120_000);
  await signIn(page, email, '/connect/ob-starling');
  await allow(page, 'Starling');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { name: 'No bank was linked' })).toBeVisible();
  const attemptId = new URL(page.url()).pathname.split('/').at(-1);
  const db = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await db.connect();
  const said = new Map<string, string>();
  try {
    for (const code of OUTCOME_CODES) {
      await db.query(`update attempts set status = 'failed', outcome_code = $1 where id = $2`, [code, attemptId]);
      await page.goto(`/connect/result/${attemptId}`);
      await expect(page.getByText(/LW-[2-9A-Z]{8}/)).toBeVisible();
      await expect(page.locator('main').getByRole('link').first()).toBeVisible();
      await expectAccessible(page);
      said.set(code, (await page.locator('main').textContent()) ?? '');
    }
  } finally {
    await db.end();
  }
  expect(new Set(said.values()).size).toBe(OUTCOME_CODES.length);
});
