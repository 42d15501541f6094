import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import path from 'node:path';
import { withFileLock } from './lock.ts';
import { dataDir, root } from './paths.ts';
import { StartProblem } from './say.ts';

const SOURCES = ['app', 'components', 'lib', 'public', 'prisma'];
const FILES = [
  'next.config.js',
  'postcss.config.mjs',
  'instrumentation.ts',
  'proxy.ts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];
const KEPT = 3;

/**
 * The folder of a finished build of exactly these sources; builds it if there is none. Each build has a folder of its own,
 * so that building for the tests leaves a running app alone.
 */
export async function ensureBuild(environment: string): Promise<string> {
  const folder = path.join(dataDir, 'builds', fingerprint(environment));
  if (existsSync(folder)) return touch(folder);
  return withFileLock(path.join(dataDir, 'build.lock'), () => {
    if (!existsSync(folder)) build(folder, environment);
    return touch(folder);
  });
}

export function hasBuild(environment: string): boolean {
  return existsSync(path.join(dataDir, 'builds', fingerprint(environment)));
}

/** Builds into .next/standalone, with the files that Next.js leaves to a web server put beside it. */
export function buildStandalone(environment: string): string {
  const result = spawnSync(process.execPath, [path.join(root, 'node_modules/next/dist/bin/next'), 'build'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      TRUELAYER_ENV: environment,
      NODE_OPTIONS: '',
    },
  });
  if (result.status !== 0) throw new StartProblem(`The app could not be built:\n${result.stdout}\n${result.stderr}`);
  const standalone = path.join(root, '.next/standalone');
  cpSync(path.join(root, '.next/static'), path.join(standalone, '.next/static'), { recursive: true });
  if (existsSync(path.join(root, 'public'))) {
    cpSync(path.join(root, 'public'), path.join(standalone, 'public'), { recursive: true });
  }
  return standalone;
}

function build(folder: string, environment: string): void {
  const standalone = buildStandalone(environment);
  const parent = path.dirname(folder);
  mkdirSync(parent, { recursive: true });
  renameSync(standalone, folder);
  for (const old of newestFirst(parent).slice(KEPT)) rmSync(path.join(parent, old), { recursive: true, force: true });
}

// Marks it as the one used last, so that old builds are the ones that go.
function touch(folder: string): string {
  const now = new Date();
  utimesSync(folder, now, now);
  return folder;
}

function newestFirst(parent: string): string[] {
  return readdirSync(parent)
    .map((name) => ({ name, usedMs: statSync(path.join(parent, name)).mtimeMs }))
    .sort((one, other) => other.usedMs - one.usedMs)
    .map(({ name }) => name);
}

function fingerprint(environment: string): string {
  const hash = createHash('sha256').update(environment);
  for (const file of [...FILES, ...SOURCES.flatMap(filesIn)]) {
    const full = path.join(root, file);
    if (existsSync(full)) hash.update(file).update(readFileSync(full));
  }
  return hash.digest('hex').slice(0, 20);
}

function filesIn(folder: string): string[] {
  const full = path.join(root, folder);
  if (!existsSync(full)) return [];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && !entry.name.includes('.test.') && !entry.parentPath.includes(`db${path.sep}generated`),
    )
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
}
