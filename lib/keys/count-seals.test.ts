import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { getHealth } from '#lib/admin/health/get-health';
import { actingAs, type Context, createContext } from '#lib/context/context';
import { keyRing } from '#lib/crypto/keyring';
import { seal } from '#lib/crypto/seal';
import { MAX_SEALS_PER_KEY } from '#lib/crypto/seal-count';
import { databaseMetrics } from '#lib/metrics/database-metrics';
import { killAtOnce, type Running, startForTest } from '#lib/testing/child-of-ours';
import { addUser } from '#lib/testing/link-person';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';
import { reserveSeals } from './count-seals.ts';

let own: OwnDatabase;
let ctx: Context;
beforeAll(async () => {
  own = await ownDatabase();
  ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
});
afterAll(() => own.drop());

async function sealsOf(kid: string): Promise<number> {
  const { rows } = await own.query<{ seals: string }>('select seals from seal_counts where kid = $1', [kid]);
  return Number(rows[0]?.seals ?? 0);
}

test('the seals of this process are counted under the key that sealed, ahead of their use', async () => {
  const { kid } = keyRing().sealingKey();
  const cell = { table: 'sealed_settings', column: 'value_sealed', rowId: 'x' };
  const before = await sealsOf(kid);
  expect(before).toBeGreaterThan(0);
  for (let one = 0; one < 3000; one++) seal(cell, 'text');
  await expect.poll(() => sealsOf(kid)).toBeGreaterThanOrEqual(3000);
});

test('processes that are killed in the middle have counted at least what they sealed', async () => {
  const kid = `k-${randomUUID().slice(0, 8)}`;
  const key = randomBytes(32).toString('base64');
  const children = ['one', 'two'].map((name) =>
    startForTest(`seal-${name}`, ['lib/testing/children/seal-endlessly.ts'], { TOKEN_SEALING_KEYS: `${kid}:${key}` }),
  );
  const sealedBy = (child: Running) => Number(/sealed (\d+)$/.exec(child.lines().at(-1) ?? '')?.[1] ?? 0);
  await expect.poll(() => Math.min(...children.map(sealedBy))).toBeGreaterThan(5000);
  await Promise.all(children.map(killAtOnce));
  const sealed = children.reduce((sum, child) => sum + sealedBy(child), 0);
  expect(await sealsOf(kid)).toBeGreaterThanOrEqual(sealed);
});

test('no number of processes can reserve beyond the bound', async () => {
  const kid = `k-${randomUUID().slice(0, 8)}`;
  await own.query('insert into seal_counts values ($1, $2, now())', [kid, MAX_SEALS_PER_KEY - 250]);
  const results = await Promise.all(Array.from({ length: 6 }, () => reserveSeals(kid, 100)));
  expect(results.filter(Boolean)).toHaveLength(2);
  expect(await sealsOf(kid)).toBe(MAX_SEALS_PER_KEY - 50);
});

test('health and metrics say how much the sealing key has sealed', async () => {
  const { kid } = keyRing().sealingKey();
  await own.query('update seal_counts set seals = $2 where kid = $1', [kid, 2 ** 30]);
  const admin = actingAs(ctx, { kind: 'admin', userId: await addUser(ctx) });
  expect((await getHealth(admin)).keyRing).toMatchObject({ sealingKid: kid, seals: 2 ** 30, isWearingOut: true });
  const metric = (await databaseMetrics(ctx)).find(({ name }) => name === 'linkwell_seals');
  expect(metric?.samples).toContainEqual({ value: 2 ** 30, labels: { kid } });
  await own.query('update seal_counts set seals = $2 where kid = $1', [kid, 2 ** 30 - 1]);
  expect((await getHealth(admin)).keyRing).toMatchObject({ isWearingOut: false });
});
