import 'server-only';
import { requirePerson } from '#lib/actor/authorise';
import { recordAudit } from '#lib/audit/record';
import { type Context, inTransaction } from '#lib/context/context';
import { NotFoundError } from '#lib/errors/app-error';
import { addMs, DAY_MS } from '#lib/time/span';
import { isUuid } from './internal.ts';

/** No UK consent lasts longer without being confirmed again. */
const TOLD_FOR_MS = 90 * DAY_MS;

/** A consent that the bank may list and for which we hold no tokens: only the user can remove it, at the bank. */
export type UnknownConsent = {
  attemptId: string;
  reference: string;
  bank: { id: string; name: string } | null;
  at: Date;
};

/** What the user has to be told of: not what they have dealt with, nor where the bank was linked again since. */
export async function listUnknownConsents(ctx: Context): Promise<UnknownConsent[]> {
  const { userId } = requirePerson(ctx.actor);
  const rows = await ctx.db.$queryRaw<
    { id: string; reference: string; bankId: string | null; bankName: string; at: Date }[]
  >`
    select a.id, a.reference, a.bank_id as "bankId", coalesce(r.bank_name, b.display_name) as "bankName", a.unknown_consent_at as at
    from attempts a left join banks b on b.id = a.bank_id left join consent_receipts r on r.attempt_id = a.id
    where a.user_id = ${userId}::uuid and a.unknown_consent_at > ${addMs(ctx.clock.now(), -TOLD_FOR_MS)}
      and a.unknown_consent_dismissed_at is null
      and not exists (select from attempts l where l.user_id = a.user_id and l.status = 'linked' and l.id > a.id
        and (l.bank_id = a.bank_id or a.bank_id is null))
    order by a.unknown_consent_at desc limit 10`;
  return rows.map(({ id, reference, bankId, bankName, at }) => ({
    attemptId: id,
    reference,
    bank: bankId === null ? null : { id: bankId, name: bankName ?? bankId },
    at,
  }));
}

/**
 * The user has removed it at the bank, or wants to hear no more of it.
 * @throws {NotFoundError} no such consent, or not this user's
 */
export async function dismissUnknownConsent(ctx: Context, { attemptId }: { attemptId: string }): Promise<void> {
  const { userId } = requirePerson(ctx.actor);
  if (!isUuid(attemptId)) throw new NotFoundError('unknown_consent');
  await inTransaction(ctx, async (tx) => {
    const { count } = await tx.db.attempt.updateMany({
      where: { id: attemptId, userId, unknownConsentAt: { not: null }, unknownConsentDismissedAt: null },
      data: { unknownConsentDismissedAt: tx.clock.now() },
    });
    if (count === 0) throw new NotFoundError('unknown_consent');
    await recordAudit(tx, {
      action: 'consent.unknown_dismissed',
      subject: { kind: 'attempt', id: attemptId },
      personId: userId,
    });
  });
}
