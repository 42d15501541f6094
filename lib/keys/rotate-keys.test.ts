import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Context, createContext } from '#lib/context/context';
import { createKeyRing } from '#lib/crypto/keyring';
import { openText, seal } from '#lib/crypto/seal';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';
import { getKeyStatus } from './key-status.ts';
import { type RotationStep, rotateKeys } from './rotate-keys.ts';
import { nameOfColumn, SEALED_COLUMNS } from './sealed-columns.ts';

const old = { kid: 'old', key: randomBytes(32) };
const fresh = { kid: 'fresh-1', key: randomBytes(32) };
const gone = { kid: 'gone', key: randomBytes(32) };
const before = createKeyRing([old]);
const ring = createKeyRing([fresh, old]);
const environment = [fresh, old].map(({ kid, key }) => `${kid}:${key.toString('base64')}`).join();

let own: OwnDatabase;
let ctx: Context;
beforeAll(async () => {
  own = await ownDatabase();
  ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
});
afterAll(() => own.drop());
beforeEach(() => own.query('truncate sealed_settings'));

const cellOf = (name: string) => ({ table: 'sealed_settings', column: 'value_sealed', rowId: name });

async function addValues(count: number, sealedBy = before): Promise<Map<string, string>> {
  const values = new Map(Array.from({ length: count }, () => [randomUUID(), randomUUID()]));
  const data = [...values].map(([name, text]) => ({
    name,
    valueSealed: seal(cellOf(name), text, sealedBy),
    updatedAt: new Date(),
  }));
  await ctx.db.sealedSetting.createMany({ data });
  return values;
}

async function readValues(opensWith = ring): Promise<Map<string, string>> {
  const rows = await ctx.db.sealedSetting.findMany({ select: { name: true, valueSealed: true } });
  return new Map(rows.map(({ name, valueSealed }) => [name, openText(cellOf(name), valueSealed, opensWith)]));
}

async function rotateAll(options: { batchSize?: number } = {}): Promise<RotationStep[]> {
  const steps: RotationStep[] = [];
  for await (const step of rotateKeys(ctx, { ...options, ring })) steps.push(step);
  return steps;
}

test('knows every sealed column of the database', async () => {
  const { rows } = await own.query<{ name: string }>(
    "select table_name || '.' || column_name as name from information_schema.columns where domain_name = 'sealed' order by 1",
  );
  expect(SEALED_COLUMNS.map(nameOfColumn).sort()).toEqual(rows.map(({ name }) => name));
});

test('everything is sealed anew in batches, reads the same, and opens without the old key', async () => {
  const values = await addValues(25);
  expect(await getKeyStatus(ctx, ring)).toMatchObject({ sealingKid: 'fresh-1', left: 25 });
  const steps = await rotateAll({ batchSize: 10 });
  expect(steps.map(({ resealed }) => resealed)).toEqual([10, 10, 5]);
  expect(await readValues(createKeyRing([fresh]))).toEqual(values);
  expect(await getKeyStatus(ctx, ring)).toMatchObject({
    left: 0,
    keys: [
      { kid: 'fresh-1', values: 25, isInRing: true },
      { kid: 'old', values: 0, isInRing: true },
    ],
  });
  expect(await rotateAll()).toEqual([]);
});

test('what can’t be opened is named and left as it is, and holds nothing else up', async () => {
  const values = await addValues(6);
  const [lost] = (await addValues(1, createKeyRing([gone]))).keys();
  const [moved = ''] = values.keys();
  const stolen = seal(cellOf('somewhere else'), 'text', before);
  await ctx.db.sealedSetting.update({ where: { name: moved }, data: { valueSealed: stolen }, select: { name: true } });
  const steps = await rotateAll({ batchSize: 2 });
  expect(steps.flatMap(({ unreadable }) => unreadable).sort()).toEqual([lost, moved].sort());
  expect(steps.reduce((sum, { resealed }) => sum + resealed, 0)).toBe(5);
  const status = await getKeyStatus(ctx, ring);
  expect(status.left).toBe(2);
  expect(status.keys).toContainEqual({ kid: 'gone', isInRing: false, values: 1 });
});

test('a value that changes while it is being sealed anew keeps the change', async () => {
  await addValues(4);
  const [name = ''] = await ctx.db.sealedSetting
    .findMany({ select: { name: true } })
    .then((rows) => rows.map((row) => row.name));
  const rotation = rotateKeys({ ...ctx, db: changing(name) }, { ring });
  const steps: RotationStep[] = [];
  for await (const step of rotation) steps.push(step);
  expect(steps[0]).toMatchObject({ resealed: 3, overtaken: 1 });
  expect((await readValues()).get(name)).toBe('newer');
});

