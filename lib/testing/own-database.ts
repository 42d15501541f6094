import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import pg from 'pg';
import { runToEnd } from '#scripts/local/children';
import { temporaryDir } from '#scripts/local/paths';

export type OwnDatabase = { url: string; query: pg.Client['query']; drop(): Promise<void> };

/**
 * A database of this test file's own, for what looks at or changes all of one. The product under test is configured for it;
 * its configuration is read lazily, so it must not have been read before.
 */
export async function ownDatabase({ isMigrated = true } = {}): Promise<OwnDatabase> {
  const shared = process.env.DATABASE_URL ?? '';
  const name = `own_${randomBytes(6).toString('hex')}`;
  await once(shared, `create database ${name}`);
  const own = new URL(shared);
  own.pathname = `/${name}`;
  process.env.DATABASE_URL = own.href;
  const logDir = temporaryDir('own');
  const env = { DATABASE_URL: own.href };
  if (isMigrated) await runToEnd({ name: 'migrate', args: ['scripts/migrate.ts'], env, logDir });
  const client = new pg.Client({ connectionString: own.href });
  client.on('error', () => undefined);
  await client.connect();
  return {
    url: own.href,
    query: client.query.bind(client) as pg.Client['query'],
    async drop() {
      await client.end();
      rmSync(logDir, { recursive: true, force: true });
      await once(shared, `drop database ${name} with (force)`);
    },
  };
}

async function once(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
