import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';
import { findPendingMigrations } from './migrations.ts';
import { checkReadiness } from './readiness.ts';

let own: OwnDatabase;
let isDropped = false;
beforeAll(async () => {
  own = await ownDatabase();
});
afterAll(() => (isDropped ? undefined : own.drop()));

const OK = { database: 'ok', migrations: 'ok', queue: 'ok' } as const;

test('is ready when the database answers, has every migration, and the queue is there', async () => {
  // The first answer of a cold process may take longer than a load balancer is made to wait.
  await expect.poll(checkReadiness).toEqual({ isReady: true, checks: OK });
});

test('a migration that is missing, half-done or taken back is named, and nobody is sent here', async () => {
  const newest = '(select migration_name from _prisma_migrations order by migration_name desc limit 1)';
  for (const change of ['finished_at = null', 'rolled_back_at = now()']) {
    await own.query(`update _prisma_migrations set ${change} where migration_name = ${newest}`);
    expect(await checkReadiness()).toEqual({ isReady: false, checks: { ...OK, migrations: 'failing' } });
    expect(await findPendingMigrations()).toHaveLength(1);
    await own.query('update _prisma_migrations set finished_at = now(), rolled_back_at = null');
  }
  expect((await checkReadiness()).isReady).toBe(true);
});

test('without the queue’s tables no work can be asked for, though the database answers', async () => {
  await own.query('alter schema pgboss rename to put_aside');
  expect(await checkReadiness()).toEqual({ isReady: false, checks: { ...OK, queue: 'failing' } });
  await own.query('alter schema put_aside rename to pgboss');
  expect((await checkReadiness()).isReady).toBe(true);
});

test('a database that is gone is said to be, soon and without an error', async () => {
  await own.drop();
  isDropped = true;
  const failing = { database: 'failing', migrations: 'failing', queue: 'failing' };
  expect(await checkReadiness()).toEqual({ isReady: false, checks: failing });
});
