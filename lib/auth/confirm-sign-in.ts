import 'server-only';
import { type Context, inTransaction } from '#lib/context/context';
import { hashOf } from '#lib/crypto/secret';
import { AppError } from '#lib/errors/app-error';
import { networkOf } from '#lib/limits/network-of';
import { type Limit, takeFromLimit } from '#lib/limits/take';
import { codeOfLink, formatCode, isCodeOfLink, MAX_CODE_ATTEMPTS, parseCode } from './mailed-code.ts';
import { recordSignIn } from './record-sign-in.ts';
import { type NewSession, startSession } from './sessions.ts';
import { hashOfLink } from './sign-in-link.ts';

/** The browser that confirms: the secret that it got when it asked for a link, and its name in words. */
type Browser = { browserSecret: string | null; device: string | null };

const CODES_PER_CALLER: Limit = { name: 'sign-in codes for a caller', times: 60, inSeconds: 15 * 60 };

export type OpenSignInLink = { email: string } & (
  | { isSameBrowser: true }
  /** To be typed in the browser that asked, `BCDF-GHJK`. */
  | { isSameBrowser: false; code: string }
);

/** What a mailed link can be used for in this browser; null when it was used, has expired or never existed. Changes nothing. */
export async function findSignInLink(
  ctx: Context,
  { token, browserSecret }: { token: string; browserSecret: string | null },
): Promise<OpenSignInLink | null> {
  const tokenHash = hashOfLink(token);
  const link = await ctx.db.signInLink.findUnique({
    where: { tokenHash, expiresAt: { gt: new Date() }, browserHash: { not: null } },
    select: { email: true, browserHash: true },
  });
  if (link === null) return null;
  const isSameBrowser = browserSecret !== null && hashOf(browserSecret).equals(link.browserHash ?? new Uint8Array());
  if (isSameBrowser) return { email: link.email, isSameBrowser };
  return { email: link.email, isSameBrowser, code: formatCode(codeOfLink(tokenHash)) };
}

/**
 * Signs in by the button of a mailed link, in the browser that asked for the link and once. Elsewhere nothing is used up: a
 * mail scanner that presses the button changes nothing.
 * @throws {AppError} forbidden (`other_browser`), or not_found (`link_over`) when it was used, has expired or never existed
 */
export async function confirmSignInLink(
  ctx: Context,
  { token, browserSecret, device }: Browser & { token: string },
): Promise<NewSession> {
  const session =
    browserSecret === null ? null : await consumeLink(ctx, { tokenHash: hashOfLink(token), browserSecret, device });
  if (session !== null) return session;
  const link = await findSignInLink(ctx, { token, browserSecret });
  throw link === null ? new AppError('not_found', 'link_over') : new AppError('forbidden', 'other_browser');
}

/**
 * Signs in by the code that a mailed link shows elsewhere. Five codes may be typed for each link, right or wrong.
 * @throws {AppError} invalid (`code_malformed`, which counts as no attempt; `code_wrong`), not_found (`link_over`: this browser
 * has no open link, or no attempt left), rate_limited
 */
export async function confirmSignInCode(
  ctx: Context,
  { code: typed, browserSecret, device }: Browser & { code: string },
): Promise<NewSession> {
  const code = parseCode(typed);
  if (code === null) throw new AppError('invalid', 'code_malformed');
  await takeFromLimit(CODES_PER_CALLER, networkOf(ctx.callerAddress ?? 'unknown'));
  if (browserSecret === null) throw new AppError('not_found', 'link_over');
  // Counted before the code is compared, and outside any transaction: parallel guesses each use up an attempt.
  const links = await ctx.db.$queryRaw<{ token_hash: string }[]>`
    update sign_in_links set code_attempts = code_attempts + 1
    where browser_hash = ${hashOf(browserSecret)} and expires_at > ${new Date()} and code_attempts < ${MAX_CODE_ATTEMPTS}
    returning token_hash`;
  const link = links.find(({ token_hash }) => isCodeOfLink(code, token_hash));
  if (links.length > 0 && link === undefined) throw new AppError('invalid', 'code_wrong');
  const session = link && (await consumeLink(ctx, { tokenHash: link.token_hash, browserSecret, device }));
  if (!session) throw new AppError('not_found', 'link_over');
  return session;
}

type Use = { tokenHash: string; browserSecret: string; device: string | null };

/** `delete … returning` makes the link single-use under concurrency. Null when this browser has no such open link. */
function consumeLink(ctx: Context, { tokenHash, browserSecret, device }: Use): Promise<NewSession | null> {
  const browserHash = hashOf(browserSecret);
  return inTransaction(ctx, async (tx) => {
    const now = new Date();
    // The user is signed in then: further links for the same address that this browser asked for have no use.
    const used = await tx.db.$queryRaw<{ email: string; token_hash: string }[]>`
      delete from sign_in_links where browser_hash = ${browserHash} and email = (
        select email from sign_in_links
        where token_hash = ${tokenHash} and browser_hash = ${browserHash} and expires_at > ${now})
      returning email, token_hash`;
    const email = used.find(({ token_hash }) => token_hash === tokenHash)?.email;
    if (email === undefined) return null;
    const { id: userId } = await tx.db.user.upsert({
      where: { email },
      create: { email, emailVerifiedAt: now, createdAt: now },
      update: { emailVerifiedAt: now },
      select: { id: true },
    });
    const session = await startSession(tx, { userId, device });
    await recordSignIn(tx, { userId, email, method: 'email', isEmailProven: true });
    return session;
  });
}
