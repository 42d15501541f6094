import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { freePort } from './ports.ts';

export type PgBouncer = {
  /** The same address through the pooler. */
  urlOf(databaseUrl: string): string;
  stop(): Promise<void>;
};

/** Debian installs it outside an ordinary user's path. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];
/** Detects a hang and nothing else. */
const READY_TIMEOUT_MS = 60_000;
// PgBouncer refuses to run as root.
const NOBODY = { uid: 65534, gid: 65534 };

/** The system's PgBouncer; on Debian, as root, it is installed when there is none. Null where it can't be. */
export function ensurePgBouncer(): string | null {
  const found = findPgBouncer();
  if (found !== null || process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    return found;
  }
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'pgbouncer'],
  ]) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    if (spawnSync('apt-get', args, { env, stdio: 'ignore' }).status !== 0) return null;
  }
  return findPgBouncer();
}

/** Without installing anything. */
export function findPgBouncer(): string | null {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...SYSTEM_FOLDERS];
  return folders.map((folder) => path.join(folder, 'pgbouncer')).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Absent or not a program: not this one.
    return false;
  }
}

/**
 * A pooler in transaction mode in front of the server that `urls` name. It hands each transaction to one of few server
 * connections, adds its client's address to `application_name`, and knows the passwords of the URLs.
 */
export async function startPgBouncer(program: string, dir: string, urls: readonly string[]): Promise<PgBouncer> {
  const server = new URL(urls[0] ?? '');
  const port = await freePort();
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o755);
  const logins = urls.map((url) => new URL(url)).map(({ username, password }) => `"${username}" "${password}"\n`);
  const configFile = path.join(dir, 'pgbouncer.ini');
  writeFileSync(path.join(dir, 'users.txt'), [...new Set(logins)].join(''), { mode: 0o644 });
  writeFileSync(
    configFile,
    `[databases]
* = host=${server.hostname} port=${server.port || 5432}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${path.join(dir, 'users.txt')}
pool_mode = transaction
default_pool_size = 4
application_name_add_host = 1
`,
    { mode: 0o644 },
  );
  const owner = process.getuid?.() === 0 ? NOBODY : {};
  const child = spawn(program, ['-q', configFile], { ...owner, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString('utf8')).slice(-4000);
  });
  await untilListening(port, child, () => log);
  return {
    urlOf(databaseUrl) {
      const url = new URL(databaseUrl);
      url.hostname = '127.0.0.1';
      url.port = String(port);
      return url.href;
    },
    async stop() {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function untilListening(port: number, child: ChildProcess, log: () => string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.once('close', () => resolve(false)).once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`PgBouncer did not start:\n${log()}`);
}
