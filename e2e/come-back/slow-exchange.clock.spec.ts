import { signIn } from '../fixtures/session.ts';
import { expect, expectAccessible, test } from '../fixtures/test.ts';
import { allow, shareAtBank } from '../fixtures/trips.ts';

const faults = `${process.env.TRUELAYER_AUTH_URL}/control/faults`;

/** Strikes whoever comes next, so that nobody else may be on their way; held until `releaseExchange`. */
async function holdNextExchange(action: object = {}): Promise<void> {
  const body = JSON.stringify({ match: { path: '/connect/token' }, action: { hold: true, ...action }, times: 1 });
  const response = await fetch(faults, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  expect(response.ok).toBe(true);
}

async function releaseExchange(): Promise<void> {
  expect((await fetch(faults, { method: 'DELETE' })).ok).toBe(true);
}

test('while TrueLayer takes its time a person waits on our page, which says how it ends by itself', async ({
  page,
  email,
}) => {
  await signIn(page, email, '/connect/ob-starling');
  await holdNextExchange();
  await allow(page, 'Starling');
  await shareAtBank(page);
  await expect(page.getByRole('heading', { name: 'Finishing with Starling' })).toBeVisible();
  await releaseExchange();
  await expect(page.getByRole('heading', { name: 'Starling is linked' })).toBeVisible();

  await page.goto('/connect/ob-tide');
  await holdNextExchange({ drop_after: true });
  await allow(page, 'Tide');
  await shareAtBank(page);
  await expect(page.getByRole('heading', { name: 'Finishing with Tide' })).toBeVisible();
  await releaseExchange();
  await expect(page.getByRole('heading', { name: 'We lost the line to TrueLayer at the last step' })).toBeVisible();
  await expect(page.getByText(/LW-[2-9A-Z]{8}/)).toBeVisible();
  await expectAccessible(page);
});
