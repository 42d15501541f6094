import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBoss, migrateQueue } from '#lib/queue/boss';
import { createAuthority } from '#lib/testing/certificates';
import { root, temporaryDir } from '#scripts/local/paths';
import { type LocalPostgres, startPostgres } from '#scripts/local/postgres';
import { openDatabase } from './client.ts';
import { readMigrations } from './migrate/apply-migrations.ts';
import { migrateDatabase } from './migrate/migrate-database.ts';

// PostgreSQL with TLS under a private CA, as managed databases have it, reached by each of the product's clients.

const dir = temporaryDir('tls');
const authority = createAuthority('Private CA');
const files = { right: path.join(dir, 'ca.pem'), wrong: path.join(dir, 'another-ca.pem') };
let postgres: LocalPostgres;

/** Gives the server a certificate for `hostname` and waits until new connections get it. */
async function serveCertificate(hostname: string): Promise<void> {
  const { certificate, key } = authority.issue(hostname);
  // Files that the server's user may read; PostgreSQL refuses a key that others can read too.
  const folder = path.join(dir, 'server');
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const paths = { cert: path.join(folder, `${hostname}.crt`), key: path.join(folder, `${hostname}.key`) };
  writeFileSync(paths.cert, certificate, { mode: 0o644 });
  writeFileSync(paths.key, key, { mode: 0o600 });
  if (process.getuid?.() === 0) for (const file of Object.values(paths)) chownSync(file, 65534, 65534);
  const client = new pg.Client({ connectionString: postgres.adminUrl });
  await client.connect();
  try {
    for (const [name, value] of [
      ['ssl_cert_file', paths.cert],
      ['ssl_key_file', paths.key],
      ['ssl', 'on'],
    ]) {
      await client.query(`alter system set ${name} = '${value}'`);
    }
    await client.query('select pg_reload_conf()');
    const setting = async () =>
      (await client.query("select setting from pg_settings where name = 'ssl_cert_file'")).rows[0].setting;
    await expect.poll(setting).toBe(paths.cert);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  writeFileSync(files.right, authority.certificate);
  writeFileSync(files.wrong, createAuthority('Another CA').certificate);
  postgres = await startPostgres({ dir: path.join(dir, 'postgres'), isThrowAway: true });
});
afterAll(async () => {
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
});

function urlWith(parameters: Record<string, string>, url = postgres.url): string {
  const result = new URL(url);
  result.hostname = 'localhost';
  for (const [name, value] of Object.entries(parameters)) result.searchParams.set(name, value);
  return result.href;
}

const verifying = (sslrootcert: string) => ({ sslmode: 'verify-full', sslrootcert });

/** Whether Prisma's connection is encrypted. */
async function isEncrypted(url: string): Promise<boolean> {
  const db = openDatabase(url);
  try {
    const [row] = await db.$queryRaw<[{ ssl: boolean }]>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
    return row.ssl;
  } finally {
    await db.$disconnect();
  }
}

const reasonOf = (work: Promise<unknown>) => work.then(String, (error: unknown) => String((error as Error).message));

test('Prisma accepts the private CA that sslrootcert names, and refuses every other', async () => {
  await serveCertificate('localhost');
  expect(await isEncrypted(urlWith({ sslmode: 'disable' }))).toBe(false);
  expect(await isEncrypted(urlWith(verifying(files.right)))).toBe(true);
  await expect(isEncrypted(urlWith(verifying(files.wrong)))).rejects.toThrow(/certificate|TLS/i);
  await expect(isEncrypted(urlWith({ sslmode: 'verify-full' }))).rejects.toThrow(/certificate|TLS/i);
});

test('migration and queue accept the private CA and refuse another', async () => {
  const migrate = (ca: string) =>
    migrateDatabase({
      ownerUrl: urlWith(verifying(ca), postgres.ownerUrl),
      runtimeUrl: urlWith(verifying(ca)),
      migrations: readMigrations(path.join(root, 'prisma/migrations')),
      migrateQueue,
    });
  expect(await reasonOf(migrate(files.wrong))).toMatch(/DATABASE_URL can't be reached: .*certificate/);
  expect(await migrate(files.right)).toMatchObject({ owner: 'linkwell_owner', runtime: 'linkwell_runtime' });
  const boss = createBoss('asks', urlWith(verifying(files.right)));
  await expect(boss.start()).resolves.toBeDefined();
  await boss.stop({ graceful: false });
  expect(await reasonOf(createBoss('asks', urlWith(verifying(files.wrong))).start())).toMatch(/certificate/);
});

test('a certificate of the right CA for another host is refused', async () => {
  await serveCertificate('database.internal');
  await expect(isEncrypted(urlWith(verifying(files.right)))).rejects.toThrow();
  await serveCertificate('localhost');
  expect(await isEncrypted(urlWith(verifying(files.right)))).toBe(true);
});
