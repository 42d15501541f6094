import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from './local/paths.ts';

type Entry = { version?: string; integrity?: string; resolved?: string; link?: boolean };

const lock: { packages: Record<string, Entry> } = JSON.parse(
  readFileSync(path.join(root, 'package-lock.json'), 'utf8'),
);
const dependencies = Object.entries(lock.packages).filter(([name]) => name !== '');

test('every dependency is pinned by its hash, those of other platforms included', () => {
  expect(dependencies.length).toBeGreaterThan(100);
  const unpinned = dependencies.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''));
  expect(unpinned.map(([name]) => name)).toEqual([]);
});

test('names no registry host', () => {
  expect(dependencies.filter(([, { resolved }]) => resolved?.startsWith('http')).map(([name]) => name)).toEqual([]);
});

test('package.json names exact versions only', () => {
  const {
    dependencies: own = {},
    devDependencies = {},
  }: Record<string, Record<string, string>> = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  for (const [name, version] of Object.entries({ ...own, ...devDependencies })) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  }
});
