import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { root } from '#scripts/local/paths';
import { isPinned } from './image-reference.ts';
import { listImports } from './list-imports.ts';
import { readDockerfile, type Stage } from './read-dockerfile.ts';

const { args, stages } = readDockerfile(readFileSync(path.join(root, 'Dockerfile'), 'utf8'));
const manifest: {
  dependencies: Record<string, string>;
  scripts: Record<string, string>;
} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

/** What is built and shipped; the other stages only serve these. */
const IMAGES = ['web', 'worker'];

/** What an operator runs in the worker image. */
const WORKER_SCRIPTS = ['worker', 'migrate', 'keys', 'replay', 'doctor'];

function stageOf(name: string): Stage {
  const stage = stages.find((each) => each.name === name);
  if (stage === undefined) throw new Error(`The Dockerfile has no stage ${name}`);
  return stage;
}

const textsOf = (stage: Stage, keyword: string) =>
  stage.instructions.filter((each) => each.keyword === keyword).map(({ text }) => text);

test('every image comes from one pinned release of Node.js, the one that package.json names', () => {
  expect(args.NODE_IMAGE?.startsWith(`node:${manifest.dependencies.node}-`)).toBe(true);
  const external = stages.filter(({ from }) => !stages.some(({ name }) => name === from));
  expect(external.map(({ from }) => from)).toEqual([args.NODE_IMAGE]);
  expect(external.every(({ from }) => isPinned(from))).toBe(true);
});

test.each(IMAGES)('the %s image runs as a numbered user who is not root', (name) => {
  expect(textsOf(stageOf(name), 'USER')).toEqual(['10001:10001']);
});

test('the build checks types before it builds', () => {
  const steps = textsOf(stageOf('build'), 'RUN');
  const types = steps.findIndex((step) => step.includes('typescript/bin/tsc --noEmit'));
  const build = steps.findIndex((step) => step.includes('next/dist/bin/next build'));
  expect(types).toBeGreaterThan(-1);
  expect(build).toBeGreaterThan(types);
});

test('no image has both the standalone output and the production dependencies', () => {
  const copies = (name: string) => textsOf(stageOf(name), 'COPY').join('\n');
  expect(copies('web')).toContain('/app/.next/standalone');
  expect(copies('web')).not.toContain('node_modules');
  expect(copies('worker')).toContain('--from=dependencies /app/node_modules');
  expect(copies('worker')).not.toContain('.next');
});

test('every file that is copied exists, in the repository or in the stage that it is copied from', () => {
  const made = ['.next/standalone', '.next/static', 'node_modules'];
  const sources = stages.flatMap((stage) => textsOf(stage, 'COPY').flatMap(sourcesOf));
  expect(sources.length).toBeGreaterThan(10);
  expect(sources.filter((source) => !made.includes(source) && !existsSync(path.join(root, source)))).toEqual([]);
});

function sourcesOf(copy: string): string[] {
  const words = copy.split(/\s+/).filter((word) => !word.startsWith('--'));
  return words.slice(0, -1).map((source) => source.replace(/^\/app\//, ''));
}

test('the worker image starts what `npm run worker` starts, and contains it', () => {
  const [command = ''] = textsOf(stageOf('worker'), 'CMD');
  expect(JSON.parse(command).join(' ')).toBe(manifest.scripts.worker);
  const folders = textsOf(stageOf('worker'), 'COPY').flatMap(sourcesOf);
  expect(folders).toContain('scripts');
});

test('the web image starts the server of the standalone output and asks it whether it is healthy', () => {
  const web = stageOf('web');
  expect(textsOf(web, 'CMD')).toEqual(['["node", "server.js"]']);
  expect(textsOf(web, 'HEALTHCHECK').join()).toContain('/api/health');
  expect(existsSync(path.join(root, 'app/api/health/route.ts'))).toBe(true);
});

test('the scripts of the worker image import no package that the image lacks', () => {
  const removed = removedFromWorker();
  expect(removed).toContain('next');
  const { files, packages } = listImports(WORKER_SCRIPTS.map((name) => path.join(root, `scripts/${name}.ts`)));
  expect(files.length).toBeGreaterThan(100);
  expect(packages).toContain('pg-boss');
  const lacking = packages.filter((name) => removed.includes(name) || manifest.dependencies[name] === undefined);
  expect(lacking).toEqual([]);
  const folders = textsOf(stageOf('worker'), 'COPY').flatMap(sourcesOf);
  const outside = files.filter((file) => !folders.includes(path.relative(root, file).split(path.sep)[0] ?? ''));
  expect(outside).toEqual([]);
  expect(files.filter((file) => file.includes(`${path.sep}testing${path.sep}`))).toEqual([]);
});

test('the worker image has every package that another one in it requires', () => {
  const { packages } = LockFile.parse(JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')));
  // `npm ci` leaves out what is marked with one of these.
  const isLeftOut = ({ dev, devOptional, optional, peer }: LockEntry) => dev || devOptional || optional || peer;
  const missing = Object.entries(packages)
    .filter(
      ([name, entry]) =>
        name !== '' && !isLeftOut(entry) && !removedFromWorker().some((part) => name === `node_modules/${part}`),
    )
    .flatMap(([name, { peerDependencies, peerDependenciesMeta }]) =>
      Object.keys(peerDependencies)
        .filter((peer) => !peerDependenciesMeta[peer]?.optional && !removedFromWorker().includes(peer))
        .filter((peer) => {
          const entry = packages[`${name}/node_modules/${peer}`] ?? packages[`node_modules/${peer}`];
          return entry === undefined || isLeftOut(entry);
        })
        .map((peer) => `${name} requires ${peer}`),
    );
  expect(packages['node_modules/pg-boss']?.peerDependencies).toHaveProperty('@opentelemetry/api');
  expect(missing).toEqual([]);
});

const LockEntry = z.object({
  dev: z.boolean().default(false),
  devOptional: z.boolean().default(false),
  optional: z.boolean().default(false),
  peer: z.boolean().default(false),
  peerDependencies: z.record(z.string(), z.string()).default({}),
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().default(false) })).default({}),
});
type LockEntry = z.infer<typeof LockEntry>;
const LockFile = z.object({ packages: z.record(z.string(), LockEntry) });

function removedFromWorker(): string[] {
  return textsOf(stageOf('dependencies'), 'RUN')
    .flatMap((step) => [...step.matchAll(/node_modules\/(@?[\w-]+)/g)])
    .map(([, name = '']) => name);
}
