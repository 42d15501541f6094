import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createContext } from '#lib/context/context';
import { seal } from '#lib/crypto/seal';
import { saveClientCredentials } from '#lib/settings/sealed-settings';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';
import { openMailbox } from '#sandbox/mail/mailbox';
import { listenForMail, type SmtpCatcher } from '#sandbox/mail/smtp';
import { type StandIn, startStandIn } from '#sandbox/start';

let own: OwnDatabase;
let standIn: StandIn;
let app: Served;
let skewed: Served;
let smtp: SmtpCatcher;

type Served = { server: Server; url: string };

async function serve(headers: () => Record<string, string> = () => ({})): Promise<Served> {
  const server = createServer((_, response) => response.writeHead(200, headers()).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

beforeAll(async () => {
  own = await ownDatabase();
  app = await serve();
  skewed = await serve(() => ({ date: new Date(Date.now() - 120_000).toUTCString() }));
  standIn = await startStandIn({ redirectUris: [`${app.url}/connect/callback`] });
  smtp = await listenForMail({ host: '127.0.0.1', port: 0, mailbox: openMailbox(), takeFault: () => null });
  const { clientId, clientSecret } = standIn;
  await saveClientCredentials(await createContext({ actor: { kind: 'system', job: 'test' } }), {
    clientId,
    clientSecret,
  });
});
afterAll(async () => {
  for (const { server } of [app, skewed]) server.close();
  await Promise.all([standIn.close(), smtp.close(), own.drop()]);
});

/** The command as an operator runs it. */
async function doctor(env: Record<string, string> = {}): Promise<{ status: number | null; words: string }> {
  const flags = ['--conditions=react-server', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, 'scripts/doctor.ts'], {
    env: {
      ...process.env,
      TRUELAYER_ENV: 'local',
      TRUELAYER_AUTH_URL: standIn.url,
      TRUELAYER_API_URL: standIn.url,
      TRUELAYER_STATUS_URL: standIn.url,
      APP_URL: app.url,
      SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
      ...env,
    },
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (words += part.toString()));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, words };
}

test('a configuration that works is said to, point by point', async () => {
  const { status, words } = await doctor();
  expect(words).toContain('Nothing is wrong.');
  expect(words).not.toMatch(/[✗!]/);
  for (const about of [
    'database',
    'migrations',
    'queue',
    'keys',
    'hosts',
    'clock',
    'client',
    'redirect',
    'app',
    'mail',
  ]) {
    expect(words).toContain(`✓ ${about}: `);
  }
  expect(status).toBe(0);
  expect(words).not.toContain(standIn.clientSecret);
});

test('an address that TrueLayer doesn’t send people back to is named exactly', async () => {
  const { status, words } = await doctor({ APP_URL: skewed.url });
  expect(words).toContain(`✗ redirect: TrueLayer refuses to send people back to ${skewed.url}/connect/callback (401)`);
  expect(words).toContain('One thing is wrong.');
  expect(status).toBe(1);
});

test('an address at which no admin can add a passkey is named outside local, and only there', async () => {
  const outside = await doctor({ TRUELAYER_ENV: 'sandbox' });
  expect(outside.words).toContain(`✗ passkeys: APP_URL is ${app.url}: browsers create passkeys only for https`);
  const named = await doctor({ TRUELAYER_ENV: 'sandbox', APP_URL: app.url.replace('127.0.0.1', 'localhost') });
  expect(named.words).not.toContain('passkeys: ');
});

test('a clock that is wrong, and hosts that can’t be reached, are said', async () => {
  const wrong = {
    TRUELAYER_AUTH_URL: skewed.url,
    TRUELAYER_API_URL: 'http://127.0.0.1:2',
    SMTP_URL: 'smtp://127.0.0.1:2',
    OIDC_ISSUER: 'http://127.0.0.1:2',
    OIDC_CLIENT_ID: 'a',
    OIDC_CLIENT_SECRET: 'b',
  };
  const { words } = await doctor({ ...wrong, APP_URL: 'http://127.0.0.1:2' });
  expect(words).toMatch(/✗ clock: This machine’s clock is 1[12]\d seconds ahead of TrueLayer’s/);
  expect(words).toMatch(/✗ hosts: 127\.0\.0\.1:2 can't be reached from here: ECONNREFUSED connect/);
  expect(words).toMatch(/✗ mail: 127\.0\.0\.1:2 \(SMTP_URL\) takes no mail/);
  expect(words).toMatch(
    /✗ sign-in: http:\/\/127\.0\.0\.1:2\/\S+ \(OIDC_ISSUER\) can't be reached from here: ECONNREFUSED/,
  );
  expect(words).toMatch(/! app: http:\/\/127\.0\.0\.1:2 \(APP_URL\) can't be reached/);
});

test('a key that is missing is named, with how much hangs on it', async () => {
  const { words } = await doctor({ TOKEN_SEALING_KEYS: `other:${randomBytes(32).toString('base64')}` });
  expect(words).toContain("✗ keys: 2 values are sealed with the key test1, which TOKEN_SEALING_KEYS doesn't have");
});

test('live and sandbox that are mixed up are said to be, in the environment and in the database', async () => {
  const client = { TRUELAYER_CLIENT_ID: 'sandbox-a', TRUELAYER_CLIENT_SECRET: 'b' };
  const { words } = await doctor({ ...client, TRUELAYER_ENV: 'live', APP_URL: 'https://app.example.com' });
  expect(words).toContain('✗ environment: TRUELAYER_CLIENT_ID is a sandbox id');
  for (const [part, value] of [
    ['client_id', 'live-client'],
    ['client_secret', 'secret'],
  ] as const) {
    const name = `truelayer_${part}:sandbox`;
    const sealed = seal({ table: 'sealed_settings', column: 'value_sealed', rowId: name }, value);
    await own.query('insert into sealed_settings values ($1, $2, now())', [name, sealed]);
  }
  expect((await doctor({ TRUELAYER_ENV: 'sandbox' })).words).toContain('✗ client: The stored client is a live one');
});

test('a secret that was replaced in Console is told from a broken network', async () => {
  const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  await saveClientCredentials(ctx, { clientId: standIn.clientId, clientSecret: 'an older one' });
  const { words } = await doctor();
  expect(words).toContain("✗ client: TrueLayer (local) doesn't take the client id and secret that are stored");
  expect(words).not.toContain('an older one');
});

test('a direct URL that accepts no connection is named, and one that does is not a fault', async () => {
  const { words } = await doctor({ DATABASE_DIRECT_URL: 'postgresql://nobody:hunter2@127.0.0.1:2/none' });
  expect(words).toMatch(/✗ direct URL: DATABASE_DIRECT_URL can't be used: 127\.0\.0\.1:2 .*ECONNREFUSED/);
  expect(words).not.toContain('hunter2');
  const withDirectUrl = await doctor({ DATABASE_DIRECT_URL: `${own.url}?application_name=direct` });
  expect(withDirectUrl.words).toContain('✓ direct URL');
});

test('names a database role that may do more than serve: a fault outside local, a warning in it', async () => {
  const asOwner = { DATABASE_URL: own.ownerUrl };
  expect((await doctor()).words).toContain('✓ role: linkwell_runtime can change neither');
  expect((await doctor(asOwner)).words).toContain('! role: linkwell_owner owns the tables');
  const { status, words } = await doctor({ ...asOwner, TRUELAYER_ENV: 'sandbox' });
  expect(words).toContain('✗ role: linkwell_owner owns the tables');
  expect(status).toBe(1);
});

test('a migration that is pending, and a database that is away, come before everything else', async () => {
  await own.query('delete from _prisma_migrations where migration_name like $1', ['%_begin']);
  expect((await doctor()).words).toMatch(/✗ migrations: 1 are not applied yet \(\d+_begin\): run npm run migrate/);
  const { words } = await doctor({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:2/none' });
  expect(words).toMatch(
    /✗ database: The database of DATABASE_URL can't be reached: Can't reach database server at 127\.0\.0\.1:2\.\n/,
  );
  expect(words).not.toMatch(/\bat .*\.ts:\d+/);
});
