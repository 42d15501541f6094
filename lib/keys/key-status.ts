import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { type KeyRing, keyRing } from '#lib/crypto/keyring';
import { nameOfColumn, SEALED_COLUMNS, type SealedColumn } from './sealed-columns.ts';

export type KeyStatus = {
  sealingKid: string;
  /** Every key that the ring has or that a value names. */
  keys: { kid: string; isInRing: boolean; values: number }[];
  columns: { name: string; kid: string; values: number }[];
  /** Values that the sealing key did not seal. */
  left: number;
};

/** Which key sealed how much. Reads every sealed column once: for a command, not for a page. */
export async function getKeyStatus(ctx: Context, ring: KeyRing = keyRing()): Promise<KeyStatus> {
  requireSystem(ctx.actor);
  const columns: KeyStatus['columns'] = [];
  for (const column of SEALED_COLUMNS) columns.push(...(await countByKey(ctx, column)));
  const sealingKid = ring.sealingKey().kid;
  const total = new Map<string, number>(ring.kids().map((kid) => [kid, 0]));
  for (const { kid, values } of columns) total.set(kid, (total.get(kid) ?? 0) + values);
  const keys = [...total].map(([kid, values]) => ({ kid, isInRing: ring.kids().includes(kid), values }));
  const left = keys.filter(({ kid }) => kid !== sealingKid).reduce((sum, { values }) => sum + values, 0);
  return { sealingKid, keys, columns, left };
}

async function countByKey(ctx: Context, sealed: SealedColumn): Promise<KeyStatus['columns']> {
  // Names of ours from the list above, never a caller's. The key's name follows its own length (lib/crypto/seal.ts).
  const rows = await ctx.db.$queryRawUnsafe<{ kid: string; values: bigint }[]>(
    `select convert_from(substring("${sealed.column}"::bytea from 3 for get_byte("${sealed.column}", 1)), 'LATIN1') as kid,
       count(*) as values
     from "${sealed.table}" where "${sealed.column}" is not null group by 1 order by 1`,
  );
  return rows.map(({ kid, values }) => ({ name: nameOfColumn(sealed), kid, values: Number(values) }));
}
