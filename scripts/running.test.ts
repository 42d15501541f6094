import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root, temporaryDir } from './local/paths.ts';

const dir = temporaryDir('running');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function keysStatus(data: string, env: Record<string, string> = {}): string {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--conditions=react-server',
      '--disable-warning=ExperimentalWarning',
      path.join(root, 'scripts/keys.ts'),
      'status',
    ],
    {
      encoding: 'utf8',
      env: { NODE_ENV: 'test', PATH: process.env.PATH ?? '', LINKWELL_DATA_DIR: data, ...env },
      timeout: 120_000,
    },
  );
  return `${stdout}${stderr}`;
}

test('a command beside a running app means that one, and nothing when none runs or another database is named', () => {
  const running = path.join(dir, 'running');
  mkdirSync(running);
  const { DATABASE_URL = '', TOKEN_SEALING_KEYS = '', NEXTAUTH_SECRET = '', SESSION_SECRET = '' } = process.env;
  const env = { DATABASE_URL, TOKEN_SEALING_KEYS, NEXTAUTH_SECRET, SESSION_SECRET, SMTP_URL: 'smtp://127.0.0.1:9' };
  writeFileSync(path.join(running, 'running.json'), JSON.stringify(env));
  expect(keysStatus(running)).toContain(`${TOKEN_SEALING_KEYS.split(':')[0]}: seals`);
  expect(keysStatus(running, { DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/x' })).toContain(
    'TOKEN_SEALING_KEYS is missing',
  );
  expect(keysStatus(dir)).toContain('DATABASE_URL is missing');
});
