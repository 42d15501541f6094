// `npm start` (and `npm run dev`): brings up everything, says where it is, and takes it down again on Ctrl-C.
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ownerOf, tryLock } from './local/lock.ts';
import { dataDir, root } from './local/paths.ts';
import { reservePort } from './local/ports.ts';
import { forgetRunning, noteRunning } from './local/running.ts';
import { runMain, StartProblem, say } from './local/say.ts';
import { type Stack, type StackPorts, startStack } from './local/stack.ts';

await runMain(async () => {
  readEnvFile();
  // Logs, builds, secrets and captured emails under .data are for this user alone, those of the child processes included.
  process.umask(0o077);
  const mode = process.argv.includes('--dev') ? 'dev' : 'build';
  const lock = path.join(dataDir, 'start.lock');
  if (!tryLock(lock))
    throw new StartProblem(
      `Linkwell is already running from this folder (process ${ownerOf(lock)}). Stop it with Ctrl-C there first.`,
    );
  try {
    await run(mode);
  } finally {
    rmSync(lock, { force: true });
  }
  return 0;
});

/** `.env` beside package.json. A variable that is already set in the environment keeps its value. */
function readEnvFile(): void {
  const file = path.join(root, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}

async function run(mode: 'build' | 'dev'): Promise<void> {
  const stopping = signalled();
  say(mode === 'dev' ? 'Starting Linkwell with hot reload …' : 'Starting Linkwell …');
  const startedAt = performance.now();
  const stack = await startUnless(stopping, mode);
  if (stack === null) return;
  noteRunning(stack.env);
  announce(stack, (performance.now() - startedAt) / 1000);
  const ended = await Promise.race([stopping, ...stack.children.map((child) => child.hasExited.then(() => child))]);
  if (typeof ended === 'object') {
    say(`\n${ended.name} ended unexpectedly. Its last words:\n${ended.tail().trim()}\n`);
    process.exitCode = 1;
  }
  say('\nStopping …');
  forgetRunning();
  await stack.stop();
  say('Everything is stopped.');
}

async function startUnless(stopping: Promise<'signal'>, mode: 'build' | 'dev'): Promise<Stack | null> {
  const starting = startStack({
    dir: dataDir,
    ports: await reservePorts(),
    mode,
    isThrowAway: false,
    hasControl: true,
    env: given(),
  });
  const first = await Promise.race([starting, stopping]);
  if (first !== 'signal') return first;
  say('\nStopping …');
  await starting.then((stack) => stack.stop()).catch(() => undefined);
  return null;
}

async function reservePorts(): Promise<StackPorts> {
  const asked = process.env.PORT ? Number(process.env.PORT) : undefined;
  if (asked !== undefined && !(Number.isInteger(asked) && asked > 0 && asked < 65_536)) {
    throw new StartProblem('PORT should be a number from 1 to 65535.');
  }
  return {
    web: await reservePort('the app', { asked, preferred: 3000 }),
    sandbox: await reservePort('the TrueLayer stand-in', { preferred: 3100 }),
    mailWeb: await reservePort('the mail catcher', { preferred: 3180 }),
    smtp: await reservePort('SMTP', { preferred: 3125 }),
  };
}

/** What the person who starts it has set, beyond what we would choose. */
function given(): Record<string, string> {
  const names =
    /^(APP_URL|DATABASE_URL|DATABASE_DIRECT_URL|DATABASE_OWNER_URL|HSTS_|TRUELAYER_|TRUSTED_PROXIES|TOKEN_SEALING_KEYS|NEXTAUTH_SECRET|SESSION_SECRET|SMTP_URL|MAIL_FROM|ADMIN_EMAILS|OIDC_|IOS_|ANDROID_|APP_RETURN_URL|COMPANY_|LOG_LEVEL)/;
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => names.test(entry[0]) && Boolean(entry[1])),
  );
}

function announce(stack: Stack, seconds: number): void {
  const { env } = stack;
  say(`
Linkwell is ready (${seconds.toFixed(1)} s).

  ${env.APP_URL}   the app. Sign in as demo@example.com, or as admin@example.com for the team's side.`);
  if (env.TRUELAYER_ENV === 'local') {
    say(`  ${env.MAIL_CATCHER_URL}   the mail catcher: the sign-in link arrives here.
  ${env.TRUELAYER_AUTH_URL?.replace('127.0.0.1', 'localhost')}   the TrueLayer stand-in and its banks: log in there as john, password doe.`);
  }
  if (env.TRUELAYER_ENV !== 'local' && !env.ADMIN_EMAILS) {
    say('\nNobody is an admin: set ADMIN_EMAILS to the email addresses of those who may see /admin.');
  }
  say('\nPress Ctrl-C to stop everything.');
}

function signalled(): Promise<'signal'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('signal'));
  });
}
