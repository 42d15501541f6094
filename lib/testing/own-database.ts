import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { provideRoles } from '#scripts/local/roles';
import { runOnce, urlOfDatabase } from './databases.ts';

export type OwnDatabase = {
  /** As the role that serves, and as the role that owns the tables. */
  url: string;
  ownerUrl: string;
  /** As the administrator of the server. */
  query: pg.Client['query'];
  drop(): Promise<void>;
};

/**
 * A database of this test file's own, for what looks at or changes all of one: a copy of the migrated template of this run. The
 * product under test is configured for it; its configuration is read lazily, so it must not have been read before.
 */
export async function ownDatabase({ isMigrated = true } = {}): Promise<OwnDatabase> {
  const { DATABASE_URL = '', LINKWELL_TEST_OWNER_URL = '', LINKWELL_TEST_ADMIN_URL: admin = '' } = process.env;
  const name = `own_${randomBytes(6).toString('hex')}`;
  await runOnce(admin, `create database ${name}${isMigrated ? ` template ${process.env.LINKWELL_TEST_TEMPLATE}` : ''}`);
  if (!isMigrated) await provideRoles(urlOfDatabase(admin, name), null);
  const url = urlOfDatabase(DATABASE_URL, name);
  process.env.DATABASE_URL = url;
  const client = new pg.Client({ connectionString: urlOfDatabase(admin, name) });
  client.on('error', () => undefined);
  await client.connect();
  return {
    url,
    ownerUrl: urlOfDatabase(LINKWELL_TEST_OWNER_URL, name),
    query: client.query.bind(client) as pg.Client['query'],
    async drop() {
      await client.end();
      await runOnce(admin, `drop database ${name} with (force)`);
    },
  };
}

/**
 * The same for a whole test file, to be called before anything that reads the configuration. For tests of what is learned about
 * a bank: banks are shared by all users, so other files would teach it other things meanwhile.
 */
export function withOwnDatabase(): void {
  let own: OwnDatabase;
  beforeAll(async () => {
    own = await ownDatabase();
  });
  afterAll(() => own.drop());
}
