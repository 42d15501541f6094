import 'server-only';
import { requireSystem } from '#lib/actor/authorise';
import type { Context } from '#lib/context/context';
import { env } from '#lib/env/env';
import { toFullInstant } from '#lib/format/instant';
import { layOut } from '#lib/mail/layout';
import { sendMail } from '#lib/mail/send-mail';

/** Tells the person that somebody of the team may see their transactions, why and until when. */
export async function tellOfGrant(ctx: Context, { grantId }: { grantId: string }): Promise<void> {
  requireSystem(ctx.actor);
  const grant = await ctx.db.supportGrant.findUnique({
    where: { id: grantId },
    select: {
      reason: true,
      expiresAt: true,
      user: { select: { email: true } },
      connection: { select: { id: true, bankName: true } },
    },
  });
  if (grant === null) return;
  const { company, appUrl } = env();
  const { bankName, id } = grant.connection;
  const subject = `Our support team may see your ${bankName} transactions for a while`;
  const parts = {
    heading: subject,
    paragraphs: [
      `Somebody of ${company.name}’s support team asked to see the transactions of your ${bankName} connection, and may until ${toFullInstant(grant.expiresAt)}.`,
      `The reason they gave: “${grant.reason}”`,
      'You can end it at once on the page of this connection. Each time that they look is written down there, too.',
    ],
    action: { label: 'See it, or end it', url: new URL(`/connections/${id}`, appUrl).href },
    footer: [`You get this mail because it is about your own data at ${company.name}.`],
  };
  await sendMail({ to: grant.user.email, subject, ...layOut(parts) });
}
