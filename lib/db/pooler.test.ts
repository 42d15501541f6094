import { rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startForTest } from '#lib/testing/child-of-ours';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';
import { runToEnd } from '#scripts/local/children';
import { temporaryDir } from '#scripts/local/paths';
import { findPgBouncer, type PgBouncer, startPgBouncer } from '#scripts/local/pgbouncer';

// The product behind a real PgBouncer in transaction mode, where every transaction may be on another connection of the server.

const program = findPgBouncer();

describe.skipIf(program === null)('behind PgBouncer in transaction mode', () => {
  const dir = temporaryDir('pgbouncer');
  let own: OwnDatabase;
  let pooler: PgBouncer;
  let direct: { url: string; ownerUrl: string };

  beforeAll(async () => {
    own = await ownDatabase({ isMigrated: false });
    direct = { url: own.url, ownerUrl: own.ownerUrl };
    pooler = await startPgBouncer(program ?? '', path.join(dir, 'pooler'), [own.url, own.ownerUrl]);
    process.env.DATABASE_URL = pooler.urlOf(own.url);
  });
  afterAll(async () => {
    const { database } = await import('./client.ts');
    await database().$disconnect();
    await pooler.stop();
    await own.drop();
    rmSync(dir, { recursive: true, force: true });
  });

  const migrate = (env: Record<string, string>) =>
    runToEnd({ name: 'migrate', args: ['scripts/migrate.ts'], env: { DATABASE_DIRECT_URL: '', ...env }, logDir: dir });

  test('migrates with every address through the pooler, also twice at once, since no lock outlives its transaction', async () => {
    const through = { DATABASE_URL: pooler.urlOf(direct.url), DATABASE_OWNER_URL: pooler.urlOf(direct.ownerUrl) };
    const both = await Promise.all([migrate(through), migrate(through)]);
    expect(both.join()).toContain('_begin');
    expect(
      await migrate({ ...through, DATABASE_OWNER_URL: direct.ownerUrl, DATABASE_DIRECT_URL: direct.url }),
    ).toContain('The database is up to date.');
    const { rows } = await own.query("select count(*)::int as held from pg_locks where locktype = 'advisory'");
    expect(rows).toEqual([{ held: 0 }]);
  });

  test('transactions, parameters and the time zone of a session are right on few shared connections', async () => {
    const { database } = await import('./client.ts');
    const at = new Date('2026-07-11T23:30:00.123Z');
    await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        database().$transaction(async (tx) => {
          const key = `pooled-${index}`;
          await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('pooled'))`;
          await tx.setting.create({ data: { key, value: index, updatedAt: at }, select: { key: true } });
          const [row] = await tx.$queryRaw<[{ zone: string; pid: number }]>`
            select current_setting('timezone') as zone, pg_backend_pid() as pid`;
          const [again] = await tx.$queryRaw<[{ pid: number }]>`select pg_backend_pid() as pid`;
          expect(row.zone).toBe('UTC');
          expect(again.pid).toBe(row.pid);
        }),
      ),
    );
    const { rows } = await own.query(
      `select count(*)::int as rows, count(distinct updated_at)::int as instants,
         min(to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS')) as at
       from settings where key like 'pooled-%'`,
    );
    expect(rows).toEqual([{ rows: 24, instants: 1, at: '2026-07-11 23:30:00.123' }]);
    const pooled = await own.query(
      `select count(*)::int as connections from pg_stat_activity
       where datname = current_database() and usename = 'linkwell_runtime'`,
    );
    expect(pooled.rows[0].connections).toBeLessThanOrEqual(4);
  });

  test('a worker listens past the pooler and does what is asked for through it', async () => {
    const worker = startForTest('worker', ['scripts/worker.ts'], {
      DATABASE_URL: pooler.urlOf(direct.url),
      DATABASE_DIRECT_URL: direct.url,
      TRUELAYER_ENV: 'local',
      LOG_LEVEL: 'info',
    });
    const listeners = async () =>
      (
        await own.query<{ name: string }>(
          `select application_name as name from pg_stat_activity
           where datname = current_database() and query ilike 'listen%'`,
        )
      ).rows.map(({ name }) => name);
    // Through the pooler the name would end with the client's address.
    await expect.poll(listeners).toEqual(['linkwell-queue-works']);
    const { createBoss } = await import('#lib/queue/boss');
    const boss = await createBoss('asks').start();
    try {
      const id = await boss.send('retention.sweep', {});
      const stateOf = async () =>
        (await own.query('select state from pgboss.job where id = $1', [id])).rows[0]?.state as unknown;
      await expect.poll(stateOf).toBe('completed');
    } finally {
      await boss.stop({ graceful: false });
    }
    expect(worker.tail()).not.toContain('queue error');
  });

  test('the pooler under test hands one session’s statements to different server connections', async () => {
    const [one, other] = [new pg.Client(pooler.urlOf(direct.url)), new pg.Client(pooler.urlOf(direct.url))];
    await Promise.all([one.connect(), other.connect()]);
    try {
      const pidOf = async (client: pg.Client) => (await client.query('select pg_backend_pid() as pid')).rows[0].pid;
      const before = await pidOf(one);
      await other.query('begin');
      const taken = await pidOf(other);
      // What is sharable is shared: the first session's connection was given to the second.
      expect(taken).toBe(before);
      expect(await pidOf(one)).not.toBe(before);
      await other.query('commit');
    } finally {
      await Promise.all([one.end(), other.end()]);
    }
  });
});
