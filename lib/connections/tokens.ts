import 'server-only';
import { setTimeout as wait } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { type Context, inTransaction } from '#lib/context/context';
import { trueLayer } from '#lib/context/truelayer';
import type { TokenRole } from '#lib/db/generated/client';
import { AppError, NotFoundError } from '#lib/errors/app-error';
import { getClientCredentials } from '#lib/settings/sealed-settings';
import { addMs, MINUTE_MS, SECOND_MS } from '#lib/time/span';
import type { TokenSet } from '#lib/truelayer/auth-schemas';
import type { CallGate } from '#lib/truelayer/call';
import { TrueLayerError } from '#lib/truelayer/error';
import { dropRenewal } from './renewal.ts';
import { settleStatus } from './settle-status.ts';
import {
  claimTokenLease,
  findSupersedingRow,
  findTokenRow,
  openAccessToken,
  openRefreshToken,
  releaseTokenLease,
  sealRefreshToken,
  type TokenRow,
  tokenColumns,
} from './token-row.ts';

/** A token with less than this left is refreshed before it is used. */
const MARGIN_MS = 5 * MINUTE_MS;
const POLL_MS = 100;
const PATIENCE_MS = 50 * SECOND_MS;

/** The grant is dead: only the person can give a new one, at the bank. */
export class GrantRefusedError extends AppError {
  constructor(code: string) {
    super('conflict', 'grant_refused', { fields: { code } });
  }
}

/** Somebody else is refreshing and takes longer than anybody should. */
export class TokensBusyError extends AppError {
  constructor() {
    super('unavailable', 'tokens_busy');
  }
}

export type AccessToken = { accessToken: string; generation: number };

type AccessOptions = {
  role?: TokenRole;
  /** Of several outgoing grants, whose: more may join them at any time. */
  tokensId?: string | undefined;
  /** The generation whose token was just refused: only a newer one will do. */
  refused?: number;
  /** Only a token that TrueLayer issued after this instant will do. */
  issuedAfter?: Date;
  gate?: CallGate;
};

type NewTokens = {
  connectionId: string;
  role: 'current' | 'incoming';
  credentialsId: string | null;
  tokens: TokenSet;
  /** The trip that brought them. */
  attemptId?: string;
};

/** Seals and stores what TrueLayer issued, in the caller's transaction; replaces what that role held before. */
export async function storeTokens(ctx: Context, input: NewTokens): Promise<void> {
  const { connectionId, role, credentialsId, tokens, attemptId } = input;
  const existing = await findTokenRow(ctx, connectionId, role);
  const id = existing?.id ?? uuidv7();
  const values = {
    ...tokenColumns(ctx, id, tokens),
    ...(credentialsId === null ? {} : { credentialsId }),
    ...(attemptId === undefined ? {} : { attemptId }),
  };
  if (existing === null) {
    await ctx.db.connectionTokens.create({ data: { id, connectionId, role, ...values }, select: { id: true } });
  } else {
    const data = { ...values, generation: { increment: 1 }, leaseId: null, leaseUntil: null };
    await ctx.db.connectionTokens.update({ where: { id }, data, select: { id: true } });
  }
}

/** A grant that came when the person had stopped already: kept so that TrueLayer is told to end it, and for nothing else. */
export async function storeOutgoing(ctx: Context, input: Omit<NewTokens, 'role'>): Promise<void> {
  const { connectionId, credentialsId, tokens, attemptId = null } = input;
  const id = uuidv7();
  const values = { ...tokenColumns(ctx, id, tokens), credentialsId, attemptId };
  await ctx.db.connectionTokens.create({
    data: { id, connectionId, role: 'outgoing', ...values },
    select: { id: true },
  });
}

/** An answer without a refresh token means the one in use: it goes over to the incoming tokens, sealed for their row. */
export async function carryRefreshToken(ctx: Context, connectionId: string): Promise<void> {
  const current = await findTokenRow(ctx, connectionId, 'current');
  const incoming = await findTokenRow(ctx, connectionId, 'incoming');
  if (current === null || incoming === null) return;
  const refreshToken = openRefreshToken(current);
  if (refreshToken === null) return;
  const data = { refreshTokenSealed: sealRefreshToken(incoming.id, refreshToken) };
  await ctx.db.connectionTokens.update({ where: { id: incoming.id }, data, select: { id: true } });
}

export async function destroyTokens(ctx: Context, connectionId: string): Promise<void> {
  await ctx.db.connectionTokens.deleteMany({ where: { connectionId } });
}

/**
 * A token that is good for some minutes: the stored one, or a fresh one. However many processes ask at once, one refreshes
 * and the others wait for what it stores; a rotated token is committed before anybody sees it.
 * @throws {GrantRefusedError} {@link TokensBusyError} {TrueLayerError} for passing faults
 */
export async function getAccessToken(
  ctx: Context,
  connectionId: string,
  options: AccessOptions = {},
): Promise<AccessToken> {
  const { role = 'current', tokensId } = options;
  return underLease(ctx, { connectionId, role, tokensId }, async (row, claim) => {
    if (isFresh(ctx, row, options)) return toAccessToken(row);
    if (row.refreshTokenSealed === null) throw await refuseGrant(ctx, row, 'no_refresh_token');
    const leaseId = await claim();
    return leaseId === null ? null : refreshUnderLease(ctx, row, leaseId, options.gate);
  });
}

