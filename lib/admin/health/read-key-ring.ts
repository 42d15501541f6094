import 'server-only';
import type { Context } from '#lib/context/context';
import { keyRing } from '#lib/crypto/keyring';

export type KeyRingHealth = {
  sealingKid: string;
  kids: string[];
  /** Keys that newest values name and this process doesn't have. */
  missing: string[];
  /** Of the newest values looked at, those that the sealing key sealed. */
  looked: number;
  current: number;
};

const LOOKED_AT = 1000;

/** A look at the newest tokens and settings: enough to notice a ring that lacks a key. All of them: `npm run keys -- status`. */
export async function readKeyRing(ctx: Context): Promise<KeyRingHealth> {
  const ring = keyRing();
  const sealingKid = ring.sealingKey().kid;
  const rows = await ctx.db.$queryRaw<{ kid: string; values: number }[]>`
    select convert_from(substring(value from 3 for get_byte(value, 1)), 'LATIN1') as kid, count(*)::int as values from (
      (select access_token_sealed as value from connection_tokens order by id desc limit ${LOOKED_AT})
      union all select value_sealed from sealed_settings
    ) newest group by 1`;
  return {
    sealingKid,
    kids: [...ring.kids()],
    missing: rows.map(({ kid }) => kid).filter((kid) => !ring.kids().includes(kid)),
    looked: rows.reduce((sum, { values }) => sum + values, 0),
    current: rows.find(({ kid }) => kid === sealingKid)?.values ?? 0,
  };
}
