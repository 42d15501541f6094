import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportEntries } from '#lib/admin/audit/export-entries';
import { parseAuditFilter } from '#lib/admin/audit/filter';
import { listEntries } from '#lib/admin/audit/list-entries';
import { askForRefresh } from '#lib/admin/connection/ask-for-refresh';
import { listEvents } from '#lib/admin/connection/list-events';
import { openSupportGrant } from '#lib/admin/grants/open-grant';
import { retryJob } from '#lib/admin/health/retry-job';
import { leave } from '#lib/connections/leave';
import { listHistory } from '#lib/connections/list-history';
import { actingAs, type Context, createContext, inTransaction } from '#lib/context/context';
import { createKeyRing, keyRing } from '#lib/crypto/keyring';
import { openText } from '#lib/crypto/seal';
import { rotateKeys } from '#lib/keys/rotate-keys';
import { askingBoss } from '#lib/queue/boss';
import { JOB_NAMES, JOBS, type JobName } from '#lib/queue/contract';
import { addAccount, addBareConnection } from '#lib/testing/add-account';
import { runOnce } from '#lib/testing/databases';
import { addUser } from '#lib/testing/link-person';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';
import { addMs, HOUR_MS } from '#lib/time/span';
import { toRing } from './person-keys.ts';
import { recordAudit } from './record.ts';
import { eraseTypedReasons, readTypedReasons } from './typed-reasons.ts';

let own: OwnDatabase;
let system: Context;
let admin: Context;
beforeAll(async () => {
  own = await ownDatabase();
  system = await createContext({ actor: { kind: 'system', job: 'test' } });
  admin = actingAs(system, { kind: 'admin', userId: await addUser(system) });
});
afterAll(() => own.drop());

async function aPerson() {
  const userId = await addUser(system);
  const connectionId = await addBareConnection(system, { userId });
  return { userId, connectionId, ctx: actingAs(system, { kind: 'user', userId }) };
}

/** A user without a connection that would have to be stopped first. */
async function aPersonWithReason(text: string) {
  const userId = await addUser(system);
  await inTransaction(admin, (tx) =>
    recordAudit(tx, {
      action: 'test.done',
      subject: { kind: 'person', id: userId },
      personId: userId,
      typedReason: text,
    }),
  );
  return { userId, ctx: actingAs(system, { kind: 'user', userId }) };
}

const linesAbout = async (q: string) => (await listEntries(admin, parseAuditFilter({ q }))).lines;
const reasonsAbout = async (q: string) =>
  (await linesAbout(q)).flatMap(({ typedReason }) => (typedReason === null ? [] : [typedReason]));

/** Every row of every table as text: what a dump of the database shows. */
async function dump(): Promise<string> {
  const { rows: tables } = await own.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await own.query<{ text: string }>(`select t::text as text from ${name} t`);
    texts.push(...rows.map(({ text }) => text));
  }
  return texts.join('\n');
}

test('a typed reason is shown to admins and to the person, and stored as text nowhere', async () => {
  const reason = 'Ms Quillfeather says that a payment is missing.';
  const { userId, connectionId, ctx } = await aPerson();
  await askForRefresh(admin, { connectionId, reason });
  expect(await reasonsAbout(userId)).toEqual([{ status: 'readable', text: reason }]);
  const { events } = await listEvents(admin, { connectionId });
  expect(events.find(({ what }) => what === 'connection.refresh_asked')?.detail).toBe(reason);
  expect((await listHistory(ctx, connectionId)).map((entry) => entry.reason)).toContain(reason);
  const csv = (await Array.fromAsync(await exportEntries(admin, parseAuditFilter({ q: userId })))).join('');
  expect(csv).toContain(`${reason},readable`);
  // A control: the dump does show what is stored as text.
  expect(await dump()).toContain(connectionId);
  expect(await dump()).not.toContain('Quillfeather');
});

