import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '../fixtures/test.ts';
import { discoverActions } from './discover.ts';
import { type Answer, act, knock } from './knock.ts';
import { populate, snapshot, type Who } from './people.ts';
import { ACTIONS, ROUTES } from './table.ts';

const buildDir = process.env.LINKWELL_BUILD_DIR ?? '';

/** As they stand in an address: NUL, halves of characters, names of the prototype, overlong, and what no cursor is. */
const IN_ADDRESSES = [
  '%00',
  'a%00b',
  '__proto__',
  'constructor',
  'toString',
  '%ED%A0%80',
  'x'.repeat(4000),
  '9999999999999~00000000-0000-4000-8000-000000000000',
  '9e15~x',
  'eyJhIjoxfQ',
  '00000000-0000-4000-8000-00000000000%00',
  '-1',
];
const IN_ARGUMENTS: readonly unknown[] = [
  null,
  undefined,
  0,
  -1.5,
  true,
  [],
  ['a', 'b'],
  {},
  { toString: 'x' },
  '',
  '\u0000',
  '\ud800',
  '__proto__',
  'constructor',
  'x'.repeat(4000),
];

/** Of many values each case gets a few in turn, so that together the cases meet all of them. */
function takeInTurn<T>(values: readonly T[], turn: number, count: number): T[] {
  return Array.from(
    { length: Math.min(count, values.length) },
    (_, at) => values[(turn * count + at) % values.length] as T,
  );
}

test('whatever an address holds, no route fails @once', async ({ page, email }) => {
  const world = await populate(page, email);
  const names = queryNames();
  expect(names).toEqual(expect.arrayContaining(['after', 'q', 'returnTo', 'error']));
  const requests = Object.entries(ROUTES).flatMap(([door, row], turn) => {
    const [method = '', pattern = ''] = door.split(' ');
    const who: Who = row.isTeams === true ? 'admin' : 'owner';
    const real = row.at?.(world, who) ?? pattern;
    const paths = takeInTurn(withHostileParts(pattern, real), turn, 3);
    const queries = takeInTurn(withHostileQueries(real, names), turn, 2);
    return [...paths, ...queries].map((address) => ({ method, address, who, body: row.body?.() }));
  });
  const wrong: string[] = [];
  await inParallel(requests, async ({ method, address, who, body }) => {
    const request = { method, path: address, ...(method === 'GET' ? {} : { body: body ?? '' }) };
    const answer = await knock(world, who, request).catch((error: Error) => ({
      said: `500 ${error.message}`,
      body: '',
    }));
    if (hasFailed(answer)) wrong.push(`${method} ${address.slice(0, 160)} by ${who}: ${answer.said}`);
  });
  expect(wrong.sort()).toEqual([]);
});

test('whatever an action is called with, it refuses and does not fail @once', async ({ page, email }) => {
  const world = await populate(page, email);
  const before = await snapshot(world);
  const calls = discoverActions(buildDir).flatMap(({ id, name }, turn) => {
    const row = ACTIONS[name];
    if (row === undefined) return [];
    const who: Who = row.isTeams === true ? 'admin' : 'owner';
    return hostileArguments(row.args(world, who), turn).map((args) => ({ id, name, on: row.on(world), who, args }));
  });
  const wrong = new Set<string>();
  await inParallel(calls, async ({ name, who, ...call }) => {
    const answer = await act(world, who, call);
    if (hasFailed(answer)) wrong.add(`${name} with ${describe(call.args)} by ${who}: ${answer.said}`);
  });
  expect([...wrong].sort()).toEqual([]);
  // The connection, the account and the user are still there: nothing destructive was selected.
  const [user, , receipts, connections] = (await snapshot(world)) as unknown[];
  const [userBefore, , receiptsBefore, connectionsBefore] = before as unknown[];
  expect([connections, receipts]).toEqual([connectionsBefore, receiptsBefore]);
  expect(JSON.stringify(user)).toContain('"leaving_at":null');
  expect(JSON.stringify(userBefore)).toContain('"leaving_at":null');
});

