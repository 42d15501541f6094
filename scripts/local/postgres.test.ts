import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { runToEnd } from './children.ts';
import { temporaryDir } from './paths.ts';
import { startPostgres } from './postgres.ts';

const dir = temporaryDir('embedded');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const migrate = (env: Record<string, string>) =>
  runToEnd({
    name: 'migrate',
    args: ['scripts/migrate.ts'],
    env: { DATABASE_DIRECT_URL: '', DATABASE_OWNER_URL: '', ...env },
    logDir: dir,
  });

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

test('an embedded database that the administrator owned keeps its rows and is served by a role without rights over it', async () => {
  const before = await startPostgres({ dir, isThrowAway: false });
  try {
    // What releases with a single role left behind.
    await migrate({ DATABASE_URL: before.adminUrl });
    await query(before.adminUrl, "insert into settings (key, value, updated_at) values ('kept', '1', now())");
  } finally {
    await before.stop();
  }
  const after = await startPostgres({ dir, isThrowAway: false });
  try {
    await migrate({ DATABASE_URL: after.url, DATABASE_OWNER_URL: after.ownerUrl });
    expect(await query(after.url, "select key from settings where key = 'kept'")).toEqual([{ key: 'kept' }]);
    expect(await query(after.url, 'select rolsuper from pg_roles where rolname = current_user')).toEqual([
      { rolsuper: false },
    ]);
    await expect(query(after.url, 'truncate audit_entries')).rejects.toThrow(/permission denied/);
    await query(after.ownerUrl, 'alter table settings add column later int');
  } finally {
    await after.stop();
  }
});
