import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actingAs, type Context, createContext } from '#lib/context/context';
import { applyMigrations, type Migration, readMigrations } from '#lib/db/migrate/apply-migrations';
import { migrateDatabase } from '#lib/db/migrate/migrate-database';
import { migrateQueue } from '#lib/queue/boss';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';
import { sealMovedReasons } from './seal-moved-reasons.ts';
import { eraseTypedReasons, readTypedReasons } from './typed-reasons.ts';

const MIGRATION = '20261128204800_sealed_reasons';

let own: OwnDatabase;
let ctx: Context;
beforeAll(async () => {
  own = await ownDatabase({ isMigrated: false });
});
afterAll(() => own.drop());

const migrations = readMigrations('prisma/migrations');

async function apply(some: readonly Migration[]): Promise<void> {
  const owner = new pg.Client({ connectionString: own.ownerUrl });
  await owner.connect();
  try {
    await applyMigrations(owner, some);
  } finally {
    await owner.end();
  }
}

async function addPerson(): Promise<string> {
  const id = uuidv7();
  await own.query('insert into users (id, email, created_at) values ($1, $2, now())', [id, `${id}@example.com`]);
  return id;
}

async function addEntry(entry: { action: string; reason: string; personId?: string }): Promise<string> {
  const id = uuidv7();
  await own.query(
    `insert into audit_entries (id, at, actor_kind, action, subject_kind, person_id, reason)
     values ($1, now(), 'admin', $2, 'connection', $3, $4)`,
    [id, entry.action, entry.personId ?? null, entry.reason],
  );
  return id;
}

const reasonOf = async (id: string) =>
  (await own.query<{ reason: string | null }>('select reason from audit_entries where id = $1', [id])).rows[0]?.reason;

test('reasons of earlier releases move out of the audit and are sealed; codes stay; the audit stays append-only', async () => {
  await apply(migrations.filter(({ name }) => name < MIGRATION));
  const personId = await addPerson();
  const typed = await addEntry({ action: 'connection.refresh_asked', reason: 'Ms Old asked us to.', personId });
  const oneWord = await addEntry({ action: 'connection.refresh_asked', reason: 'Asked_by_Ms_Old', personId });
  const aboutNobody = await addEntry({ action: 'settings.changed', reason: 'As agreed with legal.' });
  const aboutErased = await addEntry({
    action: 'support_grant.opened',
    reason: 'Mr Erased asked us to.',
    personId: uuidv7(),
  });
  const code = await addEntry({ action: 'connection.status_changed', reason: 'renewal_confirmed', personId });

  await apply(migrations.filter(({ name }) => name === MIGRATION));
  for (const id of [typed, oneWord, aboutNobody, aboutErased]) expect(await reasonOf(id)).toBeNull();
  expect(await reasonOf(code)).toBe('renewal_confirmed');
  const { rows } = await own.query<{ text: string }>('select t::text as text from reasons_to_seal t');
  expect(rows).toHaveLength(3);
  expect(JSON.stringify(rows)).not.toContain('Mr Erased');
  await expect(own.query("update audit_entries set reason = 'x' where id = $1", [typed])).rejects.toThrow(
    /append-only/,
  );
  await expect(own.query('delete from audit_entries where id = $1', [typed])).rejects.toThrow(/append-only/);

  await migrateDatabase({ ownerUrl: own.ownerUrl, runtimeUrl: own.url, migrations, migrateQueue });
  ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
  const all = [typed, oneWord, aboutNobody, aboutErased, code];
  const expected = new Map<string, unknown>([
    [typed, { status: 'readable', text: 'Ms Old asked us to.' }],
    [oneWord, { status: 'readable', text: 'Asked_by_Ms_Old' }],
    [aboutNobody, { status: 'readable', text: 'As agreed with legal.' }],
    [aboutErased, { status: 'erased' }],
  ]);
  expect(await readTypedReasons(ctx, all)).toEqual(expected);
  expect(await sealMovedReasons(ctx, { batchSize: 2 })).toBe(3);
  expect(await sealMovedReasons(ctx)).toBe(0);
  expect((await own.query('select 1 from reasons_to_seal')).rowCount).toBe(0);
  expect(await readTypedReasons(ctx, all)).toEqual(expected);
});

test('a reason that a process of the release before writes as text is moved out of the entry and sealed', async () => {
  const personId = await addPerson();
  const id = await addEntry({ action: 'connection.refresh_asked', reason: 'Ms Meanwhile asked us to.', personId });
  expect(await reasonOf(id)).toBeNull();
  expect(await sealMovedReasons(ctx)).toBe(1);
  expect((await readTypedReasons(ctx, [id])).get(id)).toEqual({
    status: 'readable',
    text: 'Ms Meanwhile asked us to.',
  });
});

test('an account that is erased before its reasons are sealed takes them along', async () => {
  const personId = await addPerson();
  const id = await addEntry({ action: 'connection.refresh_asked', reason: 'Ms Quick asked us to.', personId });
  await eraseTypedReasons(ctx, personId);
  expect((await own.query('select 1 from reasons_to_seal')).rowCount).toBe(0);
  expect((await readTypedReasons(ctx, [id])).get(id)).toEqual({ status: 'erased' });
});

test('only a job seals', async () => {
  const admin = actingAs(ctx, { kind: 'admin', userId: uuidv7() });
  await expect(sealMovedReasons(admin)).rejects.toMatchObject({ kind: 'forbidden' });
});
