import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseYAML } from 'confbox/yaml';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { VARIABLE_NAMES } from '#lib/env/env';
import { root } from '#scripts/local/paths';
import { isPinned } from './image-reference.ts';
import { readDockerfile } from './read-dockerfile.ts';

const Service = z.object({
  image: z.string(),
  build: z.object({ context: z.literal('.'), target: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  env_file: z.string().optional(),
  environment: z.record(z.string(), z.string()).default({}),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});

const text = readFileSync(path.join(root, 'compose.yml'), 'utf8');
const { services } = z.object({ services: z.record(z.string(), Service) }).parse(parseYAML(text));
const manifest = z
  .object({ version: z.string(), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
const ours = Object.entries(services).filter(([, { build }]) => build !== undefined);

test('runs every program of ours, built from a stage of the Dockerfile and tagged with its version', () => {
  const { stages } = readDockerfile(readFileSync(path.join(root, 'Dockerfile'), 'utf8'));
  expect(ours.map(([name]) => name)).toEqual(expect.arrayContaining(['migrate', 'web', 'worker']));
  for (const [name, { build, image }] of ours) {
    expect(
      stages.map((stage) => stage.name),
      name,
    ).toContain(build?.target);
    expect(image, name).toBe(`linkwell-${build?.target}:${manifest.version}`);
  }
});

test('every image is pinned', () => {
  expect(Object.values(services).filter(({ image }) => !isPinned(image))).toEqual([]);
});

test('web and worker start only after the migrations have run, with the settings of .env', () => {
  expect(services.migrate?.command?.join(' ')).toBe(manifest.scripts.migrate);
  for (const service of [services.web, services.worker]) {
    expect(service?.env_file).toBe('.env');
    expect(service?.depends_on.migrate?.condition).toBe('service_completed_successfully');
  }
});

test('our containers have a read-only file system and no capabilities', () => {
  for (const [name, { read_only, cap_drop }] of ours) {
    expect({ read_only, cap_drop }, name).toEqual({ read_only: true, cap_drop: ['ALL'] });
  }
});

test('only the migration gets the role that owns the tables; web and worker connect as another and see no other password', () => {
  const userOf = (url = '') => new URL(url.replace(/\$\{\w+\}/g, 'x')).username;
  expect(userOf(services.migrate?.environment.DATABASE_OWNER_URL)).toBe('linkwell_owner');
  for (const service of [services.web, services.worker]) {
    expect(userOf(service?.environment.DATABASE_URL)).toBe('linkwell_runtime');
    expect(service?.environment).toMatchObject({
      DATABASE_OWNER_URL: '',
      DATABASE_OWNER_PASSWORD: '',
      POSTGRES_PASSWORD: '',
    });
  }
  expect(services.roles?.environment.PGUSER).toBe('linkwell');
  expect(services.migrate?.depends_on.roles?.condition).toBe('service_completed_successfully');
});

test('sets no variable that is not read, and takes its own from .env.example', () => {
  const set = ours.flatMap(([, { environment }]) =>
    Object.keys(environment).filter((name) => environment[name] !== ''),
  );
  expect(set).toContain('DATABASE_URL');
  expect(set.filter((name) => !VARIABLE_NAMES.includes(name))).toEqual([]);
  const example = readFileSync(path.join(root, '.env.example'), 'utf8');
  const used = [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name);
  expect(used).toContain('POSTGRES_PASSWORD');
  expect(used.filter((name) => !new RegExp(`^${name}=`, 'm').test(example))).toEqual([]);
});
