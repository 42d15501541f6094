import { randomBytes } from 'node:crypto';
import { appendFileSync, rmSync } from 'node:fs';
import { runToEnd } from '#scripts/local/children';
import { temporaryDir } from '#scripts/local/paths';
import { startPostgres } from '#scripts/local/postgres';
import { provideRoles } from '#scripts/local/roles';
import { dumpTables } from '#scripts/secrets/dump';
import { secretsOfEnvironment } from '#scripts/secrets/known';
import { runOnce, urlOfDatabase } from './databases.ts';

/**
 * One throw-away PostgreSQL for a whole run of the tests, migrated; each test makes rows of its own in it. A second database,
 * migrated and never written to, is the template of those that are a test file's own.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const dir = temporaryDir('unit');
  const given = process.env.LINKWELL_TEST_DATABASE_URL;
  const postgres = given === undefined ? await startPostgres({ dir, isThrowAway: true }) : null;
  const admin = given ?? postgres?.adminUrl ?? '';
  // A server that is given has to let its clients in without passwords.
  const { ownerUrl, runtimeUrl } =
    postgres === null ? await provideRoles(admin, null) : { ownerUrl: postgres.ownerUrl, runtimeUrl: postgres.url };
  const template = `${new URL(admin).pathname.slice(1)}_template_${randomBytes(3).toString('hex')}`;
  const secrets = {
    DATABASE_URL: runtimeUrl,
    DATABASE_POOL_SIZE: '8',
    TOKEN_SEALING_KEYS: `test1:${randomBytes(32).toString('base64')}`,
    NEXTAUTH_SECRET: randomBytes(30).toString('base64url'),
    SESSION_SECRET: randomBytes(30).toString('base64url'),
    SMTP_URL: 'smtp://127.0.0.1:9',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    APP_URL: 'http://localhost:3000',
  };
  Object.assign(process.env, secrets, {
    LINKWELL_TEST_TEMPLATE: template,
    LINKWELL_TEST_OWNER_URL: ownerUrl,
    LINKWELL_TEST_ADMIN_URL: admin,
  });
  const migrate = (database: string) => {
    const urls = {
      DATABASE_URL: urlOfDatabase(runtimeUrl, database),
      DATABASE_OWNER_URL: urlOfDatabase(ownerUrl, database),
    };
    return runToEnd({ name: 'migrate', args: ['scripts/migrate.ts'], env: { ...secrets, ...urls }, logDir: dir });
  };
  const stop = async () => {
    // The database that was given outlives the run; the template doesn't.
    if (given !== undefined) await runOnce(admin, `drop database if exists ${template} with (force)`);
    await postgres?.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await migrate(new URL(admin).pathname.slice(1));
    if (given === undefined)
      await runOnce(urlOfDatabase(admin, 'postgres'), `create database ${template} template linkwell`);
    else {
      await runOnce(admin, `create database ${template}`);
      await provideRoles(urlOfDatabase(admin, template), null);
      await migrate(template);
      // What an earlier run sealed there, this one's keys don't open.
      await runOnce(admin, 'truncate sealed_settings');
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const { LINKWELL_ISSUED_FILE: issued, LINKWELL_DUMP_FILE: dump } = process.env;
  if (issued !== undefined) {
    for (const secret of secretsOfEnvironment(secrets)) appendFileSync(issued, `${JSON.stringify(secret)}\n`);
  }
  return async () => {
    if (dump !== undefined) await dumpTables(admin, dump);
    await stop();
  };
}
