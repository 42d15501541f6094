// Everything that Linkwell needs on one machine, as real processes: what `npm start` shows and the browser tests use.
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { EnvError, parseEnv } from '#lib/env/env';
import { ensureBuild, hasBuild } from './build.ts';
import { type Child, runToEnd, startChild, stopChild, untilAnswers } from './children.ts';
import { root } from './paths.ts';
import type { Reservation } from './ports.ts';
import { type LocalPostgres, startPostgres } from './postgres.ts';
import { requireRoom } from './room.ts';
import { StartProblem, step } from './say.ts';
import { localSecrets } from './secrets.ts';

const PROGRAMS = ['web', 'sandbox', 'mailWeb', 'smtp'] as const;

export type StackPorts = Record<(typeof PROGRAMS)[number], Reservation>;

export type StackOptions = {
  dir: string;
  ports: StackPorts;
  mode: 'build' | 'dev';
  isThrowAway: boolean;
  /** Turns on the stand-in's control endpoint. */
  hasControl: boolean;
  /** Where the stand-in writes down every secret that it gives out, for the tests that look for them. */
  issuedFile?: string;
  /** What the caller's environment says beyond our defaults. */
  env?: Record<string, string>;
};

export type Stack = {
  env: Record<string, string>;
  /** The embedded database as its administrator; null with a database that was given. */
  databaseAdminUrl: string | null;
  children: Child[];
  /** The build that web serves; empty with hot reload. */
  buildDir: string;
  stop(): Promise<void>;
};

type Started = { children: Child[]; postgres: LocalPostgres | null; buildDir: string };

