import 'server-only';
import { z } from 'zod';
import type { Context } from '#lib/context/context';
import { randomSecret } from '#lib/crypto/secret';
import { env } from '#lib/env/env';
import { AppError } from '#lib/errors/app-error';
import { networkOf } from '#lib/limits/network-of';
import { type Limit, takeFromLimit } from '#lib/limits/take';
import { layOut } from '#lib/mail/layout';
import { sendMail } from '#lib/mail/send-mail';
import { adapter } from './adapter.ts';
import { linkHashOf } from './next-auth-internals.ts';
import { safeReturnPath } from './return-path.ts';

export const LINK_LIFE_MINUTES = 15;

const PER_EMAIL: Limit = { name: 'sign-in link for an address', times: 5, inSeconds: 15 * 60 };
const PER_CALLER: Limit = { name: 'sign-in link for a caller', times: 30, inSeconds: 15 * 60 };

export const RequestSignInLinkInput = z.object({
  email: z
    .string()
    .trim()
    .toLowerCase()
    .max(254)
    .pipe(z.email({ error: 'Enter an e-mail address like name@example.com' })),
  returnTo: z.string().nullish().transform(safeReturnPath),
});

/**
 * Mails a link that signs in. The same is done for every address, known or not, so that nobody can tell from outside.
 * The link leads to a page with a button: a mail scanner that follows it uses nothing up.
 * @throws {AppError} invalid, rate_limited, or unavailable when the mail can't be sent.
 */
export async function requestSignInLink(
  ctx: Context,
  input: z.input<typeof RequestSignInLinkInput>,
  callerAddress: string,
): Promise<void> {
  const parsed = RequestSignInLinkInput.safeParse(input);
  if (!parsed.success) throw new AppError('invalid', 'email_invalid');
  const { email, returnTo } = parsed.data;
  await takeFromLimit(PER_CALLER, networkOf(callerAddress));
  await takeFromLimit(PER_EMAIL, email);

  const token = randomSecret();
  // Links live on the machine's clock, like sessions: moving the demonstration's clock must sign nobody out.
  const expires = new Date(Date.now() + LINK_LIFE_MINUTES * 60_000);
  await adapter.createVerificationToken({ identifier: email, token: linkHashOf(token), expires });
  try {
    await sendMail({
      to: email,
      subject: `Sign in to ${env().company.name}`,
      ...words(confirmUrl(email, token, returnTo)),
    });
  } catch (cause) {
    throw new AppError('unavailable', 'mail_not_sent', { cause });
  }
  ctx.log.info({ event: 'sign_in.link_sent' }, 'sign-in link sent');
}

function confirmUrl(email: string, token: string, returnTo: string): string {
  const url = new URL('/sign-in/confirm', env().appUrl);
  url.search = new URLSearchParams({ email, token, returnTo }).toString();
  return url.href;
}

function words(url: string) {
  return layOut({
    heading: `Sign in to ${env().company.name}`,
    paragraphs: [`Use the button to sign in. The link works once, and for ${LINK_LIFE_MINUTES} minutes.`],
    action: { label: 'Sign in', url },
    footer: ["You didn't ask for this? Then nothing happens: nobody can sign in without this mail."],
  });
}