test('once the account is erased its reasons open for nobody, and those about other people still do', async () => {
  const reason = 'Mr Oddname asked on the phone to look at it.';
  const gone = await aPersonWithReason(reason);
  const other = await aPersonWithReason('Ms Staying asked on the phone to look at it.');
  const keyBefore = await system.db.personKey.findFirstOrThrow({ where: { userId: gone.userId } });
  const before = await system.db.auditReason.findFirstOrThrow({ where: { keyId: keyBefore.id } });
  const cell = { table: 'audit_reasons', column: 'ciphertext', rowId: before.entryId };
  const ciphertext = before.ciphertext ?? new Uint8Array();
  // A control: with the key of that time the ciphertext opens.
  expect(openText(cell, ciphertext, toRing(keyBefore))).toBe(reason);

  await leave(gone.ctx);

  expect(await reasonsAbout(gone.userId)).toEqual([{ status: 'erased' }]);
  const csv = (await Array.fromAsync(await exportEntries(admin, parseAuditFilter({ q: gone.userId })))).join('');
  expect(csv).toContain(',erased,');
  expect(csv).not.toContain('Oddname');
  expect(await system.db.auditReason.findUniqueOrThrow({ where: { entryId: before.entryId } })).toEqual(before);
  // Whoever holds a dump and the key ring has these keys, and none of them opens it.
  const keys = await system.db.personKey.findMany();
  expect(keys.map(({ id }) => id)).not.toContain(keyBefore.id);
  for (const key of keys) expect(() => openText(cell, ciphertext, toRing(key))).toThrow();
  expect(() => openText(cell, ciphertext, keyRing())).toThrow();
  expect(await reasonsAbout(other.userId)).toEqual([
    { status: 'readable', text: 'Ms Staying asked on the phone to look at it.' },
  ]);
});

test('nothing is sealed for a person who is being erased, and the entry says so', async () => {
  const { userId, connectionId } = await aPerson();
  await system.db.user.update({ where: { id: userId }, data: { leavingAt: new Date() }, select: { id: true } });
  await askForRefresh(admin, { connectionId, reason: 'Ms Lateword asked us to look.' });
  expect(await reasonsAbout(userId)).toEqual([{ status: 'erased' }]);
  expect(await system.db.personKey.count({ where: { userId } })).toBe(0);
  expect(await dump()).not.toContain('Lateword');
});

test('two admins who give the first reasons about a person at once share one key', async () => {
  const { userId, connectionId } = await aPerson();
  const reasons = ['The first of two reasons.', 'The second of two reasons.'];
  await Promise.all([
    openSupportGrant(admin, { connectionId, hours: 1, reason: reasons[0] ?? '' }),
    askForRefresh(admin, { connectionId, reason: reasons[1] ?? '' }),
  ]);
  expect(await system.db.personKey.count({ where: { userId } })).toBe(1);
  expect((await reasonsAbout(userId)).map((one) => one.status === 'readable' && one.text).sort()).toEqual(reasons);
});

/** By key of a payload: a row of the user's that has such an id; null for keys that lead to nobody. */
const ID_BY_KEY: Readonly<Record<string, ((userId: string) => Promise<string>) | null>> = {
  userId: async (userId) => userId,
  connectionId: (userId) => addBareConnection(system, { userId }),
  accountId: async (userId) => (await addAccount(system, { userId })).accountId,
  grantId: async (userId) => {
    const connectionId = await addBareConnection(system, { userId });
    const createdAt = system.clock.now();
    const ids = { connectionId, userId, adminId: uuidv7() };
    const data = { ...ids, reason: 'A payment is missing.', createdAt, expiresAt: addMs(createdAt, HOUR_MS) };
    return (await system.db.supportGrant.create({ data })).id;
  },
  emailChangeId: async (userId) => {
    const createdAt = system.clock.now();
    const emails = { oldEmail: 'old@example.com', newEmail: 'new@example.com', changedAt: createdAt };
    return (await system.db.emailChange.create({ data: { userId, ...emails, createdAt, expiresAt: createdAt } })).id;
  },
  taskId: async (userId) => {
    const connectionId = await addBareConnection(system, { userId });
    const now = system.clock.now();
    const task = { runId: uuidv7(), resource: 'accounts', status: 'asking', secretHash: Buffer.alloc(32) };
    return (await system.db.syncTask.create({ data: { connectionId, ...task, askedAt: now, expiresAt: now } })).id;
  },
  notice: null,
  at: null,
};

async function addFailedJob(name: JobName, data: object): Promise<string> {
  const jobId = await (await askingBoss()).send(name, data);
  await own.query("update pgboss.job set state = 'failed' where id = $1", [jobId]);
  return jobId ?? '';
}

const stateOf = async (jobId: string) =>
  (await own.query<{ state: string }>('select state from pgboss.job where id = $1', [jobId])).rows[0]?.state;

const keysOf = (name: JobName) => Object.keys(JOBS[name].payload.shape);

test('every key of a payload either leads to a user or is known to lead to nobody', () => {
  expect(new Set(JOB_NAMES.flatMap(keysOf))).toEqual(new Set(Object.keys(ID_BY_KEY)));
});

