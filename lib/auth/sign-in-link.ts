import 'server-only';
import { z } from 'zod';
import type { Context } from '#lib/context/context';
import { hashOf, randomSecret } from '#lib/crypto/secret';
import { env } from '#lib/env/env';
import { AppError } from '#lib/errors/app-error';
import { networkOf } from '#lib/limits/network-of';
import { type Limit, takeFromLimit } from '#lib/limits/take';
import { layOut } from '#lib/mail/layout';
import { sendMail } from '#lib/mail/send-mail';
import { safeReturnPath } from './return-path.ts';

export const LINK_LIFE_MINUTES = 15;

const PER_EMAIL: Limit = { name: 'sign-in link for an address', times: 5, inSeconds: 15 * 60 };
const PER_CALLER: Limit = { name: 'sign-in link for a caller', times: 30, inSeconds: 15 * 60 };

/** Trimmed and in lower case. */
export const EmailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email({ error: 'Enter an e-mail address like name@example.com' }));

export const RequestSignInLinkInput = z.object({
  email: EmailAddress,
  returnTo: z.string().nullish().transform(safeReturnPath),
  /** Of the browser that asks, if it has asked for a link before. */
  browserSecret: z.string().nullable(),
});

/**
 * Mails a link that signs in, confirmed by a button in the browser that asked, or by the code that the link shows elsewhere.
 * The same is done for every address, known or not, so that nobody can tell from outside.
 * @returns the secret of the browser that asks, for its cookie: only there can the link be confirmed
 * @throws {AppError} invalid, rate_limited, or unavailable when the mail can't be sent.
 */
export async function requestSignInLink(
  ctx: Context,
  input: z.input<typeof RequestSignInLinkInput>,
  callerAddress: string,
): Promise<string> {
  const parsed = RequestSignInLinkInput.safeParse(input);
  if (!parsed.success) throw new AppError('invalid', 'email_invalid');
  const { email, returnTo } = parsed.data;
  const browserSecret = parsed.data.browserSecret ?? randomSecret();
  await takeFromLimit(PER_CALLER, networkOf(callerAddress));
  await takeFromLimit(PER_EMAIL, email);

  const token = randomSecret();
  await ctx.db.signInLink.create({
    data: {
      email,
      tokenHash: hashOfLink(token),
      browserHash: hashOf(browserSecret),
      // Links live on the machine's clock, like sessions: moving the simulator's clock must sign nobody out.
      expiresAt: new Date(Date.now() + LINK_LIFE_MINUTES * 60_000),
    },
    select: { email: true },
  });
  try {
    await sendMail({
      to: email,
      subject: `Sign in to ${env().company.name}`,
      ...renderMail(confirmUrl(token, returnTo)),
    });
  } catch (cause) {
    throw new AppError('unavailable', 'mail_not_sent', { cause });
  }
  ctx.log.info({ event: 'sign_in.link_sent' }, 'sign-in link sent');
  return browserSecret;
}

/** What is stored of the token in a mailed link. */
export function hashOfLink(token: string): string {
  return hashOf(token).toString('hex');
}

function confirmUrl(token: string, returnTo: string): string {
  const url = new URL('/sign-in/confirm', env().appUrl);
  url.search = new URLSearchParams({ token, returnTo }).toString();
  return url.href;
}

function renderMail(url: string) {
  return layOut({
    heading: `Sign in to ${env().company.name}`,
    paragraphs: [
      `Open the link in the browser where you asked for it. It works once, and for ${LINK_LIFE_MINUTES} minutes.`,
      'In another browser or on another device, it shows a code. Type that code on the page where you asked for the link.',
    ],
    action: { label: 'Sign in', url },
    footer: ["You didn't ask for this? Ignore this email: without it nobody can sign in. Tell nobody the code."],
  });
}
