import 'server-only';
import type { Context } from '#lib/context/context';
import { env } from '#lib/env/env';
import { NotFoundError } from '#lib/errors/app-error';
import { DAY_MS, msBetween } from '#lib/time/span';
import { readAtMost } from '#lib/truelayer/read-at-most';

export type BankLogo = { contentType: string; body: Uint8Array };

/** Where TrueLayer keeps logos: its present host and the two before it. Nothing on the wire sends us anywhere else. */
const HOSTS = new Set([
  'providers-assets.truelayer.com',
  'truelayer-provider-assets.s3.amazonaws.com',
  'truelayer-client-logos.s3-eu-west-1.amazonaws.com',
  'auth.truelayer.com',
]);
const TYPES = new Set(['image/svg+xml', 'image/png', 'image/webp', 'image/jpeg']);
const LIMIT_BYTES = 256 * 1024;
const TIMEOUT_MS = 5000;
const FRESH_MS = 7 * DAY_MS;

/**
 * A bank's logo, fetched once by us and kept: people's browsers tell no third party which banks they look at.
 * @throws {NotFoundError} no logo, or none that can be had; the page then draws initials
 */
export async function getBankLogo(ctx: Context, bankId: string): Promise<BankLogo> {
  const [kept, bank] = await Promise.all([
    ctx.db.bankLogo.findUnique({
      where: { bankId },
      select: { sourceUrl: true, contentType: true, body: true, fetchedAt: true },
    }),
    ctx.db.bank.findUnique({ where: { id: bankId }, select: { logoUrl: true } }),
  ]);
  const url = bank?.logoUrl ?? null;
  const isFresh = kept !== null && kept.sourceUrl === url && msBetween(kept.fetchedAt, new Date()) < FRESH_MS;
  if (isFresh) return kept;
  const fetched = url === null ? null : await fetchLogo(ctx, url);
  if (fetched === null) {
    if (kept !== null) return kept;
    throw new NotFoundError('bank_logo');
  }
  const data = {
    sourceUrl: url ?? '',
    contentType: fetched.contentType,
    body: Buffer.from(fetched.body),
    fetchedAt: new Date(),
  };
  await ctx.db.bankLogo.upsert({
    where: { bankId },
    create: { bankId, ...data },
    update: data,
    select: { bankId: true },
  });
  return fetched;
}

async function fetchLogo(ctx: Context, address: string): Promise<BankLogo | null> {
  const url = URL.parse(address);
  if (url === null || !isAllowed(url)) return null;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    const contentType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const isLogo = response.ok && TYPES.has(contentType);
    const body = isLogo ? await readAtMost(response.body, LIMIT_BYTES) : await letGo(response);
    return body === null ? null : { contentType, body };
  } catch (error) {
    ctx.log.info({ event: 'banks.logo_unavailable', host: url.host, error }, 'a logo could not be fetched');
    return null;
  }
}

/** What nobody reads would hold its connection until the time is up. */
async function letGo(response: Response): Promise<null> {
  await response.body?.cancel();
  return null;
}

function isAllowed(url: URL): boolean {
  if (url.protocol === 'https:' && HOSTS.has(url.hostname)) return true;
  return env().trueLayer.environment === 'local' && url.origin === new URL(env().trueLayer.authUrl).origin;
}