test.each(JOB_NAMES.filter((name) => keysOf(name).length > 0))(
  'the reason for retrying %s is the user’s that the job is about, and is erased with them; without them there is no retry',
  async (name) => {
    const userId = await addUser(system);
    const payload = async (idOf: (make: (userId: string) => Promise<string>) => Promise<string>) =>
      Object.fromEntries(
        await Promise.all(
          keysOf(name).map(async (key) => {
            const make = ID_BY_KEY[key] ?? null;
            return [key, make === null ? key : await idOf(make)] as const;
          }),
        ),
      );
    const reason = 'Ms Jobname waits for it.';
    const jobId = await addFailedJob(name, await payload((make) => make(userId)));
    await retryJob(admin, { name, jobId, reason });
    expect(await stateOf(jobId)).not.toBe('failed');
    expect(await reasonsAbout(userId)).toEqual([{ status: 'readable', text: reason }]);
    await inTransaction(system, (tx) => eraseTypedReasons(tx, userId));
    expect(await reasonsAbout(userId)).toEqual([{ status: 'erased' }]);

    const orphanId = await addFailedJob(name, await payload(async () => uuidv7()));
    await expect(retryJob(admin, { name, jobId: orphanId, reason })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'job_person_unknown',
    });
    expect(await stateOf(orphanId)).toBe('failed');
    expect(await system.db.auditEntry.count({ where: { subjectId: orphanId } })).toBe(0);
  },
);

test('a job with a key that nobody has decided on is not retried, and one about nobody is', async () => {
  const reason = 'It has to be done again.';
  const unknown = await addFailedJob('banks.refresh', { somebodyId: uuidv7() });
  await expect(retryJob(admin, { name: 'banks.refresh', jobId: unknown, reason })).rejects.toMatchObject({
    code: 'job_person_unknown',
  });
  const jobId = await addFailedJob('banks.refresh', {});
  await retryJob(admin, { name: 'banks.refresh', jobId, reason });
  expect(await reasonsAbout(jobId)).toEqual([{ status: 'readable', text: reason }]);
});

test('a reason about nobody can be read, and survives the erasure of the admin who typed it', async () => {
  const userId = await addUser(system);
  const author = actingAs(system, { kind: 'admin', userId });
  const subject = { kind: 'settings', id: uuidv7() };
  const typedReason = 'Longer retention was agreed.';
  await inTransaction(author, (tx) => recordAudit(tx, { action: 'settings.changed', subject, typedReason }));
  await leave(author);
  expect(await reasonsAbout(subject.id)).toEqual([{ status: 'readable', text: typedReason }]);
});

test('a rotation seals the keys of people anew, and their reasons open without the old key', async () => {
  const { userId } = await aPersonWithReason('This reason outlives a rotation.');
  const fresh = { kid: 'fresh', key: Buffer.alloc(32, 7) };
  const { sealingKey, openingKey } = keyRing();
  const ring = createKeyRing([fresh, sealingKey()]);
  const steps = await Array.fromAsync(rotateKeys(system, { ring }));
  expect(steps.map(({ column }) => column)).toContain('person_keys.key_sealed');
  const key = await system.db.personKey.findFirstOrThrow({ where: { userId } });
  expect(Buffer.from(key.keySealed).includes('fresh')).toBe(true);
  const [entry] = await linesAbout(userId);
  expect(await readTypedReasons(system, [entry?.id ?? ''])).toEqual(new Map([[entry?.id, { status: 'unreadable' }]]));
  // Back under the key that this process has.
  await Array.fromAsync(
    rotateKeys(system, { ring: createKeyRing([{ kid: sealingKey().kid, key: openingKey(sealingKey().kid) }, fresh]) }),
  );
  expect(await reasonsAbout(userId)).toEqual([{ status: 'readable', text: 'This reason outlives a rotation.' }]);
});

test('a sealed reason can be added, and neither changed, deleted nor emptied, nor stored as text', async () => {
  const { userId } = await aPersonWithReason('Nobody can rewrite this one.');
  const [entry] = await linesAbout(userId);
  const where = { entryId: entry?.id ?? '' };
  await expect(system.db.auditReason.update({ where, data: { keyId: uuidv7() } })).rejects.toThrow(/permission/);
  await expect(system.db.auditReason.delete({ where })).rejects.toThrow(/permission/);
  await expect(system.db.$executeRaw`truncate audit_reasons`).rejects.toThrow(/permission/);
  for (const change of [
    'update audit_reasons set key_id = null',
    'delete from audit_reasons',
    'truncate audit_reasons',
  ]) {
    await expect(runOnce(own.ownerUrl, change)).rejects.toThrow(/append-only/);
  }
  const { rows } = await own.query<{ id: string }>(
    `insert into audit_entries (id, at, actor_kind, action, subject_kind) values ($1, now(), 'system', 'test', 'test') returning id`,
    [uuidv7()],
  );
  const text = Buffer.from('a reason that somebody forgot to seal, in plain words');
  const add = 'insert into audit_reasons (entry_id, key_id, ciphertext) values ($1, $2, $3)';
  await expect(own.query(add, [rows[0]?.id, uuidv7(), text])).rejects.toThrow(/audit_reasons_are_sealed/);
});
