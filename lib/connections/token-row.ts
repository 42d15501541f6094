import 'server-only';
import { v4 as uuidv4 } from 'uuid';
import type { Context } from '#lib/context/context';
import { openText, seal } from '#lib/crypto/seal';
import type { Prisma, TokenRole } from '#lib/db/generated/client';
import { addMs, SECOND_MS } from '#lib/time/span';
import type { TokenSet } from '#lib/truelayer/auth-schemas';

/** Longer than a refresh may take, so that a lease outlives the call that it guards. */
const LEASE_SECONDS = 45;

const ROW = {
  id: true,
  connectionId: true,
  role: true,
  accessTokenSealed: true,
  refreshTokenSealed: true,
  accessExpiresAt: true,
  refreshedAt: true,
  generation: true,
} satisfies Prisma.ConnectionTokensSelect;

export type TokenRow = Prisma.ConnectionTokensGetPayload<{ select: typeof ROW }>;

/** The tokens in use, or coming into use; of those that are going out, the ones that are named, or have waited longest. */
export function findTokenRow(
  ctx: Context,
  connectionId: string,
  role: TokenRole,
  id?: string,
): Promise<TokenRow | null> {
  const where = { connectionId, role, ...(id === undefined ? {} : { id }) };
  return ctx.db.connectionTokens.findFirst({ where, select: ROW, orderBy: { id: 'asc' } });
}

/** Where a renewal of the grant in use has superseded the tokens in use, its own take their place, unless it is in question. */
export function findSupersedingRow(ctx: Context, connectionId: string): Promise<TokenRow | null> {
  const where = { connectionId, role: 'incoming', questionedAt: null } as const;
  return ctx.db.connectionTokens.findFirst({ where, select: ROW });
}

/** Leases run on the database's own clock: every process agrees on it, and no demonstration moves it. */
export async function claimTokenLease(ctx: Context, row: TokenRow): Promise<string | null> {
  const leaseId = uuidv4();
  const claimed = await ctx.db.$executeRaw`
    update connection_tokens set lease_id = ${leaseId}::uuid, lease_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
    where id = ${row.id}::uuid and generation = ${row.generation} and (lease_until is null or lease_until < clock_timestamp())`;
  return claimed === 1 ? leaseId : null;
}

export async function releaseTokenLease(ctx: Context, row: TokenRow, leaseId: string): Promise<void> {
  await ctx.db.connectionTokens.updateMany({
    where: { id: row.id, leaseId },
    data: { leaseId: null, leaseUntil: null },
  });
}

export function openAccessToken(row: TokenRow): string {
  return openText(cellOf(row.id, 'access_token_sealed'), row.accessTokenSealed);
}

export function openRefreshToken(row: TokenRow): string | null {
  return row.refreshTokenSealed === null
    ? null
    : openText(cellOf(row.id, 'refresh_token_sealed'), row.refreshTokenSealed);
}

export function sealRefreshToken(rowId: string, refreshToken: string) {
  return seal(cellOf(rowId, 'refresh_token_sealed'), refreshToken);
}

/** The columns that a new pair fills. An answer without a refresh token keeps the old one. */
export function tokenColumns(ctx: Context, rowId: string, tokens: TokenSet) {
  const now = ctx.clock.now();
  return {
    accessTokenSealed: seal(cellOf(rowId, 'access_token_sealed'), tokens.accessToken),
    ...(tokens.refreshToken === null ? {} : { refreshTokenSealed: sealRefreshToken(rowId, tokens.refreshToken) }),
    accessExpiresAt: addMs(now, tokens.expiresInSeconds * SECOND_MS),
    refreshedAt: now,
  };
}

function cellOf(rowId: string, column: 'access_token_sealed' | 'refresh_token_sealed') {
  return { table: 'connection_tokens', column, rowId };
}
