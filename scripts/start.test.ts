import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root, temporaryDir } from './local/paths.ts';

// A folder of its own: an app that runs from this checkout goes on undisturbed.
const dataDir = temporaryDir('start');
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

function start(env: Record<string, string>): { status: number | null; words: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=react-server', '--disable-warning=ExperimentalWarning', path.join(root, 'scripts/start.ts')],
    {
      cwd: root,
      encoding: 'utf8',
      env: { NODE_ENV: 'production', PATH: process.env.PATH ?? '', LINKWELL_DATA_DIR: dataDir, ...env },
      timeout: 120_000,
    },
  );
  return { status, words: `${stdout}${stderr}` };
}

test('a database that can’t be reached is said in a sentence, before anything is built', () => {
  const { status, words } = start({ DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/x' });
  expect(status).toBe(1);
  expect(words).toContain("The database that DATABASE_URL names can't be used: connect ECONNREFUSED");
  expect(words).not.toMatch(/\bat .*\.ts:\d+/);
});

test('a wrong setting is named before anything starts', () => {
  const { status, words } = start({ TRUELAYER_ENV: 'prod' });
  expect(status).toBe(1);
  expect(words).toContain('TRUELAYER_ENV should be local, sandbox or live');
});

test('a port that was asked for and is taken stops the start, and says so', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { status, words } = start({ PORT: String(port) });
  server.close();
  expect(status).toBe(1);
  expect(words).toContain(`Port ${port}, asked for the app, is in use by another program.`);
});
