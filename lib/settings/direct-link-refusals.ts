import 'server-only';
import type { Context } from '#lib/context/context';
import { env } from '#lib/env/env';
import { addMs, DAY_MS, MINUTE_MS } from '#lib/time/span';
import type { TrueLayerError } from '#lib/truelayer/error';

/** A refusal lasts until TrueLayer changes the client or the environment: it is tried again once a day. */
const REFUSED_FOR_MS = DAY_MS;
/** A fault passes by itself. */
const FAULTY_FOR_MS = 5 * MINUTE_MS;

export type DirectLinkRefusal = { refused: 'link' | 'cards'; isInForce: boolean };

export async function findDirectLinkRefusal(ctx: Context, bankId: string): Promise<DirectLinkRefusal | null> {
  const row = await ctx.db.directLinkRefusal.findUnique({
    where: { environment_bankId: keyOf(bankId) },
    select: { refused: true, tryAgainAt: true },
  });
  if (row === null) return null;
  const refused = row.refused === 'cards' ? 'cards' : 'link';
  return { refused, isInForce: row.tryAgainAt > ctx.clock.now() };
}

type Refused = { bankId: string; refused: 'link' | 'cards'; error: TrueLayerError | null };

/** Written outside of the caller's transaction: the refusal stands, whatever becomes of the attempt. */
export async function noteDirectLinkRefusal(ctx: Context, { bankId, refused, error }: Refused): Promise<void> {
  const now = ctx.clock.now();
  const data = {
    refused,
    code: error === null ? 'invalid_request' : (error.rawCode ?? error.code),
    httpStatus: error === null ? 401 : error.httpStatus,
    refusedAt: now,
    tryAgainAt: addMs(now, error?.isRetryable === true ? FAULTY_FOR_MS : REFUSED_FOR_MS),
  };
  const key = keyOf(bankId);
  await ctx.db.directLinkRefusal.upsert({
    where: { environment_bankId: key },
    create: { ...key, ...data },
    update: data,
    select: { bankId: true },
  });
  const fields = { event: 'direct_link.refused', bankId, refused, ...(error === null ? {} : { error }) };
  if (refused === 'cards') ctx.log.error(fields, 'TrueLayer refuses the permission cards in a direct link: left out');
  else if (error?.isRetryable === true) ctx.log.warn(fields, 'TrueLayer gave no direct link: the auth link is used');
  else ctx.log.error(fields, 'TrueLayer refuses direct links to this bank: the auth link is used');
}

export async function forgetDirectLinkRefusal(ctx: Context, bankId: string): Promise<void> {
  await ctx.db.directLinkRefusal.deleteMany({ where: keyOf(bankId) });
}

export type RefusedDirectLinks = { bankId: string; refused: 'link' | 'cards'; code: string; httpStatus: number | null };

const MAX_LISTED = 50;

/** The refusals in force, for admins and the doctor; the newest first. */
export async function listDirectLinkRefusals(ctx: Context): Promise<RefusedDirectLinks[]> {
  const rows = await ctx.db.directLinkRefusal.findMany({
    where: { environment: env().trueLayer.environment, tryAgainAt: { gt: ctx.clock.now() } },
    select: { bankId: true, refused: true, code: true, httpStatus: true },
    orderBy: { refusedAt: 'desc' },
    take: MAX_LISTED,
  });
  return rows.map((row) => ({ ...row, refused: row.refused === 'cards' ? 'cards' : 'link' }));
}

function keyOf(bankId: string) {
  return { environment: env().trueLayer.environment, bankId };
}
