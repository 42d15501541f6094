import 'server-only';
import { type Context, inTransaction } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import type { Prisma } from '#lib/db/generated/client';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { DAY_MS } from '#lib/time/span';
import { TrueLayerError } from '#lib/truelayer/error';
import { keepRevokeLease, type RevokeLease } from './revoke-lease.ts';
import { type AccessToken, GrantRefusedError, getAccessToken } from './tokens.ts';

/** After this time tokens are destroyed even if TrueLayer has never confirmed the revocation. */
export const PATIENCE_MS = 7 * DAY_MS;

/** TrueLayer accepted the deletion and still issues tokens: the grant has to be deleted again. */
export class StillOpenError extends AppError {
  constructor() {
    super('unavailable', 'access_still_open');
  }
}

const GRANT = { id: true, role: true, credentialsId: true } satisfies Prisma.ConnectionTokensSelect;

export type GrantToRevoke = Prisma.ConnectionTokensGetPayload<{ select: typeof GRANT }>;

/**
 * Ends every grant of a connection that is being stopped, and destroys the tokens of each as soon as it has ended: whoever takes
 * over after a crash calls TrueLayer only for what is left.
 * @throws {TrueLayerError} transient faults; {@link StillOpenError} {@link RevokeLeaseLostError}
 */
export async function revokeGrants(ctx: Context, lease: RevokeLease): Promise<void> {
  const { connectionId } = lease;
  const find = () =>
    ctx.db.connectionTokens.findFirst({
      where: { connectionId },
      select: GRANT,
      orderBy: [{ role: 'asc' }, { id: 'asc' }],
    });
  for (let grant = await find(); grant !== null; grant = await find()) {
    await revokeAndDestroy(ctx, lease, grant);
  }
}

/** Ends one grant. Its tokens, and older ones of the same grant, are destroyed with the note that TrueLayer was told. */
export async function revokeAndDestroy(ctx: Context, lease: RevokeLease, grant: GrantToRevoke): Promise<void> {
  const { connectionId } = lease;
  const wasOpen = await revokeGrant(ctx, lease, grant);
  await inTransaction(ctx, async (tx) => {
    await tx.db.connectionTokens.deleteMany({ where: { id: grant.id } });
    if (!wasOpen) return;
    if (grant.credentialsId !== null) {
      await tx.db.connectionTokens.deleteMany({
        where: { connectionId, role: 'outgoing', credentialsId: grant.credentialsId },
      });
    }
    await tx.db.connection.updateMany({
      where: { id: connectionId, revokingSince: { not: null } },
      data: { stopTold: 'truelayer' },
    });
  });
}

/** A fault of TrueLayer's, or a lease held by another process: it may be gone on the next try. */
export function mayPass(error: unknown): boolean {
  return error instanceof TrueLayerError || error instanceof AppError;
}

/** True when the grant was still open. TrueLayer's refusal to refresh is the proof that it has ended. */
async function revokeGrant(ctx: Context, lease: RevokeLease, grant: GrantToRevoke): Promise<boolean> {
  const token = await findLiveToken(ctx, lease, grant);
  if (token === null) return false;
  const used = await revokeBy(ctx, lease, grant, token);
  if (used === null) return true;
  if ((await findLiveToken(ctx, lease, grant, used.generation)) !== null) throw new StillOpenError();
  return true;
}

/** A refused token may have been superseded a moment ago: only when there is no newer one has the grant ended. */
async function revokeBy(
  ctx: Context,
  lease: RevokeLease,
  grant: GrantToRevoke,
  token: AccessToken,
): Promise<AccessToken | null> {
  try {
    await revoke(ctx, lease, token);
    return token;
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
  const fresh = await findLiveToken(ctx, lease, grant, token.generation);
  if (fresh === null) return null;
  await revoke(ctx, lease, fresh);
  return fresh;
}

async function revoke(ctx: Context, lease: RevokeLease, { accessToken }: AccessToken): Promise<void> {
  await keepRevokeLease(ctx, lease);
  await trueLayer().revoke({ accessToken });
}

/** Null when no token is left, or TrueLayer issues none any more: then there is nothing to end. */
async function findLiveToken(
  ctx: Context,
  lease: RevokeLease,
  { id, role }: GrantToRevoke,
  refused?: number,
): Promise<AccessToken | null> {
  await keepRevokeLease(ctx, lease);
  try {
    const options = { role, tokensId: id, ...(refused === undefined ? {} : { refused }) };
    return await getAccessToken(ctx, lease.connectionId, options);
  } catch (error) {
    if (error instanceof GrantRefusedError || error instanceof NotFoundError) return null;
    throw error;
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof TrueLayerError && (error.httpStatus === 401 || error.httpStatus === 403);
}
