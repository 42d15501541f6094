// Runs one of our scripts on a machine that may have nothing yet: installs the dependencies when they are missing or stale,
// generates the database client, then hands over to the Node.js that came with them. Plain JavaScript; its own check of the
// version must parse and load on older releases, so it imports nothing that they lack.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, 'node_modules');
const NEEDED_BYTES = 2_500_000_000;

const [script, ...args] = process.argv.slice(2);
if (script === undefined) fail('usage: node scripts/bootstrap.mjs <script> [arguments]');
if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(
    `Linkwell needs Node.js 20 or newer to begin; this is ${process.version}. Install a newer one from your package manager.`,
  );
}

try {
  await install();
  generate();
} catch (error) {
  if (error.code !== 'EACCES' && error.code !== 'EROFS' && error.code !== 'EPERM') throw error;
  fail(`${error.path ?? root} can't be written to (${error.code}). Run this from a folder that is yours.`);
}
run();

async function install() {
  const wanted = hashOf('package-lock.json', '.npmrc');
  const stamp = path.join(modules, '.linkwell-lock');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted && fs.existsSync(nodeBinary())) return;
  fs.accessSync(root, fs.constants.W_OK);
  const free = fs.statfsSync(root);
  if (free.bavail * free.bsize < NEEDED_BYTES) {
    fail(
      `There is too little space on the disk of ${root}: the dependencies and a build need about 2.5 GB. Free some and start again.`,
    );
  }
  say('Installing dependencies (a minute or two the first time) …');
  // Without its stamp an interrupted installation is repeated from the beginning by the next start.
  fs.rmSync(stamp, { force: true });
  const { code, signal } = await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (signal !== null) {
    say('The installation was interrupted. The next start begins it again.');
    process.exit(130);
  }
  if (code !== 0)
    fail(
      'The dependencies could not be installed; npm says why above. Is the npm registry within reach, and is there space on the disk?',
    );
  fs.writeFileSync(stamp, wanted);
}

/** Runs npm and waits for it to end, also when this process is told to stop: an npm left behind would race the next start. */
function runNpm(npmArgs) {
  const isWindows = process.platform === 'win32';
  const npm = spawn(isWindows ? 'npm.cmd' : 'npm', npmArgs, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: isWindows,
    // A group of its own, so that the programs npm runs are ended with it.
    detached: !isWindows,
  });
  let signal = null;
  const stop = (received) => {
    signal = received;
    try {
      if (isWindows) npm.kill(received);
      else process.kill(-npm.pid, 'SIGTERM');
    } catch {
      // It ended by itself just before.
    }
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, stop);
  return new Promise((resolve, reject) => {
    npm.once('error', reject);
    npm.once('exit', (code) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, stop);
      resolve({ code, signal });
    });
  });
}

function generate() {
  const wanted = hashOf('prisma/schema.prisma', 'package-lock.json');
  const folder = path.join(root, 'lib/db/generated');
  const stamp = path.join(folder, '.generated');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
  say('Generating the database client …');
  // The generator insists on a schema engine that it never runs; any executable will do, and nothing is downloaded.
  const result = spawnSync(nodeBinary(), [path.join(modules, 'prisma/build/index.js'), 'generate'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  });
  if (result.status !== 0)
    fail(
      `The database client could not be generated:\n${result.stdout ?? ''}\n${result.stderr || String(result.error)}`,
    );
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(stamp, wanted);
}

function run() {
  const child = spawn(
    nodeBinary(),
    ['--conditions=react-server', '--disable-warning=ExperimentalWarning', path.join(root, script), ...args],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, PATH: `${path.join(modules, '.bin')}${path.delimiter}${process.env.PATH ?? ''}` },
    },
  );
  // Ctrl-C reaches the child by itself; this process only has to outlive it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT') child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function nodeBinary() {
  return path.join(modules, 'node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function hashOf(...files) {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of files) hash.update(file).update(fs.readFileSync(path.join(root, file)));
  return hash.digest('hex');
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
