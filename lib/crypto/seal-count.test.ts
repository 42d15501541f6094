import { expect, test } from 'vitest';
import { AppError } from '#lib/errors/app-error';
import { createSealCounter, MAX_UNRESERVED_SEALS } from './seal-count.ts';

/** A database in memory that can be away, and that has a bound. */
function aStore({ bound = Number.POSITIVE_INFINITY } = {}) {
  const store = { seals: 0, reservations: 0, isAway: false };
  const reserve = async (_: string, count: number) => {
    if (store.isAway) throw new Error('away');
    if (store.seals + count > bound) return false;
    store.reservations++;
    store.seals += count;
    return true;
  };
  const failures: { kid: string; error: unknown }[] = [];
  const counter = createSealCounter(reserve, (kid, error) => failures.push({ kid, error }));
  return { store, counter, failures };
}

test('what was reserved is at all times at least what was sealed, and not much more', async () => {
  const { store, counter } = aStore();
  await counter.ready('k1');
  let sealed = 0;
  for (let round = 0; round < 2000; round++) {
    for (let one = 0; one < 100; one++) counter.count('k1');
    sealed += 100;
    expect(store.seals).toBeGreaterThanOrEqual(sealed);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(store.seals).toBeLessThanOrEqual(sealed + 2 * 65_536);
  expect(store.reservations).toBeLessThan(20);
});

test('a process that seals a little reserves a little', async () => {
  const { store, counter } = aStore();
  await counter.ready('k1');
  counter.count('k1');
  await counter.ready('k1');
  expect(store).toMatchObject({ seals: 1024, reservations: 1 });
});

test('what is sealed while the database is away, or in one go beyond a block, is reserved afterwards', async () => {
  const { store, counter } = aStore();
  store.isAway = true;
  await counter.ready('k1');
  for (let one = 0; one < 5000; one++) counter.count('k1');
  await counter.ready('k1');
  store.isAway = false;
  await counter.ready('k1');
  expect(store.seals).toBeGreaterThanOrEqual(5000);
  for (let one = 0; one < 5000; one++) counter.count('k1');
  await counter.ready('k1');
  expect(store.seals).toBeGreaterThanOrEqual(10_000);
});

test('keys are counted apart, and one at its bound seals what was reserved and no more', async () => {
  const { store, counter } = aStore({ bound: 1024 });
  await counter.ready('k1');
  for (let one = 0; one < 513; one++) counter.count('k1');
  await new Promise((resolve) => setImmediate(resolve));
  for (let one = 513; one < 1024; one++) counter.count('k1');
  expect(() => counter.count('k1')).toThrow(expect.objectContaining({ code: 'sealing_key_worn_out' }));
  store.seals = 0;
  await counter.ready('k2');
  counter.count('k2');
});

test('while no seal can be reserved at most one largest block is sealed, which is logged once; afterwards it goes on', async () => {
  const { store, counter, failures } = aStore();
  const refusals = new Set<string>();
  const seal = async (count: number) => {
    let sealed = 0;
    for (let one = 0; one < count; one++) {
      try {
        counter.count('k1');
        sealed++;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        refusals.add(`${error.kind} ${error.code}`);
      }
      if (one % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return sealed;
  };
  store.isAway = true;
  await counter.ready('k1');
  expect(await seal(200_000)).toBe(MAX_UNRESERVED_SEALS);
  expect([...refusals]).toEqual(['unavailable seals_not_counted']);
  expect(failures).toEqual([{ kid: 'k1', error: new Error('away') }]);
  await new Promise((resolve) => setImmediate(resolve));
  store.isAway = false;
  await counter.ready('k1');
  expect(store.seals).toBeGreaterThanOrEqual(MAX_UNRESERVED_SEALS);
  expect(await seal(200_000)).toBe(200_000);
  expect(store.seals).toBeGreaterThanOrEqual(MAX_UNRESERVED_SEALS + 200_000);
  expect(failures).toHaveLength(1);
  store.isAway = true;
  await seal(200_000);
  expect(failures).toHaveLength(2);
});

test('one that is refused for want of a count reserves again by itself', async () => {
  const { store, counter } = aStore();
  store.isAway = true;
  for (let one = 0; one < MAX_UNRESERVED_SEALS; one++) counter.count('k1');
  await new Promise((resolve) => setImmediate(resolve));
  store.isAway = false;
  expect(() => counter.count('k1')).toThrow(expect.objectContaining({ code: 'seals_not_counted' }));
  await new Promise((resolve) => setImmediate(resolve));
  counter.count('k1');
});
