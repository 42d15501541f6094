import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { actingAs, type Context, createContext } from '#lib/context/context';
import { addUser } from '#lib/testing/link-person';
import { type OwnDatabase, ownDatabase } from '#lib/testing/own-database';
import { addMs, DAY_MS, HOUR_MS } from '#lib/time/span';
import { foldFigures } from './fold-figures.ts';

let own: OwnDatabase;
let system: Context;
beforeAll(async () => {
  // Others' calls are of other days, and the newest of all decides which hours are summed anew.
  own = await ownDatabase();
  system = await createContext({ actor: { kind: 'system', job: 'test' } });
});
afterAll(() => own.drop());

async function addCall(bankId: string, startedAt: Date, code: string | null, durationMs: number | null): Promise<void> {
  await system.db.truelayerCall.create({
    data: {
      bankId,
      endpoint: 'accounts',
      isAttended: false,
      isCounted: false,
      startedAt,
      correlationId: uuidv7(),
      code,
      ...(durationMs === null ? {} : { durationMs, finishedAt: addMs(startedAt, durationMs) }),
    },
    select: { id: true },
  });
}

const figuresOf = (bankId: string) =>
  system.db.callFigure.findMany({
    where: { bankId },
    select: { code: true, calls: true, durationMs: true },
    orderBy: [{ hourAt: 'asc' }, { code: 'asc' }],
  });

it('sums the ledger up by the hour, the same however often and with however long a pause', async () => {
  const bankId = `ob-${uuidv7()}`;
  const hour = new Date(Math.floor(system.clock.now().getTime() / HOUR_MS) * HOUR_MS);
  await addCall(bankId, addMs(hour, -20 * DAY_MS), null, 100);
  await addCall(bankId, addMs(hour, 1000), null, 200);
  await addCall(bankId, addMs(hour, 2000), null, 300);
  await addCall(bankId, addMs(hour, 3000), 'provider_error', 50);
  await addCall(bankId, addMs(hour, 4000), null, null);
  await Promise.all([foldFigures(system), foldFigures(system)]);
  const expected = [
    { code: 'ok', calls: 1, durationMs: 100n },
    { code: 'ok', calls: 2, durationMs: 500n },
    { code: 'provider_error', calls: 1, durationMs: 50n },
    { code: 'unfinished', calls: 1, durationMs: 0n },
  ];
  expect(await figuresOf(bankId)).toEqual(expected);
  await system.db.truelayerCall.updateMany({
    where: { bankId, finishedAt: null },
    data: { durationMs: 700, finishedAt: addMs(hour, 4700) },
  });
  await foldFigures(system);
  expect(await figuresOf(bankId)).toEqual([expected[0], { code: 'ok', calls: 3, durationMs: 1200n }, expected[2]]);
});

it('is done by jobs only', async () => {
  const admin = actingAs(system, { kind: 'admin', userId: await addUser(system) });
  await expect(foldFigures(admin)).rejects.toMatchObject({ kind: 'forbidden' });
});
