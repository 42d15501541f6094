import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { root } from './local/paths.ts';

// A house under the real rules, full of code that nobody would keep: the linter is asked about all of it at once.
const house = mkdtempSync(path.join(tmpdir(), 'linkwell-lint-'));
afterAll(() => rmSync(house, { recursive: true, force: true }));

const importing = (from: string) => `import { thing } from '${from}';\nexport const used = thing;\n`;
const readingEnv = 'export const secret = process.env.NEXTAUTH_SECRET;\n';

type Case = { what: string; file: string; code: string; rule: string };

const refused: Case[] = [
  ...[
    ['a lower floor that looks up', 'lib/db/a.ts', '#lib/banks/list-banks'],
    ['a pure room that looks up', 'lib/time/a.ts', '#lib/env/env'],
    ['two rooms of the second floor that know each other', 'lib/crypto/a.ts', '#lib/db/client'],
    ['a TrueLayer client that could not be published', 'lib/truelayer/a.ts', '#lib/errors/app-error'],
    ['domain code that knows Next.js', 'lib/connections/a.ts', 'next/navigation'],
    ['domain code that knows React', 'lib/banks/a.ts', 'react'],
    ['a way around the floors', 'lib/banks/b.ts', '../db/client.ts'],
    ['tokens in the hands of a page', 'app/a.ts', '#lib/connections/tokens'],
    ['tokens in the hands of another room', 'lib/accounts/a.ts', '#lib/connections/tokens'],
    ['a page that asks the database itself', 'app/b.ts', '#lib/db/client'],
    ['a component that reads the environment', 'components/a.ts', '#lib/env/env'],
    ['a job that claims that somebody is there', 'lib/jobs/a.ts', '#lib/auth/presence'],
    ["product code that uses a test's things", 'lib/sync/a.ts', '#lib/testing/use-stand-in'],
    ['a stand-in that leans on the product', 'sandbox/a.ts', '#lib/truelayer/error'],
  ].map(([what = '', file = '', from = '']) => ({ what, file, code: importing(from), rule: 'noRestrictedImports' })),
  { what: 'a second reader of the environment', file: 'lib/auth/env.ts', code: readingEnv, rule: 'noProcessEnv' },
  { what: 'a page that reads the environment', file: 'app/env.ts', code: readingEnv, rule: 'noProcessEnv' },
  { what: 'a console beside the log', file: 'lib/auth/c.ts', code: "console.log('x');\n", rule: 'noConsole' },
  { what: 'a console in a page', file: 'app/c.ts', code: "console.error('x');\n", rule: 'noConsole' },
  { what: 'any', file: 'lib/auth/d.ts', code: 'export const f = (x: any) => x;\n', rule: 'noExplicitAny' },
  {
    what: 'an exclamation mark for a type',
    file: 'lib/auth/e.ts',
    code: 'export const f = (x: string | null) => x!.length;\n',
    rule: 'noNonNullAssertion',
  },
];

const allowed: Case[] = [
  {
    what: 'a higher floor that uses a lower one',
    file: 'lib/sync/ok.ts',
    code: importing('#lib/connections/tokens'),
    rule: 'noRestrictedImports',
  },
  {
    what: 'a page that calls a verb',
    file: 'app/ok.ts',
    code: importing('#lib/connections/list-connections'),
    rule: 'noRestrictedImports',
  },
  {
    what: 'a component that formats',
    file: 'components/ok.ts',
    code: importing('#lib/format/money'),
    rule: 'noRestrictedImports',
  },
  { what: 'the one reader of the environment', file: 'lib/env/env.ts', code: readingEnv, rule: 'noProcessEnv' },
];

const brokenRules = lintHouse();

test.each(refused)('the linter refuses $what', ({ file, rule }) => {
  expect(brokenRules.get(file) ?? []).toContain(rule);
});

test.each(allowed)('the linter allows $what', ({ file, rule }) => {
  expect(brokenRules.get(file) ?? []).not.toContain(rule);
});

type Report = { diagnostics: { category: string; location: { path: string | { file: string } } }[] };

function lintHouse(): Map<string, string[]> {
  cpSync(path.join(root, 'biome.json'), path.join(house, 'biome.json'));
  for (const { file, code } of [...refused, ...allowed]) {
    mkdirSync(path.dirname(path.join(house, file)), { recursive: true });
    writeFileSync(path.join(house, file), code);
  }
  const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome');
  const { stdout, status } = spawnSync(
    process.execPath,
    [biome, 'lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=json', '.'],
    {
      cwd: house,
      encoding: 'utf8',
    },
  );
  expect(status, 'a house like this must fail').toBe(1);
  const report: Report = JSON.parse(stdout.slice(stdout.indexOf('{')));
  const rules = new Map<string, string[]>();
  for (const { category, location } of report.diagnostics) {
    const file = typeof location.path === 'string' ? location.path : location.path.file;
    const name = path.relative(house, path.resolve(house, file));
    rules.set(name, [...(rules.get(name) ?? []), category.replace(/^lint\/\w+\//, '')]);
  }
  return rules;
}
