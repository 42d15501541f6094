import 'server-only';
import type { Context } from '#lib/context/context';
import { keyRing } from '#lib/crypto/keyring';
import { MAX_SEALS_PER_KEY, SEALS_BEFORE_WARNING } from '#lib/crypto/seal-count';

export type KeyRingHealth = {
  sealingKid: string;
  kids: string[];
  /** Keys that newest values name and this process doesn't have. */
  missing: string[];
  /** Of the newest values looked at, those that the sealing key sealed. */
  looked: number;
  current: number;
  /** How many values the sealing key has sealed, at most. */
  seals: number;
  maxSeals: number;
  /** It is time to rotate. */
  isWearingOut: boolean;
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
  const count = await ctx.db.sealCount.findUnique({ where: { kid: sealingKid }, select: { seals: true } });
  const seals = Number(count?.seals ?? 0);
  return {
    seals,
    maxSeals: MAX_SEALS_PER_KEY,
    isWearingOut: seals >= SEALS_BEFORE_WARNING,
    sealingKid,
    kids: [...ring.kids()],
    missing: rows.map(({ kid }) => kid).filter((kid) => !ring.kids().includes(kid)),
    looked: rows.reduce((sum, { values }) => sum + values, 0),
    current: rows.find(({ kid }) => kid === sealingKid)?.values ?? 0,
  };
}