/** The database, where somebody writes between the reading of a batch and its replacement. */
function changing(name: string): Context['db'] {
  return new Proxy(ctx.db, {
    get(target, property, receiver) {
      const real = Reflect.get(target, property, receiver);
      if (property !== '$queryRawUnsafe') return real;
      return async (sql: string, ...values: unknown[]) => {
        if (sql.startsWith('update "sealed_settings"')) {
          const data = { valueSealed: seal(cellOf(name), 'newer', before) };
          await ctx.db.sealedSetting.update({ where: { name }, data, select: { name: true } });
        }
        return ctx.db.$queryRawUnsafe(sql, ...values);
      };
    },
  });
}

test('only the system may', async () => {
  const user = { ...ctx, actor: { kind: 'admin', userId: randomUUID() } as const };
  await expect(rotateKeys(user, { ring }).next()).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(getKeyStatus(user, ring)).rejects.toMatchObject({ kind: 'forbidden' });
});

function keys(...args: string[]) {
  const flags = ['--conditions=react-server', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, 'scripts/keys.ts', ...args], {
    env: { ...process.env, TOKEN_SEALING_KEYS: environment },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { child, ended, said: () => said };
}

async function waiting(): Promise<number[]> {
  const rows = await ctx.db.$queryRaw<{ pid: number }[]>`
    select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and query like 'update "sealed_settings"%'`;
  return rows.map(({ pid }) => pid);
}

test('killed in the middle while others read and write, it loses nothing, and goes on where it was', async () => {
  const values = await addValues(1200);
  const serving = { isOn: true, reads: 0 };
  const served = (async () => {
    for (const [name, text] of [...values].slice(0, 600)) {
      if (!serving.isOn) return;
      const row = await ctx.db.sealedSetting.findUniqueOrThrow({ where: { name }, select: { valueSealed: true } });
      expect(openText(cellOf(name), row.valueSealed, ring)).toBe(text);
      serving.reads++;
    }
  })();
  // A row in the middle is locked, so that the command can't have finished by the time it is killed.
  await own.query('begin');
  await own.query('select 1 from sealed_settings where name = $1 for update', [[...values.keys()].sort()[600]]);
  const first = keys('rotate', '--batch=20');
  await expect.poll(async () => (await waiting()).length).toBe(1);
  expect(first.said()).toMatch(/\b60 in all/);
  first.child.kill('SIGKILL');
  await first.ended;
  // A statement that had reached the database would outlive its sender: here the whole machine is gone.
  for (const pid of await waiting()) await ctx.db.$queryRaw`select pg_terminate_backend(${pid}::int)`;
  await own.query('rollback');
  const midway = await getKeyStatus(ctx, ring);
  expect(midway.left).toBeGreaterThan(0);
  expect(midway.left).toBeLessThan(1200);
  expect(await readValues()).toEqual(values);

  const status = keys('status');
  expect(await status.ended).toBe(0);
  expect(status.said()).toContain(`${midway.left} values are left under other keys.`);

  const second = keys('rotate');
  expect(await second.ended, second.said()).toBe(0);
  expect(second.said()).toContain(`${midway.left} sealed anew, 0 changed meanwhile, 0 could not be opened.`);
  expect(second.said()).toContain('old: opens, 0 values; no longer needed');
  expect(second.said()).toContain('Everything is sealed with fresh-1.');
  serving.isOn = false;
  await served;
  expect(serving.reads).toBeGreaterThan(0);
  expect(await readValues(createKeyRing([fresh]))).toEqual(values);
  for (const { key } of [fresh, old]) expect(first.said() + second.said()).not.toContain(key.toString('base64'));
});

test('a rotation is in the audit: when it began, with which key, and what it did', async () => {
  await addValues(3);
  const since = new Date();
  await rotateAll();
  const entries = await ctx.db.auditEntry.findMany({ where: { subjectKind: 'sealing_key', at: { gte: since } } });
  expect(entries.map(({ action }) => action).sort()).toEqual(['keys.rotation_ended', 'keys.rotation_started']);
  expect(entries.find(({ action }) => action === 'keys.rotation_ended')).toMatchObject({
    subjectId: 'fresh-1',
    actorLabel: 'test',
    after: { resealed: 3, overtaken: 0, unreadable: 0, wasStopped: false },
  });
});