/**
 * Hands the newest refresh token to a call that may rotate it, while nobody else uses it: a renewal. Null when there is none.
 * @throws {NotFoundError} no tokens; {@link TokensBusyError}; whatever the call throws
 */
export async function spendRefreshToken<T>(
  ctx: Context,
  connectionId: string,
  spend: (refreshToken: string) => Promise<T>,
): Promise<T | null> {
  const done = await underLease(ctx, { connectionId, role: 'current' }, async (row, claim) => {
    const refreshToken = openRefreshToken(row);
    if (refreshToken === null) return { answer: null };
    const leaseId = await claim();
    if (leaseId === null) return null;
    try {
      return { answer: await spend(refreshToken) };
    } finally {
      await releaseTokenLease(ctx, row, leaseId);
    }
  });
  return done.answer;
}

type Whose = { connectionId: string; role: TokenRole; tokensId?: string | undefined };

/** Looks at the row, again and again, until `work` has something: null means that somebody else is at it. */
async function underLease<T>(
  ctx: Context,
  { connectionId, role, tokensId }: Whose,
  work: (row: TokenRow, claim: () => Promise<string | null>) => Promise<T | null>,
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const row =
      (await findTokenRow(ctx, connectionId, role, tokensId)) ??
      (role === 'current' && tokensId === undefined ? await findSupersedingRow(ctx, connectionId) : null);
    if (row === null) throw new NotFoundError('connection_tokens');
    const result = await work(row, () => claimTokenLease(ctx, row));
    if (result !== null) return result;
    await wait(POLL_MS);
  }
  throw new TokensBusyError();
}

function isFresh(ctx: Context, row: TokenRow, { refused, issuedAfter }: AccessOptions): boolean {
  if (refused !== undefined && row.generation <= refused) return false;
  if (issuedAfter !== undefined && row.refreshedAt <= issuedAfter) return false;
  return row.accessExpiresAt > addMs(ctx.clock.now(), MARGIN_MS);
}

function toAccessToken(row: TokenRow): AccessToken {
  return { accessToken: openAccessToken(row), generation: row.generation };
}

/** Null when the row has changed hands meanwhile: look again. */
async function refreshUnderLease(
  ctx: Context,
  row: TokenRow,
  leaseId: string,
  gate: CallGate | undefined,
): Promise<AccessToken | null> {
  const refreshToken = openRefreshToken(row);
  if (refreshToken === null) return null;
  const keys = await getClientCredentials(ctx);
  let tokens: TokenSet;
  try {
    tokens = await trueLayer().refreshTokens({ ...keys, refreshToken }, { gate });
  } catch (error) {
    return settleFailure(ctx, row, leaseId, error);
  }
  const { count } = await ctx.db.connectionTokens.updateMany({
    where: { id: row.id, leaseId, generation: row.generation },
    data: { ...tokenColumns(ctx, row.id, tokens), generation: row.generation + 1, leaseId: null, leaseUntil: null },
  });
  return count === 0 ? null : { accessToken: tokens.accessToken, generation: row.generation + 1 };
}

async function settleFailure(ctx: Context, row: TokenRow, leaseId: string, error: unknown): Promise<null> {
  await releaseTokenLease(ctx, row, leaseId);
  if (!(error instanceof TrueLayerError) || error.kind !== 'reconnect') throw error;
  // Refused may mean "superseded": somebody may have stored a newer pair while we asked with the old one.
  const current = await findTokenRow(ctx, row.connectionId, row.role, row.role === 'outgoing' ? row.id : undefined);
  if (current?.id !== row.id || current.generation !== row.generation) return null;
  throw await refuseGrant(ctx, row, error.code);
}

/** Notes that the grant is dead, unless new tokens have arrived in the meantime. */
async function refuseGrant(ctx: Context, row: TokenRow, code: string): Promise<GrantRefusedError> {
  await inTransaction(ctx, async (tx) => {
    const still = { id: row.id, generation: row.generation };
    if ((await tx.db.connectionTokens.count({ where: still })) === 0) return;
    if (row.role === 'outgoing') return;
    if (row.role === 'incoming') {
      const dropped = await dropRenewal(tx, { connectionId: row.connectionId, code });
      if (dropped !== 'tokens_in_use') return;
    }
    // While a renewal's tokens wait, a refusal of those in use changes nothing.
    if (await hasIncoming(tx, row.connectionId)) return;
    const facts = { grantRefusedAt: tx.clock.now() };
    await settleStatus(tx, row.connectionId, { facts, data: { grantRefusedCode: code }, reason: code });
  });
  return new GrantRefusedError(code);
}

async function hasIncoming(ctx: Context, connectionId: string): Promise<boolean> {
  const where = { connectionId, role: 'incoming', questionedAt: null } as const;
  return (await ctx.db.connectionTokens.count({ where })) > 0;
}