/** A server error, or a page that broke while it was drawn: its error is known by a number, a redirect's by its name. */
function hasFailed({ said, body }: Answer): boolean {
  return /^5\d\d/.test(said) || /data-dgst="\d+"|digest\\?":\\?"\d+/.test(body);
}

/** Each part of the address that is an id, in turn, replaced by each hostile text. */
function withHostileParts(pattern: string, real: string | undefined): string[] {
  const parts = pattern.split('/');
  const realParts = (real ?? pattern).split('?')[0]?.split('/') ?? [];
  return parts.flatMap((part, index) =>
    part.startsWith('[') ? IN_ADDRESSES.map((text) => realParts.with(index, text).join('/')) : [],
  );
}

/** All parameters that any page reads, each with a hostile text, as one, as several, and as lists. */
function withHostileQueries(address: string, names: readonly string[]): string[] {
  const join = address.includes('?') ? '&' : '?';
  // NUL is refused for the whole address, so it stands alone.
  const short = IN_ADDRESSES.filter((text) => !text.includes('%00')).map((text) => text.slice(0, 200));
  const queries = short.map((_, shift) => names.map((name, at) => `${name}=${short[(at + shift) % short.length]}`));
  const twice = names.flatMap((name) => [`${name}=1`, `${name}=2`]);
  const lists = names.map((name) => `${name}[]=1`);
  return [...queries, ['q=%00'], twice, lists, ['__proto__=1', '__proto__[a]=1', 'constructor=1', 'toString=1']].map(
    (query) => `${address}${join}${query.join('&')}`,
  );
}

/** Names that pages and filters read from a query, found in their sources. */
function queryNames(): string[] {
  const files = ['app', 'lib/admin', 'lib/accounts'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
  const names = new Set([
    'after',
    'before',
    'state',
    'code',
    'scope',
    'error',
    'error_description',
    'bank',
    'task',
    'token',
  ]);
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const [, list = ''] of text.matchAll(/const \{([^{}]*)\} = (?:textsOf\()?\(?await searchParams/g)) {
      for (const name of list.split(',')) names.add(name.trim().split(/[ :=]/)[0] ?? '');
    }
    if (!/searchParams|filter/i.test(text)) continue;
    for (const [, name = ''] of text.matchAll(/\b(?:query|params|searchParams)\.(?:get\(')?([a-z]\w*)/g))
      names.add(name);
  }
  return [...names].filter((name) => name !== '').sort();
}

/** Each argument in turn replaced by hostile values, and each form by forms whose fields are missing, foreign or hostile. */
function hostileArguments(args: readonly unknown[], turn: number): unknown[][] {
  return args.flatMap((argument, index) => {
    const values = takeInTurn(IN_ARGUMENTS, turn + index, 3);
    const forms = argument instanceof FormData ? takeInTurn(hostileForms(argument), turn, 2) : [];
    return [...values, ...forms].map((value) => args.with(index, value));
  });
}

function hostileForms(form: FormData): FormData[] {
  const fields = ['reason', 'name', 'returnTo', 'hours', 'sure', ...form.keys()];
  const texts = IN_ARGUMENTS.filter((value) => typeof value === 'string' && value !== '\ud800').map(String);
  const filled = texts.map((text) => formOf(fields.map((name) => [name, text])));
  const file = formOf(fields.map((name) => [name, new Blob(['x'])]));
  return [
    new FormData(),
    ...filled,
    file,
    formOf([
      ['__proto__', 'x'],
      ['constructor', 'x'],
    ]),
  ];
}

function formOf(fields: readonly (readonly [string, string | Blob])[]): FormData {
  const form = new FormData();
  for (const [name, value] of fields) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, 'file.txt');
  }
  return form;
}

function describe(args: readonly unknown[]): string {
  const shown = args.map((argument) =>
    argument instanceof FormData ? `form(${[...argument.keys()]})` : (JSON.stringify(argument) ?? 'undefined'),
  );
  return shown.join(', ').slice(0, 160);
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}
