import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { randomSecret } from '#lib/crypto/secret';
import { env } from '#lib/env/env';
import { AppError } from '#lib/errors/app-error';
import { type Limit, takeForCaller, takeFromLimit } from '#lib/limits/take';
import { layOut } from '#lib/mail/layout';
import { sendMail } from '#lib/mail/send-mail';
import { addMs, MINUTE_MS } from '#lib/time/span';
import { isEmailTaken } from './change-email.ts';
import { EmailAddress, hashOfLink, LINK_LIFE_MINUTES } from './sign-in-link.ts';

const PER_USER: Limit = { name: 'change of email address', times: 5, inSeconds: 3600 };
const PER_EMAIL: Limit = { name: 'change of email address, by new address', times: 5, inSeconds: 3600 };

type NewEmail = { email: string; sessionId: string };

/**
 * Asks for another address, and mails it a link. Only the session that asks can confirm it; an earlier request of the user's
 * is replaced. An address that another user has is treated alike, except for what its holder is mailed. The caller has
 * required a fresh sign-in.
 * @throws {AppError} invalid (`email_invalid`, `email_unchanged`), rate_limited, or unavailable (`mail_not_sent`)
 */
export async function requestEmailChange(ctx: Context, { email: typed, sessionId }: NewEmail): Promise<void> {
  const { userId } = requirePerson(ctx.actor);
  const parsed = EmailAddress.safeParse(typed);
  if (!parsed.success) throw new AppError('invalid', 'email_invalid');
  const newEmail = parsed.data;
  const { email: oldEmail } = await ctx.db.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
  if (newEmail === oldEmail) throw new AppError('invalid', 'email_unchanged');
  await takeForCaller(ctx, PER_USER);
  await takeFromLimit(PER_EMAIL, newEmail);

  const token = randomSecret();
  const isTaken = await isEmailTaken(ctx, { email: newEmail, userId });
  await inTransaction(ctx, async (tx) => {
    // Two requests at once: the lock on the user makes the later one replace the earlier one.
    await tx.db.$queryRaw`select id from users where id = ${userId}::uuid for update`;
    await tx.db.emailChange.deleteMany({ where: { userId, changedAt: null } });
    const createdAt = new Date();
    const expiresAt = addMs(createdAt, LINK_LIFE_MINUTES * MINUTE_MS);
    await tx.db.emailChange.create({
      data: { userId, sessionId, oldEmail, newEmail, tokenHash: hashOfLink(token), createdAt, expiresAt },
      select: { id: true },
    });
    const person = { subject: { kind: 'person', id: userId }, personId: userId };
    await recordAudit(tx, { action: 'user.email_change_requested', ...person });
  });
  try {
    await sendMail({ to: newEmail, ...(isTaken ? renderTakenMail() : renderMail(confirmUrl(token))) });
  } catch (cause) {
    throw new AppError('unavailable', 'mail_not_sent', { cause });
  }
}

function confirmUrl(token: string): string {
  const url = new URL('/email-change/confirm', env().appUrl);
  url.searchParams.set('token', token);
  return url.href;
}

function renderMail(url: string) {
  const subject = `Confirm your new email address for ${env().company.name}`;
  return {
    subject,
    ...layOut({
      heading: subject,
      paragraphs: [
        `Open the link in the browser where you asked for the change. It works once, and for ${LINK_LIFE_MINUTES} minutes.`,
        'In another browser or on another device, it shows a code. Type that code on the page where you asked for the change.',
      ],
      action: { label: 'Confirm this address', url },
      footer: ["You didn't ask for this? Ignore this email: nothing changes. Tell nobody the code."],
    }),
  };
}

/** The holder of a taken address learns what happened; whoever asked for it does not. */
function renderTakenMail() {
  const { company, appUrl } = env();
  const subject = `You already use this email address at ${company.name}`;
  return {
    subject,
    ...layOut({
      heading: subject,
      paragraphs: [
        'Somebody asked to use this address for another account. An address belongs to one account, so nothing changes.',
        'If it was you, sign in with this address, or choose another one for the other account.',
      ],
      action: { label: 'Sign in', url: new URL('/sign-in', appUrl).href },
      footer: ["It wasn't you? There is nothing to do."],
    }),
  };
}
