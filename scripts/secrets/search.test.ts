import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { sayLeaks, searchFiles } from './check.ts';
import { dumpTables } from './dump.ts';
import { readSecrets, secretsOfEnvironment } from './known.ts';
import { createSearch } from './search.ts';

const dir = mkdtempSync(path.join(tmpdir(), 'linkwell-secrets-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const secrets = Array.from({ length: 2000 }, () => ({ kind: 'code', value: randomBytes(32).toString('base64url') }));
const planted = secrets[1234]?.value ?? '';
const key = randomBytes(32);

function found(text: string | Uint8Array): string[] {
  const search = createSearch([...secrets, { kind: 'sealing_key', value: key.toString('base64') }]);
  search.scan('log', typeof text === 'string' ? Buffer.from(text) : text);
  return search.leaks.map(({ kind }) => kind);
}

test.each([
  ['as it is', planted],
  ['inside other words', `x${planted}x`],
  ['cut short at the end', planted.slice(0, 20)],
  ['cut short at the beginning', planted.slice(-20)],
  ['as the bytes of a column', `(1,"\\\\x${Buffer.from(planted).toString('hex')}")`],
  ['in base64', Buffer.from(planted).toString('base64')],
])('a secret is found %s', (_, text) => {
  expect(found(`{"level":"info","message":"${text}"}`)).toContain('code');
});

test('a key is found in hex, in base64 and as bytes', () => {
  expect(found(`key ${key.toString('hex')}`)).toContain('sealing_key');
  expect(found(key.toString('base64'))).toContain('sealing_key');
  expect(found(Buffer.concat([Buffer.from('text'), key]))).toContain('sealing_key');
});

test('what is no secret is left in peace', () => {
  expect(found(Array.from({ length: 5000 }, () => randomBytes(32).toString('base64url')).join('\n'))).toEqual([]);
});

test('one that lies across two pieces of a large file is found, and told without being printed', () => {
  const file = path.join(dir, 'large.log');
  writeFileSync(file, `${'.'.repeat((8 << 20) - 10)}${planted}\n`);
  const report = searchFiles(secrets, [file]);
  expect(report).toMatchObject({ secrets: 2000, lines: 1, kinds: ['code'] });
  expect(sayLeaks(report.leaks).join()).toContain('code in large.log');
  expect(sayLeaks(report.leaks).join()).not.toContain(planted);
});

test('a secret in any table, of text or of bytes, is found in the dump of all tables', async () => {
  const url = new URL(process.env.LINKWELL_TEST_ADMIN_URL ?? '');
  const admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  const name = `secrets_${randomBytes(6).toString('hex')}`;
  await admin.query(`create database ${name}`);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  const dumped = async () => {
    const file = path.join(dir, 'tables.dump');
    expect((await dumpTables(url.href, file)).tables).toBe(2);
    return searchFiles(secrets, [file]).leaks.map(({ source }) => source);
  };
  try {
    await client.query('create schema queue; create table queue.job (data jsonb); create table people (key bytea)');
    expect(await dumped()).toEqual([]);
    await client.query("insert into queue.job values (jsonb_build_object('token', $1::text))", [planted]);
    expect(await dumped()).not.toEqual([]);
    await client.query('truncate queue.job');
    await client.query('insert into people values ($1)', [Buffer.from(planted)]);
    expect(await dumped()).not.toEqual([]);
  } finally {
    await client.end();
    await admin.query(`drop database ${name}`);
    await admin.end();
  }
});

test('passwords, keys and what the stand-in wrote down are all known', () => {
  const env = secretsOfEnvironment({
    TOKEN_SEALING_KEYS: 'k2:QUJD,k1:REVG',
    SMTP_URL: 'smtp://me:pass%2Fword@mail.example.com',
    NEXTAUTH_SECRET: 'n',
  });
  expect(env.map(({ value }) => value).sort()).toEqual(['QUJD', 'REVG', 'n', 'pass/word']);
  const file = path.join(dir, 'issued.jsonl');
  const webhook = 'https://app.example.com/api/webhooks/truelayer?task=0190-id.the-secret-part';
  writeFileSync(file, `${JSON.stringify({ kind: 'webhook_uri', value: webhook })}\n`);
  expect(readSecrets(file)).toEqual([{ kind: 'webhook_uri', value: 'the-secret-part' }]);
});
