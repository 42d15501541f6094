import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { type Child, runToEnd, startChild, stopChild, untilAnswers } from '#scripts/local/children';
import { temporaryDir } from '#scripts/local/paths';
import { freePort } from '#scripts/local/ports';
import { startPostgres } from '#scripts/local/postgres';
import type { Stage } from './figure.ts';

/** Sets the stage, lets `work` measure on it, and leaves nothing behind, also when it is interrupted. */
export async function onStage<T>(work: (stage: Stage) => Promise<T>): Promise<T> {
  const dir = temporaryDir('bench');
  const postgres = await startPostgres({ dir: path.join(dir, 'postgres'), isThrowAway: true });
  let standIn: Child | null = null;
  const clear = async () => {
    if (standIn !== null) await stopChild(standIn);
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  const interrupt = () => void clear().then(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  try {
    const port = await freePort();
    const standInUrl = `http://127.0.0.1:${port}`;
    // Measurements copy files on the server and fill tables without their triggers, which takes an administrator.
    const env = environment(postgres.adminUrl, standInUrl);
    Object.assign(process.env, env);
    await runToEnd({ name: 'migrate', args: ['scripts/migrate.ts'], env, logDir: dir });
    const sandboxEnv = { ...env, SANDBOX_PORT: String(port), SANDBOX_CONTROL: '1', SANDBOX_DIRECT_LINKS: 'all' };
    standIn = startChild({ name: 'sandbox', args: ['sandbox/main.ts'], env: sandboxEnv, logDir: dir });
    await untilAnswers(`${standInUrl}/health`, standIn);
    return await work({ dir, databaseUrl: postgres.adminUrl, standInUrl, env, control: controlOf(standInUrl) });
  } finally {
    await clear();
  }
}

/** All of it is set before anything of the product is loaded, which reads its configuration once. */
function environment(databaseUrl: string, standInUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    TOKEN_SEALING_KEYS: `bench1:${randomBytes(32).toString('base64')}`,
    NEXTAUTH_SECRET: randomBytes(30).toString('base64url'),
    SESSION_SECRET: randomBytes(30).toString('base64url'),
    SMTP_URL: 'smtp://127.0.0.1:9',
    LOG_LEVEL: 'silent',
    APP_URL: 'http://localhost:3000',
    TRUELAYER_ENV: 'local',
    TRUELAYER_AUTH_URL: standInUrl,
    TRUELAYER_API_URL: standInUrl,
    TRUELAYER_STATUS_URL: standInUrl,
  };
}

function controlOf(standInUrl: string): Stage['control'] {
  return async (method, at, body) => {
    const response = await fetch(`${standInUrl}/control${at}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`control ${method} ${at}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? null : response.json();
  };
}
