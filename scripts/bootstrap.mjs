// Runs a script of ours on a machine that may have nothing yet: installs the dependencies when they are missing or stale,
// generates the database client, then hands over to the Node.js that came with them. Plain JavaScript, for Node.js 20.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
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

install();
generate();
run();

function install() {
  const wanted = hashOf('package-lock.json', '.npmrc');
  const stamp = path.join(modules, '.linkwell-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(nodeBinary())) return;
  const free = statfsSync(root);
  if (free.bavail * free.bsize < NEEDED_BYTES) {
    fail(
      `There is too little room on the disk of ${root}: the dependencies and a build need about 2.5 GB. Free some and start again.`,
    );
  }
  say('Installing dependencies (a minute or two the first time) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0)
    fail(
      'The dependencies could not be installed; npm says why above. Is the npm registry within reach, and is there room on the disk?',
    );
  writeFileSync(stamp, wanted);
}

function generate() {
  const wanted = hashOf('prisma/schema.prisma', 'package-lock.json');
  const folder = path.join(root, 'lib/db/generated');
  const stamp = path.join(folder, '.generated');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
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
  if (result.status !== 0) fail(`The database client could not be generated:\n${result.stdout}\n${result.stderr}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(stamp, wanted);
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
  for (const file of files) hash.update(file).update(readFileSync(path.join(root, file)));
  return hash.digest('hex');
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}
