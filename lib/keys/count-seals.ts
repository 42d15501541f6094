import 'server-only';
import { keyRing } from '#lib/crypto/keyring';
import { MAX_SEALS_PER_KEY, startSealCounter } from '#lib/crypto/seal-count';
import { database } from '#lib/db/client';

/** One statement for each block, none for a seal. Resolves once this process may seal with the ring's first key. */
export function countSeals(): Promise<void> {
  return startSealCounter(reserveSeals).ready(keyRing().sealingKey().kid);
}

/** Right from any number of processes: the row's lock orders them, and the bound is in the statement. */
export async function reserveSeals(kid: string, count: number): Promise<boolean> {
  if (count > MAX_SEALS_PER_KEY) return false;
  const reserved = await database().$executeRaw`
    insert into seal_counts as s (kid, seals, counted_at) values (${kid}, ${count}::bigint, now())
    on conflict (kid) do update set seals = s.seals + excluded.seals, counted_at = excluded.counted_at
    where s.seals + excluded.seals <= ${MAX_SEALS_PER_KEY}::bigint`;
  return reserved === 1;
}