export async function startStack(options: StackOptions): Promise<Stack> {
  mkdirSync(options.dir, { recursive: true });
  // As root PostgreSQL runs as another user, who passes through on the way to its files. What is inside is for its owner alone.
  chmodSync(options.dir, process.getuid?.() === 0 ? 0o711 : 0o700);
  requireRoom(options.dir);
  const started: Started = { children: [], postgres: null, buildDir: '' };
  const stop = async () => {
    await Promise.all(PROGRAMS.map((name) => options.ports[name].release()));
    // Web and worker first: they give back what they hold while the database is still there.
    for (const child of [...started.children].reverse()) await stopChild(child);
    await started.postgres?.stop();
  };
  try {
    const env = await bringUp(options, started);
    return {
      env,
      databaseAdminUrl: started.postgres?.adminUrl ?? null,
      children: started.children,
      buildDir: started.buildDir,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringUp(options: StackOptions, started: Started): Promise<Record<string, string>> {
  const { dir, ports } = options;
  const logDir = path.join(dir, 'logs');
  checkConfiguration(environmentOf(options, options.env?.DATABASE_URL ?? 'postgresql://not-yet-started/linkwell'));
  const { databaseUrl, ownerUrl } = await provideDatabase(options, started);
  const env = environmentOf(options, databaseUrl);
  const start: Starter = (name, args, more = {}, rest = {}) => {
    const child = startChild({ name, args, env: { ...env, ...more }, logDir, ...rest });
    started.children.push(child);
    return child;
  };

  const isLocal = env.TRUELAYER_ENV === 'local';
  const helpers: Promise<void>[] = [];
  if (isLocal) {
    await Promise.all([ports.sandbox, ports.mailWeb, ports.smtp].map((reservation) => reservation.release()));
    const sandbox = start('sandbox', ['sandbox/main.ts'], sandboxEnvironment(options, env));
    const mail = start('mail', ['sandbox/mail/main.ts'], {
      MAIL_SMTP_PORT: String(ports.smtp.port),
      MAIL_HTTP_PORT: String(ports.mailWeb.port),
    });
    helpers.push(
      untilAnswers(`http://127.0.0.1:${ports.sandbox.port}/health`, sandbox, 'listening on'),
      untilAnswers(`http://127.0.0.1:${ports.mailWeb.port}/`, mail, 'listening on'),
    );
  }
  await step('database up to date', () =>
    runToEnd({ name: 'migrate', args: ['scripts/migrate.ts'], env: { ...env, DATABASE_OWNER_URL: ownerUrl }, logDir }),
  );
  if (helpers.length > 0) await step('stand-in and mail catcher', () => Promise.all(helpers));

  start('worker', ['--max-semi-space-size=4', 'scripts/worker.ts']);
  const web =
    options.mode === 'dev'
      ? await startDev(start, ports.web)
      : await startBuilt(start, env.TRUELAYER_ENV ?? 'local', { started, reservation: ports.web });
  const seed = isLocal ? runToEnd({ name: 'seed', args: ['prisma/seed.ts'], env, logDir }) : undefined;
  await step('web and worker', () =>
    Promise.all([seed, untilAnswers(`http://127.0.0.1:${ports.web.port}/api/ready`, web, 'Ready in')]),
  );
  return env;
}

type Starter = (
  name: string,
  args: string[],
  more?: Record<string, string>,
  rest?: { cwd?: string; isNext?: boolean },
) => Child;

type BuiltOptions = { started: Started; reservation: Reservation };

async function startBuilt(start: Starter, environment: string, { started, reservation }: BuiltOptions): Promise<Child> {
  const title = hasBuild(environment) ? 'build (nothing changed)' : 'build';
  const folder = await step(title, () => ensureBuild(environment));
  started.buildDir = folder;
  await reservation.release();
  const listening = { NODE_ENV: 'production', HOSTNAME: listenAddress() };
  return start('web', ['server.js'], listening, { cwd: folder, isNext: true });
}

/** Loopback unless `LISTEN_ADDRESS` says otherwise: a trial with its public passwords is for this machine. */
function listenAddress(): string {
  return process.env.LISTEN_ADDRESS || '127.0.0.1';
}

async function startDev(start: Starter, reservation: Reservation): Promise<Child> {
  await reservation.release();
  const next = path.join(root, 'node_modules/next/dist/bin/next');
  return start(
    'web',
    [next, 'dev', '--port', String(reservation.port), '--hostname', listenAddress()],
    { NODE_ENV: 'development', NODE_OPTIONS: '', NEXT_TELEMETRY_DISABLED: '1' },
    { isNext: true },
  );
}

type ProvidedDatabase = {
  databaseUrl: string;
  /** For the migration alone; empty when one role does both. */
  ownerUrl: string;
};

async function provideDatabase(
  options: StackOptions,
  started: { postgres: LocalPostgres | null },
): Promise<ProvidedDatabase> {
  const given = options.env?.DATABASE_URL;
  if (given !== undefined) {
    await step('database of DATABASE_URL', () => reach(given));
    return { databaseUrl: given, ownerUrl: options.env?.DATABASE_OWNER_URL ?? '' };
  }
  const postgres = await step('PostgreSQL', () =>
    startPostgres({ dir: path.join(options.dir, 'postgres'), isThrowAway: options.isThrowAway }),
  );
  started.postgres = postgres;
  return { databaseUrl: postgres.url, ownerUrl: postgres.ownerUrl };
}

/** Before anything is started: a wrong value is told at once, and not by the fifth process. */
function checkConfiguration(env: Record<string, string>): void {
  try {
    parseEnv(env);
  } catch (error) {
    if (error instanceof EnvError) throw new StartProblem(error.message);
    throw error;
  }
}

async function reach(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 8000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
    const version = Number(rows[0]?.server_version_num ?? 0);
    if (version < 150_000)
      throw new Error(`it is version ${Math.floor(version / 10_000)}, and Linkwell needs 15 or newer`);
  } catch (cause) {
    const reason =
      cause instanceof Error && cause.message !== ''
        ? cause.message
        : String((cause as { code?: unknown }).code ?? cause);
    throw new StartProblem(
      `The database that DATABASE_URL names can't be used: ${reason}.\nStart it or correct the address; or unset DATABASE_URL to use the embedded PostgreSQL.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

function environmentOf(options: StackOptions, databaseUrl: string): Record<string, string> {
  const { ports } = options;
  const standIn = `http://127.0.0.1:${ports.sandbox.port}`;
  const given = options.env ?? {};
  const environment = given.TRUELAYER_ENV ?? 'local';
  const { TRUELAYER_CLIENT_ID = '', TRUELAYER_CLIENT_SECRET = '', ...secrets } = localSecrets(options.dir);
  const local = {
    TRUELAYER_AUTH_URL: standIn,
    TRUELAYER_API_URL: standIn,
    TRUELAYER_STATUS_URL: standIn,
    TRUELAYER_CLIENT_ID,
    TRUELAYER_CLIENT_SECRET,
    SMTP_URL: `smtp://127.0.0.1:${ports.smtp.port}`,
  };
  return {
    APP_URL: `http://localhost:${ports.web.port}`,
    PORT: String(ports.web.port),
    ...secrets,
    TRUELAYER_ENV: environment,
    ...(environment === 'local' ? local : {}),
    ...given,
    DATABASE_URL: databaseUrl,
    // Web and worker have no use for the owner's password.
    DATABASE_OWNER_URL: '',
    ...(environment === 'local' ? { MAIL_CATCHER_URL: `http://localhost:${ports.mailWeb.port}` } : {}),
  };
}

function sandboxEnvironment(options: StackOptions, env: Record<string, string>): Record<string, string> {
  return {
    SANDBOX_PORT: String(options.ports.sandbox.port),
    SANDBOX_DATA_DIR: path.join(options.dir, 'sandbox'),
    SANDBOX_CLIENT_ID: env.TRUELAYER_CLIENT_ID ?? '',
    SANDBOX_CLIENT_SECRET: env.TRUELAYER_CLIENT_SECRET ?? '',
    SANDBOX_REDIRECT_URIS: `${env.APP_URL}/connect/callback`,
    SANDBOX_DIRECT_LINKS: 'all',
    SANDBOX_CONTROL: options.hasControl ? '1' : '',
    SANDBOX_ISSUED_FILE: options.issuedFile ?? '',
  };
}
