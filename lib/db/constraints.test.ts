import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { seal } from '#lib/crypto/seal';
import { runOnce } from '#lib/testing/databases';
import { database } from './client.ts';
import { Prisma } from './generated/client.ts';

// What must never be, tried through plain SQL: whatever code forgets, the database refuses.

const db = database();
const now = new Date('2026-03-01T12:00:00Z');

test('every table and column of the schema is in a migrated database', async () => {
  for (const model of Object.values(Prisma.ModelName)) {
    const delegate = db[`${model.charAt(0).toLowerCase()}${model.slice(1)}` as 'user'];
    await expect(delegate.findFirst(), model).resolves.not.toBeUndefined();
  }
});

test('a token can’t be stored as text, in any sealed column', async () => {
  const connectionId = await makeConnection();
  const text = Buffer.from('eyJhbGciOiJSUzI1NiJ9.a-token-that-somebody-forgot-to-seal.signature');
  await expect(addTokens(connectionId, text)).rejects.toThrow(/sealed/);
});

test('every column that is sealed by name is sealed by type', async () => {
  const rows = await db.$queryRaw<{ column: string }[]>`
    select table_name || '.' || column_name as column from information_schema.columns
    where table_schema = 'public' and column_name like '%\_sealed' and domain_name is distinct from 'sealed'`;
  expect(rows).toEqual([]);
});

test('a connection that has ended can hold no tokens', async () => {
  const connectionId = await makeConnection();
  await addTokens(connectionId);
  await db.connectionTokens.deleteMany({ where: { connectionId } });
  await db.connection.update({ where: { id: connectionId }, data: { status: 'revoked', endedAt: now } });
  await expect(addTokens(connectionId)).rejects.toThrow(/has ended/);
});

test('what ended says so, and what says so has ended', async () => {
  const connectionId = await makeConnection();
  await expect(db.connection.update({ where: { id: connectionId }, data: { status: 'revoked' } })).rejects.toThrow();
  await expect(db.connection.update({ where: { id: connectionId }, data: { endedAt: now } })).rejects.toThrow();
});

test('the audit can be added to, and neither changed, deleted nor emptied', async () => {
  const entry = await db.auditEntry.create({
    data: { at: now, actorKind: 'system', action: 'test.done', subjectKind: 'test', subjectId: uuidv7() },
    select: { id: true },
  });
  await expect(db.auditEntry.update({ where: entry, data: { action: 'test.undone' } })).rejects.toThrow(/permission/);
  await expect(db.auditEntry.delete({ where: entry })).rejects.toThrow(/permission/);
  await expect(db.$executeRaw`truncate audit_entries cascade`).rejects.toThrow(/permission/);
  const asOwner = (statement: string) => runOnce(process.env.LINKWELL_TEST_OWNER_URL ?? '', statement);
  await expect(asOwner(`delete from audit_entries where id = '${entry.id}'`)).rejects.toThrow(/append-only/);
  await expect(asOwner('truncate audit_entries cascade')).rejects.toThrow(/append-only/);
});

test('nobody has two accounts for one address in another spelling', async () => {
  await expect(db.user.create({ data: { email: `Upper-${uuidv7()}@example.com`, createdAt: now } })).rejects.toThrow();
});

async function makeConnection(): Promise<string> {
  const user = await db.user.create({
    data: { email: `${uuidv7()}@example.com`, createdAt: now },
    select: { id: true },
  });
  const bankId = `bank-${uuidv7()}`;
  await db.bank.create({
    data: { id: bankId, displayName: 'Bank', country: 'uk', permissions: [], firstSeenAt: now, lastSeenAt: now },
  });
  const connection = await db.connection.create({
    data: { userId: user.id, bankId, bankName: 'Bank', status: 'active', statusChangedAt: now, connectedAt: now },
    select: { id: true },
  });
  return connection.id;
}

function addTokens(connectionId: string, accessTokenSealed?: Buffer<ArrayBuffer>) {
  const id = uuidv7();
  const sealed =
    accessTokenSealed ?? seal({ table: 'connection_tokens', column: 'access_token_sealed', rowId: id }, 'token');
  return db.connectionTokens.create({
    data: { id, connectionId, accessTokenSealed: sealed, accessExpiresAt: now, refreshedAt: now },
    select: { id: true },
  });
}
