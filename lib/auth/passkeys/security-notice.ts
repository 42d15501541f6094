import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { env } from '#lib/env/env';
import { toFullInstant } from '#lib/format/instant';
import { layOut } from '#lib/mail/layout';
import { sendMail } from '#lib/mail/send-mail';
import { ask } from '#lib/queue/ask';
import type { JobPayload } from '#lib/queue/contract';

type Notice = JobPayload<'user.security-notice'>['notice'];

/** Queues an email about a change of how the user signs in, in the transaction that makes the change. */
export async function enqueueSecurityNotice(
  tx: Context,
  { userId, notice, eventId }: { userId: string; notice: Notice; eventId: string },
): Promise<void> {
  const at = new Date().toISOString();
  await ask(tx, 'user.security-notice', { userId, notice, at }, { key: eventId });
}

/** Sends the email. A user who has left meanwhile gets none. */
export async function sendSecurityNotice(
  ctx: Context,
  { userId, notice, at }: JobPayload<'user.security-notice'>,
): Promise<void> {
  requireSystem(ctx.actor);
  const user = await ctx.db.user.findUnique({ where: { id: userId }, select: { email: true, leavingAt: true } });
  if (user === null || user.leavingAt !== null) return;
  const { company, appUrl } = env();
  const { subject, text, ifNotYou = CHECK_PASSKEYS } = TEXTS[notice];
  const parts = {
    heading: subject,
    paragraphs: [`${text} on ${toFullInstant(new Date(at))}.`, 'If this was you, you do not have to do anything.'],
    action: { label: 'Check your sign-in settings', url: new URL('/account/security', appUrl).href },
    footer: [
      `If this was not you, ${ifNotYou}`,
      `You get this email because it is about your account at ${company.name}.`,
    ],
  };
  await sendMail({ to: user.email, subject, ...layOut(parts) });
}

const CHECK_PASSKEYS = 'sign out everywhere in your account and check your passkeys at once.';

const TEXTS: Record<Notice, { subject: string; text: string; ifNotYou?: string }> = {
  passkey_added: { subject: 'A passkey was added to your account', text: 'A passkey was added to your account' },
  passkey_removed: {
    subject: 'A passkey was removed from your account',
    text: 'A passkey was removed from your account',
  },
  recovery_code_used: {
    subject: 'A recovery code was used to sign in',
    text: 'A recovery code was used to sign in to your account',
  },
  recovery_codes_created: {
    subject: 'Your recovery codes were replaced',
    text: 'New recovery codes were created for your account, and the old ones stopped working,',
  },
  second_factor_reset: {
    subject: 'Your passkeys were removed by support',
    text: 'An operator removed all passkeys and recovery codes from your account, and signed you out everywhere,',
  },
  sign_in_linked: {
    subject: 'Single sign-on was added to your account',
    text: 'Somebody signed in to your account with single sign-on for the first time',
    ifNotYou:
      'sign in by email, sign out everywhere and add a passkey at once: single sign-on alone then opens nothing. Tell the administrators of this service too.',
  },
};
