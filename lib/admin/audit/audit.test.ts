import { v7 as uuidv7 } from 'uuid';
import { beforeAll, expect, it } from 'vitest';
import { recordAudit } from '#lib/audit/record';
import { actingAs, type Context, createContext, inTransaction } from '#lib/context/context';
import { addUser } from '#lib/testing/link-person';
import { exportEntries } from './export-entries.ts';
import { parseAuditFilter } from './filter.ts';
import { listActions, listEntries } from './list-entries.ts';

let system: Context;
let admin: Context;
beforeAll(async () => {
  system = await createContext({ actor: { kind: 'system', job: 'test' } });
  admin = actingAs(system, { kind: 'admin', userId: await addUser(system) });
});

async function addEntries(count: number, action = 'test.happened') {
  const personId = await addUser(system);
  const connectionId = uuidv7();
  const subject = { kind: 'thing', id: uuidv7() };
  await inTransaction(system, async (tx) => {
    for (let index = 0; index < count; index++) {
      await recordAudit(tx, { action, subject, connectionId, personId, typedReason: '=1+1' });
    }
  });
  return { personId, connectionId, subjectId: subject.id };
}

const list = (params: Record<string, string>) => listEntries(admin, parseAuditFilter(params));

it('finds entries by person, connection, subject and action, and shows each once, page by page', async () => {
  const { personId, connectionId, subjectId } = await addEntries(120);
  for (const q of [personId, connectionId, subjectId, subjectId.toUpperCase(), `${personId}@example.com`]) {
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await list({ q, ...(before === undefined ? {} : { before }) });
      seen.push(...page.lines.map(({ id }) => id));
      before = page.before ?? undefined;
    } while (before !== undefined);
    expect(new Set(seen).size, q).toBe(120);
    expect(seen, q).toHaveLength(120);
  }
  expect((await list({ q: connectionId, action: 'test.happened' })).lines).toHaveLength(50);
  expect((await list({ q: connectionId, action: 'test.other' })).lines).toEqual([]);
  expect((await list({ q: connectionId, to: '2020-01-01' })).lines).toEqual([]);
  expect((await list({ q: connectionId, from: '2020-01-01' })).lines).toHaveLength(50);
  expect((await list({ q: "' or true --" })).lines).toEqual([]);
  expect(await listActions(admin)).toContain('test.happened');
});

it('is taken away as a whole, as text that no spreadsheet calculates, and that is on record', async () => {
  const { connectionId } = await addEntries(3);
  const me = actingAs(admin, { kind: 'admin', userId: await addUser(system) });
  const csv = (await Array.fromAsync(await exportEntries(me, parseAuditFilter({ q: connectionId })))).join('');
  expect(csv.trim().split('\r\n')).toHaveLength(4);
  expect(csv).toContain("'=1+1");
  const actorId = me.actor.kind === 'admin' ? me.actor.userId : '';
  expect(await system.db.auditEntry.findFirst({ where: { actorId } })).toMatchObject({
    action: 'audit.exported',
    // What was searched for may name somebody; that stays out of what can never be erased.
    after: { hasSearch: true },
  });
});

it('can’t be changed or deleted, whoever tries', async () => {
  const { connectionId } = await addEntries(1);
  await expect(system.db.auditEntry.updateMany({ where: { connectionId }, data: { reason: null } })).rejects.toThrow();
  await expect(system.db.auditEntry.deleteMany({ where: { connectionId } })).rejects.toThrow();
  expect((await list({ q: connectionId })).lines).toMatchObject([
    { typedReason: { status: 'readable', text: '=1+1' } },
  ]);
});
