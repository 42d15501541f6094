import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';

let own: OwnDatabase;

beforeAll(async () => {
  own = await ownDatabase();
  await own.query(`alter database ${new URL(own.url).pathname.slice(1)} set timezone to 'America/New_York'`);
});
afterAll(() => own.drop());

test('stores instants exactly in a database whose time zone is not UTC', async () => {
  const { database } = await import('./client.ts');
  const { createBoss } = await import('#lib/queue/boss');
  const at = new Date('2026-07-11T23:30:00.123Z');
  await database().setting.create({ data: { key: 'utc-session-test', value: 1, updatedAt: at } });
  const { rows } = await own.query(`select to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') as at
    from settings where key = 'utc-session-test'`);
  const fresh = await database().$queryRaw<{ zone: string }[]>`select current_setting('timezone') as zone`;
  expect(rows).toEqual([{ at: '2026-07-11 23:30:00.123' }]);
  expect(fresh).toEqual([{ zone: 'UTC' }]);
  const boss = await createBoss('asks').start();
  try {
    const { rows: queue } = await boss.getDb().executeSql(`select current_setting('timezone') as zone`);
    expect(queue).toEqual([{ zone: 'UTC' }]);
  } finally {
    await boss.stop({ graceful: false });
    await database().$disconnect();
  }
});
