import 'server-only';
import type { Context } from '#lib/context/context';
import { env } from '#lib/env/env';
import { NotFoundError } from '#lib/errors/app-error';
import { addMs, DAY_MS, MINUTE_MS, msBetween } from '#lib/time/span';
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
const FIRST_RETRY_MS = 5 * MINUTE_MS;
const MAX_RETRY_MS = DAY_MS;

/**
 * A bank's logo, fetched once by us and kept: people's browsers tell no third party which banks they look at. One that can't be
 * fetched is tried again after 5 minutes, then after twice as long each time, up to a day.
 * @throws {NotFoundError} no logo, or none that can be had; the page then draws initials
 */
export async function getBankLogo(ctx: Context, bankId: string): Promise<BankLogo> {
  const [kept, bank] = await Promise.all([
    ctx.db.bankLogo.findUnique({
      where: { bankId },
      select: { sourceUrl: true, contentType: true, body: true, fetchedAt: true },
    }),
    ctx.db.bank.findUnique({
      where: { id: bankId },
      select: { logoUrl: true, logoFailure: { select: { sourceUrl: true, tryAfter: true } } },
    }),
  ]);
  const url = bank?.logoUrl ?? null;
  const isFresh = kept !== null && kept.sourceUrl === url && msBetween(kept.fetchedAt, new Date()) < FRESH_MS;
  if (isFresh) return kept;
  const failure = bank?.logoFailure ?? null;
  const isHeld = failure !== null && failure.sourceUrl === url && failure.tryAfter > new Date();
  const fetched = url === null || isHeld ? null : await fetchOnce(ctx, bankId, url);
  if (fetched === null) {
    if (kept !== null) return kept;
    throw new NotFoundError('bank_logo');
  }
  return fetched;
}

const underWay = new Map<string, Promise<BankLogo | null>>();

/** Visitors who come while it is being fetched wait for the same answer. */
function fetchOnce(ctx: Context, bankId: string, url: string): Promise<BankLogo | null> {
  const key = `${bankId} ${url}`;
  const known = underWay.get(key);
  if (known !== undefined) return known;
  const fetching = fetchAndStore(ctx, bankId, url).finally(() => underWay.delete(key));
  underWay.set(key, fetching);
  return fetching;
}

async function fetchAndStore(ctx: Context, bankId: string, url: string): Promise<BankLogo | null> {
  const logo = await fetchLogo(ctx, url);
  if (logo === null) await storeFailure(ctx, bankId, url);
  else await store(ctx, bankId, url, logo);
  return logo;
}

async function store(ctx: Context, bankId: string, sourceUrl: string, logo: BankLogo): Promise<void> {
  const data = { sourceUrl, contentType: logo.contentType, body: Buffer.from(logo.body), fetchedAt: new Date() };
  await ctx.db.bankLogo.upsert({
    where: { bankId },
    create: { bankId, ...data },
    update: data,
    select: { bankId: true },
  });
  await ctx.db.bankLogoFailure.deleteMany({ where: { bankId } });
}

/** Another address begins anew. */
async function storeFailure(ctx: Context, bankId: string, sourceUrl: string): Promise<void> {
  const before = await ctx.db.bankLogoFailure.findUnique({
    where: { bankId },
    select: { sourceUrl: true, failures: true },
  });
  const failures = before?.sourceUrl === sourceUrl ? before.failures + 1 : 1;
  const waitMs = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), MAX_RETRY_MS);
  const data = { sourceUrl, failures, tryAfter: addMs(new Date(), waitMs) };
  await ctx.db.bankLogoFailure.upsert({
    where: { bankId },
    create: { bankId, ...data },
    update: data,
    select: { bankId: true },
  });
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
