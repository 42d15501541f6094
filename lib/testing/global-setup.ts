import { randomBytes } from 'node:crypto';
import { appendFileSync, rmSync } from 'node:fs';
import { runToEnd } from '#scripts/local/children';
import { temporaryDir } from '#scripts/local/paths';
import { startPostgres } from '#scripts/local/postgres';
import { dumpTables } from '#scripts/secrets/dump';
import { secretsOfEnvironment } from '#scripts/secrets/known';

/** One throw-away PostgreSQL for a whole run of the tests, migrated; each test makes rows of its own in it. */
export default async function setup(): Promise<() => Promise<void>> {
  const dir = temporaryDir('unit');
  const given = process.env.LINKWELL_TEST_DATABASE_URL;
  const postgres = given === undefined ? await startPostgres({ dir, isThrowAway: true }) : null;
  const secrets = {
    DATABASE_URL: given ?? postgres?.url ?? '',
    DATABASE_POOL_SIZE: '8',
    TOKEN_SEALING_KEYS: `test1:${randomBytes(32).toString('base64')}`,
    NEXTAUTH_SECRET: randomBytes(30).toString('base64url'),
    SESSION_SECRET: randomBytes(30).toString('base64url'),
    SMTP_URL: 'smtp://127.0.0.1:9',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    APP_URL: 'http://localhost:3000',
  };
  Object.assign(process.env, secrets);
  try {
    await runToEnd({ name: 'migrate', args: ['scripts/migrate.ts'], env: secrets, logDir: dir });
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
  const { LINKWELL_ISSUED_FILE: issued, LINKWELL_DUMP_FILE: dump } = process.env;
  if (issued !== undefined) {
    for (const secret of secretsOfEnvironment(secrets)) appendFileSync(issued, `${JSON.stringify(secret)}\n`);
  }
  return async () => {
    if (dump !== undefined) await dumpTables(secrets.DATABASE_URL, dump);
    await postgres?.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}
